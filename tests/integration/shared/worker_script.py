"""A worker process for tests: its loops do what the first argument says. Its health port goes to standard output."""

import sys
import threading
import time
from collections.abc import Callable

from kafka.errors import KafkaConnectionError
from sqlalchemy.exc import OperationalError

from shared.observability.logging import configure
from shared.runtime import Loop, Worker, run_worker

PLANTED = "planted-words-of-a-person"


def steps(behaviour: str) -> Callable[[], float]:
    """Return a step that works, dies, backs off twice before it works, drains slowly or never comes back."""
    times = iter(range(1_000_000))

    def step() -> float:
        number = next(times)
        print(f"step {number}", flush=True)
        if behaviour == "dies":
            raise ValueError(PLANTED)
        if behaviour == "backs off" and number < 4:
            import psycopg

            raise (
                KafkaConnectionError(PLANTED)
                if number % 2
                else OperationalError(PLANTED, {}, psycopg.OperationalError(PLANTED))
            )
        if behaviour == "hangs":
            threading.Event().wait()
        if behaviour == "drains":
            time.sleep(1.0)
            print(f"end {number}", flush=True)
        return 0.1

    return step


def ready() -> str | None:
    """Be ready unless the behaviour is a broken check."""
    if sys.argv[1] == "broken check":
        raise ValueError(PLANTED)
    return "fuse" if sys.argv[1] == "fuse" else None


if __name__ == "__main__":
    configure("test", "INFO")
    port = int(sys.argv[2])
    loop = Loop("work", steps(sys.argv[1]), lambda: print("closed", flush=True))
    sys.exit(run_worker(Worker([loop], {}, ready), health_host="127.0.0.1", health_port=port))
