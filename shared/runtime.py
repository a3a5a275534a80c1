"""A worker process: loops as threads, each with a heartbeat; SIGTERM drains them within ten seconds.

A loop backs off when the broker or the database is away. A loop that dies of anything else ends the process, so that
a whole one is started in its stead.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kafka.errors import KafkaError
from sqlalchemy.exc import SQLAlchemyError

from shared.database import is_transient, listen
from shared.observability.health import Check, HealthServer
from shared.observability.logging import error_fields, logger
from shared.observability.metrics import HEARTBEAT, LOOP_FAILURES
from shared.vocabulary import vocabulary

BACK_OFF_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)
STALE_SECONDS = 60.0
"""A loop that has not come round for so long is taken for dead by /healthz."""

DRAIN_SECONDS = 8.0
SIGNAL_SECONDS = 0.2
"""A signal is noticed this soon."""


@dataclass
class Loop:
    """One thing done over and over: `step` returns how many seconds to wait, unless somebody wakes it."""

    name: str
    step: Callable[[], float]
    close: Callable[[], None] = lambda: None
    wake: threading.Event = field(default_factory=threading.Event)
    beat: float = field(default_factory=time.monotonic)


class Worker:
    """The loops of one process."""

    def __init__(
        self,
        loops: Sequence[Loop],
        listeners: Mapping[str, Mapping[str, Sequence[Loop]]],
        able: Check = lambda: None,
    ) -> None:
        """`listeners`: database URL -> channel -> the loops that a NOTIFY on it wakes.

        `able` says what else stands in the way of work: "fuse", "database" or "migrations".
        """
        self.loops = list(loops)
        self._able = able
        self._listeners = listeners
        self.stopping = threading.Event()
        self._failed = False

    def start(self) -> list[threading.Thread]:
        # Threads hand over often: without it a handler that waits for the database waits for the interpreter too.
        sys.setswitchinterval(0.0005)
        # All are daemons: one that does not drain in time is left behind when the process ends.
        threads = [threading.Thread(target=self._run, args=(loop,), name=loop.name, daemon=True) for loop in self.loops]
        threads += [
            threading.Thread(target=self._listen, args=(url, channels), name="listener", daemon=True)
            for url, channels in self._listeners.items()
        ]
        for thread in threads:
            thread.start()
        return threads

    def stop(self) -> None:
        """Let every loop finish the step it is in."""
        self.stopping.set()
        for loop in self.loops:
            loop.wake.set()

    def alive(self) -> str | None:
        """Return None while every loop comes round, else the name of one that does not."""
        now = time.monotonic()
        return next((loop.name for loop in self.loops if now - loop.beat > STALE_SECONDS), None)

    def ready(self) -> str | None:
        return self.alive() or self._able()

    def run(self, told: Sequence[int]) -> int:
        """Run until `told` holds a signal (see `signals()`), or until a loop dies; return the exit code."""
        threads = self.start()
        while not told and not self.stopping.wait(SIGNAL_SECONDS):
            pass
        self.stop()
        deadline = time.monotonic() + DRAIN_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return 1 if self._failed else 0

    def _run(self, loop: Loop) -> None:
        failures = 0
        while not self.stopping.is_set():
            loop.beat = time.monotonic()
            HEARTBEAT.labels(loop=loop.name).set(time.time())
            try:
                pause = loop.step()
                failures = 0
            except Exception as error:
                LOOP_FAILURES.labels(loop=loop.name, error=type(error).__name__).inc()
                if not isinstance(error, KafkaError) and not is_transient(error):
                    logger().critical("loop_died", loop=loop.name, **error_fields(error))
                    self._failed = True
                    self.stop()
                    break
                logger().warning("loop_backs_off", loop=loop.name, **error_fields(error))
                pause = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
                failures += 1
            if pause > 0:
                # It is expected back after its pause, not before.
                loop.beat = time.monotonic() + pause
                loop.wake.wait(pause)
                loop.wake.clear()
        _close(loop)

    def _listen(self, url: str, channels: Mapping[str, Sequence[Loop]]) -> None:
        def wake(channel: str, _payload: str) -> None:
            for loop in channels[channel]:
                loop.wake.set()

        listen(url, list(channels), stop=self.stopping, wake=wake)


def _close(loop: Loop) -> None:
    try:
        loop.close()
    except (KafkaError, SQLAlchemyError) as error:
        # What a graceful end would have handed over is taken over after its lease or session instead.
        logger().warning("loop_close_failed", loop=loop.name, **error_fields(error))


def signals() -> Sequence[int]:
    """Take SIGTERM and SIGINT from now on; return the list that they will be in."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        # The handler interrupts the main thread, so it must not touch a lock that the thread may hold.
        signal.signal(number, lambda number, _frame: told.append(number))
    return told


def run_worker(worker: Worker, *, health_host: str, health_port: int) -> int:
    """Run `worker` with its internal port until it is told to stop; return the exit code."""
    # Once the port answers we may be told to stop, so the signals are taken before it opens.
    told = signals()
    health = HealthServer(health_host, health_port, alive=worker.alive, ready=worker.ready)
    health.start()
    logger().info("started", health_port=health.port, vocabulary=vocabulary().fingerprint)
    try:
        return worker.run(told)
    finally:
        health.stop()
        logger().info("stopped")
