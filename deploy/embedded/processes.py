"""Operating-system processes under supervision: started, watched, stopped, killed, and never left behind."""

import importlib.util
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

GUARD = Path(__file__).with_name("guard.py")
LOOPBACK = "127.0.0.1"
TAIL_LINES = 30
POLL_SECONDS = 0.02


class StartupError(Exception):
    """A part of the stack did not come up; the message names it and ends with the tail of its log."""


def wheel_folder(package: str) -> Path:
    """Return where the wheel of `package` was installed. Raises StartupError when it was not."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise StartupError(f"{package} is not installed: run `make dev`, which installs it.")
    return Path(spec.origin).parent


def free_port() -> int:
    """Return a TCP port on the loopback address that nobody held a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def accepts_connections(port: int) -> bool:
    """Tell whether something listens on the loopback `port`."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def run_as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return the arguments by which `subprocess` runs a program as `account`, as ourselves if it is None."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


class Guard:
    """The process group of one stack, killed as a whole when the supervisor dies (see guard.py)."""

    def __init__(self, temporary_folder: Path | None = None) -> None:
        """Start the guard; from now on `group` can be joined. At the end it removes `temporary_folder`."""
        folders = [str(temporary_folder)] if temporary_folder else []
        command = [sys.executable, "-I", str(GUARD), *folders]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, process_group=0)
        self.group = self._process.pid

    def close(self) -> None:
        """Kill whatever of the group is left, and the guard. Safe to call twice."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Process:
    """One named process of the stack. It may be killed, paused and started again under the same name."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        guard: Guard,
        log: Path,
        environment: Mapping[str, str],
        account: pwd.struct_passwd | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Describe the process; nothing runs before `start()`.

        Its output is appended to the file `log`. `environment` is all it gets. `account` is whom root runs it as,
        `stop_signal` is what asks it to end in an orderly way.
        """
        self.name = name
        self.command = list(command)
        self.log = log
        self.environment = dict(environment)
        self._guard = guard
        self._account = account
        self._stop_signal = stop_signal
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The id of the running process. Raises LookupError when it does not run."""
        if self._running is None or self._running.poll() is not None:
            raise LookupError(f"{self.name} is not running")
        return self._running.pid

    @property
    def exit_code(self) -> int | None:
        """How the last run ended (negative: the signal), None while it runs or before it ever did."""
        return None if self._running is None else self._running.poll()

    def is_alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        """Start it. Raises RuntimeError when it runs already."""
        if self.is_alive():
            raise RuntimeError(f"{self.name} is already running")
        with self.log.open("ab") as output:
            self._running = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment,
                process_group=self._guard.group,
                **run_as(self._account),
            )

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Return once `ready()` is true. Raises StartupError when the process ends before, or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.is_alive():
                raise StartupError(f"{self.name} ended with code {self.exit_code} before it was ready.\n{self.tail()}")
            if time.monotonic() > deadline:
                raise StartupError(f"{self.name} was not ready after {seconds:.0f} s.\n{self.tail()}")
            time.sleep(POLL_SECONDS)

    def tail(self) -> str:
        """Return where the log is and its last lines."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join([f"{self.log}:", *(f"  {line}" for line in lines[-TAIL_LINES:])])

    def send(self, number: signal.Signals) -> None:
        if self.is_alive():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it where it stands (SIGKILL) and wait until it is gone. It may be started again."""
        self.send(signal.SIGKILL)
        if self._running:
            self._running.wait()

    def pause(self) -> None:
        """Stop it in mid-step (SIGSTOP): the zombie of the fault tests."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        self.send(signal.SIGCONT)

    def ask_to_stop(self) -> None:
        """Ask it to end in an orderly way, without waiting; a paused process is woken for it."""
        self.send(self._stop_signal)
        self.resume()

    def stop(self, *, seconds: float = 10) -> None:
        """Ask it to end and wait; after `seconds` it is killed."""
        self.ask_to_stop()
        self.wait_for_end(seconds=seconds)

    def wait_for_end(self, *, seconds: float) -> None:
        """Wait until it has ended; after `seconds` it is killed."""
        if self._running is None:
            return
        try:
            self._running.wait(timeout=max(0.0, seconds))
        except subprocess.TimeoutExpired:
            self.kill()
