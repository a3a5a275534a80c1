"""The sender: claims what is due and sends it, several at a time, each apart from the others."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from services.notifier.sending.attempts import Attempts, Result
from services.notifier.sending.claims import Claim, close_run_out, take_due
from services.notifier.storage import deliveries
from shared.database import Database, is_transient
from shared.observability.logging import error_fields, logger
from shared.observability.metrics import DELIVERIES, REFUSALS

SLOTS = 16
"""Tries at a time. Most of each is spent waiting for the other side, so they cost little."""

SLOTS_FOR_RETRIES = 4
"""Of these, so many at most for deliveries that were tried before: known slow addresses never take all slots."""

POLL_SECONDS = 0.5

MARK_PAUSES = (0.1, 0.3, 1.0, 3.0)
"""Seconds between the tries to write a result down while the database says "not now". After them the lease runs out
and the notice is repeated, recognisable by its Message-ID."""


class Sender:
    """Sends what is due. `step` claims, the threads of a pool do the rest; no transaction is open while they send.

    `wake` brings the next step forward.
    """

    def __init__(self, database: Database, attempts: Attempts, wake: Callable[[], None]) -> None:
        self._database = database
        self._attempts = attempts
        self._wake = wake
        self._pool = ThreadPoolExecutor(SLOTS, thread_name_prefix="send")
        self._lock = threading.Lock()
        self._busy = {"first": 0, "again": 0}

    def step(self) -> float:
        """Claim what there are free slots for and begin it; return how many seconds to wait unless woken.

        Raises the database's errors, before anything is begun.
        """
        with self._lock:
            free = SLOTS - sum(self._busy.values())
            free_again = SLOTS_FOR_RETRIES - self._busy["again"]
        with self._database.transaction() as tx:
            close_run_out(tx)
            claims, found = take_due(tx, free, free_again)
        for claim in claims:
            self._count(claim, 1)
            self._pool.submit(self._deliver, claim)
        return 0.0 if found else POLL_SECONDS

    def close(self) -> None:
        """Wait for the tries that are under way, each of which is bounded, and write down what became of them."""
        self._pool.shutdown(wait=True)

    def _deliver(self, claim: Claim) -> None:
        try:
            result = self._attempts.make(claim)
            if result is not None:
                self._settle(claim, result)
        finally:
            self._count(claim, -1)
            self._wake()

    def _count(self, claim: Claim, change: int) -> None:
        with self._lock:
            self._busy["first" if claim.tries == 1 else "again"] += change

    def _settle(self, claim: Claim, result: Result) -> None:
        said: str = result.state
        try:
            held = self._write_down(claim, result)
        except Exception as error:
            # The lease ends by itself, and the delivery is tried again then.
            logger().error("delivery_not_marked", delivery=claim.ref, result=said, **error_fields(error))
            return
        if not held:
            said = "lease_over"
        DELIVERIES.labels(notice=claim.notice.value, result=said).inc()
        if result.state in {"again", "failed"}:
            REFUSALS.labels(code=result.code).inc()
        logger().info(
            "delivery_tried",
            delivery=claim.ref,
            notice=claim.notice.value,
            tries=claim.tries,
            result=said,
            code=result.code,
        )

    def _write_down(self, claim: Claim, result: Result) -> bool:
        """Return False if the lease of `claim` is over: then nothing is written."""
        pauses = iter(MARK_PAUSES)
        while True:
            try:
                with self._database.transaction() as tx:
                    return deliveries.settle(tx, claim.ref, claim.owner, **asdict(result))
            except Exception as error:
                wait = next(pauses, None)
                if wait is None or not is_transient(error):
                    raise
            time.sleep(wait)
