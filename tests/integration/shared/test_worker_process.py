"""A worker as a real process: it backs off, it dies whole, it drains when told, and its internal port answers."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from deploy.client import wait_until
from deploy.embedded.processes import free_port
from tests.integration.shared.worker_script import PLANTED


class Process:
    """One worker process of worker_script.py."""

    def __init__(self, behaviour: str) -> None:
        """Start it."""
        self.port = free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.shared.worker_script", behaviour, str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def get(self, path: str) -> tuple[int, str]:
        """Return status and body of a page of the internal port."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def wait_until_it_answers(self) -> None:
        """Wait for its internal port."""
        wait_until(self._answers, seconds=20, what="the worker's internal port")

    def _answers(self) -> bool:
        try:
            self.get("/healthz")
        except OSError:
            return False
        return True

    def wait_for_line(self, line: str) -> None:
        """Wait until it prints `line`."""
        assert self._process.stdout is not None
        while self._process.stdout.readline().strip() != line:
            assert self._process.poll() is None

    def end(self, number: int | None = None) -> tuple[int, str, str, float]:
        """Send it the signal `number`, if any; return its exit code, output, log and how many seconds it took."""
        started = time.monotonic()
        if number is not None:
            self._process.send_signal(number)
        out, err = self._process.communicate(timeout=20)
        return self._process.returncode, out, err, time.monotonic() - started

    def close(self) -> None:
        """End it for good."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture
def start() -> Iterator[Callable[[str], Process]]:
    """Start a worker that behaves as told."""
    started: list[Process] = []

    def start_one(behaviour: str) -> Process:
        started.append(Process(behaviour))
        return started[-1]

    yield start_one
    for process in started:
        process.close()


def test_a_loop_that_dies_of_an_unknown_error_ends_the_process_with_1_and_no_message(
    start: Callable[[str], Process],
) -> None:
    code, out, err, _ = start("dies").end()
    assert code == 1
    assert "closed" in out
    assert '"event": "loop_died"' in err
    assert PLANTED not in out + err


def test_a_loop_backs_off_while_broker_or_database_are_away(start: Callable[[str], Process]) -> None:
    process = start("backs off")
    process.wait_for_line("step 6")
    code, _, err, _ = process.end(signal.SIGTERM)
    assert code == 0
    assert err.count('"event": "loop_backs_off"') == 4
    assert PLANTED not in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_f26_a_signal_lets_the_step_end_and_closes_the_loop(
    start: Callable[[str], Process], number: signal.Signals
) -> None:
    process = start("drains")
    process.wait_for_line("step 1")
    code, out, _, seconds = process.end(number)
    assert code == 0
    assert "end 1" in out
    assert "closed" in out
    assert "step 2" not in out
    assert seconds < 5


def test_f26_a_loop_that_never_comes_back_does_not_hold_up_the_end(start: Callable[[str], Process]) -> None:
    process = start("hangs")
    process.wait_for_line("step 0")
    _, out, _, seconds = process.end(signal.SIGTERM)
    assert "closed" not in out
    assert seconds < 10


def test_the_internal_port_answers(start: Callable[[str], Process]) -> None:
    process = start("works")
    process.wait_until_it_answers()
    assert process.get("/healthz") == (200, "ok")
    assert process.get("/readyz") == (200, "ok")
    assert process.get("/elsewhere")[0] == 404
    status, metrics = process.get("/metrics")
    assert status == 200
    assert 'alongside_loop_heartbeat_seconds{loop="work"}' in metrics


def test_what_is_not_ready_says_in_one_word_why(start: Callable[[str], Process]) -> None:
    process = start("fuse")
    process.wait_until_it_answers()
    assert process.get("/healthz") == (200, "ok")
    assert process.get("/readyz") == (503, "fuse")


def test_a_check_that_fails_is_an_answer_without_a_message(start: Callable[[str], Process]) -> None:
    process = start("broken check")
    process.wait_until_it_answers()
    assert process.get("/readyz") == (503, "ValueError")
    assert PLANTED not in process.end(signal.SIGTERM)[2]
