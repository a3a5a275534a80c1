"""Makes a virtual environment from locked requirements, or leaves it as it is if it has them. Make targets call it.

    python deploy/setup_venv.py embedded|dev [FOLDER]      FOLDER is .venv unless told

`dev` holds all that `embedded` does. Uses nothing but the standard library and pip, because pip takes index, proxy and
certificates from the settings that this machine has for it; installers that are quicker do not read them.
"""

import fcntl
import hashlib
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("embedded", "dev")
SHOWN_LINES = 20


def main(layer: str, folder: str = ".venv") -> None:
    """Install `layer` into `folder` unless that is done; two runs at once install once."""
    venv = ROOT / folder
    with lock_of(layer).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not any(is_installed(venv, wider) for wider in LAYERS[LAYERS.index(layer) :]):
            install(venv, layer)


def lock_of(layer: str) -> Path:
    """The file that names each package of `layer` with its hashes."""
    return ROOT / "requirements" / f"{layer}.txt"


def is_installed(venv: Path, layer: str) -> bool:
    """Whether `layer` was installed there, as it is locked now."""
    stamp = stamp_of(venv, layer)
    return stamp.exists() and stamp.read_text() == state_of(layer)


def stamp_of(venv: Path, layer: str) -> Path:
    """The file that says that `layer` has been installed."""
    return venv / f"alongside-{layer}"


def state_of(layer: str) -> str:
    """Return a digest of all that decides what is installed."""
    digest = hashlib.sha256(sys.version.encode())
    digest.update(lock_of(layer).read_bytes())
    digest.update((ROOT / "pyproject.toml").read_bytes())
    return digest.hexdigest()


def is_of_this_python(venv: Path) -> bool:
    """Whether there is an environment that this very version of Python made."""
    made = venv / "pyvenv.cfg"
    return made.exists() and f"version = {sys.version.split()[0]}" in made.read_text().splitlines()


def install(venv: Path, layer: str) -> None:
    """Make the environment, install exactly what is locked, then the project itself without downloading anything."""
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar=off"]
    packages = sum("==" in line for line in lock_of(layer).read_text().splitlines() if line[:1].isalnum())
    say(f"Setting up {venv.name} for Python {sys.version.split()[0]}: once, until what is locked changes")
    # An environment of another Python would keep that one, and be taken for one of this.
    clear = [] if is_of_this_python(venv) else ["--clear"]
    step(
        "an empty environment" if clear else "the environment", [sys.executable, "-m", "venv", *clear, str(venv)], venv
    )
    step(f"at most {packages} locked packages", [*pip, "--require-hashes", "-r", str(lock_of(layer))], venv)
    step("Alongside itself", [*pip, "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)], venv)
    stamp_of(venv, layer).write_text(state_of(layer))


def step(what: str, command: list[str], venv: Path) -> None:
    """Run one command with its output in a log, and say in one line how long it took. Ends the program if it fails."""
    log = venv / "setup.log"
    began = time.monotonic()
    print(f"  {what} ...", end="", file=sys.stderr, flush=True)
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    venv.mkdir(exist_ok=True)
    log.write_text(done.stdout)
    if done.returncode != 0:
        end = "\n".join(done.stdout.splitlines()[-SHOWN_LINES:])
        sys.exit(f" failed.\n{end}\nAll that it said: {log}")
    say(f" {time.monotonic() - began:.0f} s")


def say(line: str) -> None:
    """Tell the person at the terminal; standard output belongs to the programs that follow."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
