"""How long the notifier keeps what is over: deliveries and projections go some time after the last event about it.

A delivery stays as long as a state that is here could make its notice anew: it is what says that the notice was made.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select

from services.notifier.domain.facts import REQUEST_OVER
from services.notifier.storage.tables import deliveries, matches, offers, requests, searches, volunteers
from shared.database import Database
from shared.vocabulary import vocabulary

KEPT = vocabulary().defaults.retention.inbox
"""Longer than any event can still be in a topic or an outbox, so that nothing that is over comes back."""

SWEEP_SECONDS = 3_600.0
BATCH = 5_000
"""Rows per transaction, so that each stays far below its timeout."""


class Retention:
    """Deletes what has been over for longer than KEPT, by the database's clock. Any number may run side by side."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def step(self) -> float:
        """Delete one batch of each table; return how many seconds to wait. Raises a database error to back off."""
        full = [self._delete(table, gone) for table, gone in what_is_over()]
        return 0.0 if any(full) else SWEEP_SECONDS

    def _delete(self, table: Table, gone: ColumnElement[bool]) -> bool:
        batch = select(table.c.ref).where(gone).limit(BATCH).with_for_update(skip_locked=True)
        with self._database.transaction() as tx:
            return tx.execute(delete(table).where(table.c.ref.in_(batch))).rowcount == BATCH


def what_is_over() -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield each table with the condition for its rows that may go, in the order in which they go."""
    long_ago = func.clock_timestamp() - KEPT
    yield requests, requests.c.state.in_(REQUEST_OVER) & (requests.c.changed_at < long_ago)
    yield volunteers, (volunteers.c.state == "removed") & (volunteers.c.changed_at < long_ago)
    # What belongs to a request goes with it, and without it if it never came.
    for table, request in ((offers, offers.c.request), (matches, matches.c.request), (searches, searches.c.ref)):
        yield table, (table.c.changed_at < long_ago) & ~exists().where(requests.c.ref == request)
    yield deliveries, (deliveries.c.state != "pending") & (deliveries.c.due_at < long_ago) & ~_could_be_made_anew()


def _could_be_made_anew() -> ColumnElement[bool]:
    # What a volunteer's notice is about is the volunteer, or that and one of the facts, such as the generation.
    about, here = deliveries.c.about, volunteers.c
    numbered = [about == here.ref.concat(".").concat(fact) for fact in here]
    return or_(
        exists().where(requests.c.ref == deliveries.c.request),
        exists().where(here.ref == deliveries.c.volunteer, or_(about == here.ref, *numbered)),
    )
