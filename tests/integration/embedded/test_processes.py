"""Processes under supervision: paused, ended, reported when they fail, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.embedded.processes import Guard, Process, StartupError

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
SUPERVISOR = """
import sys, time, pathlib
from deploy.embedded.processes import Guard, Process
guard = Guard()
command = [sys.executable, "-c", "import time; time.sleep(60)"]
child = Process("child", command, guard=guard, log=pathlib.Path(sys.argv[1]), environment={})
child.start()
print(child.pid, flush=True)
time.sleep(60)
"""


def process(guard: Guard, folder: Path, command: list[str]) -> Process:
    return Process("probe", command, guard=guard, log=folder / "probe.log", environment={})


def state_of(pid: int) -> str:
    """Return the kernel's letter for a process ("T" stopped, "Z" ended but not collected), "" when it is gone."""
    shown = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()[:1]


def has_ended(pid: int) -> bool:
    return state_of(pid) in ("", "Z")


def wait_for(condition: object, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SUPERVISOR, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout
        child = int(supervisor.stdout.readline())
        assert not has_ended(child)
        supervisor.kill()
    wait_for(lambda: has_ended(child))


def test_even_a_paused_process_goes_with_its_guard(tmp_path: Path) -> None:
    guard = Guard()
    probe = process(guard, tmp_path, SLEEP)
    probe.start()
    probe.pause()
    guard.close()
    wait_for(lambda: probe.exit_code == -signal.SIGKILL)


def test_a_paused_process_stands_still_and_goes_on(guard: Guard, tmp_path: Path) -> None:
    probe = process(guard, tmp_path, SLEEP)
    probe.start()
    probe.pause()
    wait_for(lambda: state_of(probe.pid) == "T")
    probe.resume()
    wait_for(lambda: state_of(probe.pid) != "T")
    probe.stop()
    assert probe.exit_code == -signal.SIGTERM


def test_who_does_not_end_when_asked_is_killed_in_time(guard: Guard, tmp_path: Path) -> None:
    probe = process(guard, tmp_path, STUBBORN)
    probe.start()
    probe.wait_until(lambda: "up" in probe.tail(), seconds=10)
    probe.stop(seconds=0.3)
    assert probe.exit_code == -signal.SIGKILL


def test_a_process_that_dies_at_once_is_reported_with_its_last_words(guard: Guard, tmp_path: Path) -> None:
    probe = process(guard, tmp_path, [sys.executable, "-c", "raise SystemExit('the keyring is missing')"])
    probe.start()
    with pytest.raises(StartupError, match=r"probe ended with code 1(.|\n)*the keyring is missing"):
        probe.wait_until(lambda: False, seconds=10)


def test_a_process_gets_the_environment_it_was_given_and_no_other(guard: Guard, tmp_path: Path) -> None:
    os.environ["ALONGSIDE_PROBE"] = "leaked"
    try:
        probe = process(guard, tmp_path, [sys.executable, "-c", "import os; print(sorted(os.environ))"])
        probe.start()
        probe.wait_for_end(seconds=10)
    finally:
        del os.environ["ALONGSIDE_PROBE"]
    assert "ALONGSIDE_PROBE" not in probe.tail()
