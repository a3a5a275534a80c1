"""The sender: claims what is due and sends it, several at a time, each apart from the others."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from services.notifier.sending.claims import Claim, Claims
from services.notifier.sending.outcomes import Again, Outcome, write_down
from shared.database import Database, is_transient
from shared.observability.logging import error_fields, logger
from shared.observability.metrics import DELIVERIES

PLACES = 16
"""Tries at a time. Most of each is spent waiting for the other side, so they cost little."""

PLACES_FOR_RETRIES = 4
"""Of these, so many at most for deliveries that were tried before: known slow addresses never fill the house."""

POLL_SECONDS = 0.5

MARK_PAUSES = (0.1, 0.3, 1.0, 3.0)
"""Seconds between the tries to write an outcome down while the database says "not now". After them the lease runs out
and the message is repeated, recognisable by its Message-ID."""


class Sender:
    """Sends what is due. `step` claims, the threads of a pool do the rest; no transaction is open while they send."""

    def __init__(
        self, database: Database, claims: Claims, attempt: Callable[[Claim], Outcome | None], wake: Callable[[], None]
    ) -> None:
        """`attempt` makes one try and says what became of it; `wake` brings the next step forward."""
        self._database = database
        self._claims = claims
        self._attempt = attempt
        self._wake = wake
        self._pool = ThreadPoolExecutor(PLACES, thread_name_prefix="send")
        self._lock = threading.Lock()
        self._busy = {"first": 0, "again": 0}

    def step(self) -> float:
        """Claim what there is room for and begin it; return how many seconds to wait unless woken.

        Raises the database's errors, before anything is begun.
        """
        with self._lock:
            room = PLACES - sum(self._busy.values())
            room_again = PLACES_FOR_RETRIES - self._busy["again"]
        with self._database.transaction() as tx:
            self._claims.close_run_out(tx)
            claims, found = self._claims.take(tx, room, room_again)
        for claim in claims:
            self._count(claim, 1)
            self._pool.submit(self._deliver, claim)
        return 0.0 if found else POLL_SECONDS

    def close(self) -> None:
        """Wait for the tries that are under way, each of which is bounded, and write down what became of them."""
        self._pool.shutdown(wait=True)

    def _deliver(self, claim: Claim) -> None:
        try:
            outcome = self._attempt(claim)
            if outcome is not None:
                self._settle(claim, outcome)
        finally:
            self._count(claim, -1)
            self._wake()

    def _count(self, claim: Claim, change: int) -> None:
        with self._lock:
            self._busy["first" if claim.tries == 1 else "again"] += change

    def _settle(self, claim: Claim, outcome: Outcome) -> None:
        result: str = "again" if isinstance(outcome, Again) else outcome.state
        try:
            held = self._write_down(claim, outcome)
        except Exception as error:
            # The lease ends by itself, and the delivery is tried again then.
            logger().error("delivery_not_marked", delivery=claim.ref, result=result, **error_fields(error))
            return
        if not held:
            result = "lease_over"
        DELIVERIES.labels(notice=claim.notice.value, result=result).inc()
        logger().info(
            "delivery_tried",
            delivery=claim.ref,
            notice=claim.notice.value,
            tries=claim.tries,
            result=result,
            code=outcome.code,
        )

    def _write_down(self, claim: Claim, outcome: Outcome) -> bool:
        for pause in MARK_PAUSES:
            try:
                return self._write_down_once(claim, outcome)
            except Exception as error:
                if not is_transient(error):
                    raise
                time.sleep(pause)
        return self._write_down_once(claim, outcome)

    def _write_down_once(self, claim: Claim, outcome: Outcome) -> bool:
        with self._database.transaction() as tx:
            return write_down(tx, claim, outcome)
