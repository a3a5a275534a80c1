"""Makes .venv from the locked requirements; done in no time when it is done already. Called by each make target.

Uses nothing but the standard library, and no syntax newer than Python 3.6 before the version is checked.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "alongside-lock"
LOCK = ROOT / "requirements" / "dev.txt"
OLDEST = (3, 11)


def state_of_the_lock() -> str:
    """Return a digest of all that decides what is installed."""
    digest = hashlib.sha256(sys.version.encode())
    digest.update(LOCK.read_bytes())
    digest.update((ROOT / "pyproject.toml").read_bytes())
    return digest.hexdigest()


def install() -> None:
    """Make the environment, install exactly what is locked, then the project itself without downloading anything."""
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off"]
    print("Setting up .venv (once, until the lock changes) ...", file=sys.stderr, flush=True)
    subprocess.check_call([sys.executable, "-m", "venv", str(VENV)])
    subprocess.check_call([*pip, "--require-hashes", "-r", str(LOCK)])
    subprocess.check_call([*pip, "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)])
    STAMP.write_text(state_of_the_lock())


def main() -> None:
    """Install unless that is done; two runs at once install once."""
    if sys.version_info < OLDEST:
        version = sys.version.split()[0]
        sys.exit(
            f"Alongside needs Python 3.11 or newer, and {sys.executable} is {version}. Try: make PYTHON=python3.12"
        )
    with LOCK.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not STAMP.exists() or STAMP.read_text() != state_of_the_lock():
            install()


if __name__ == "__main__":
    main()
