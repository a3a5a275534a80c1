"""What the flow forgets: outbox rows after as long as their topic keeps them, what was handled a week later (R6)."""

from sqlalchemy import Table, delete, func, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from shared.database import Database
from shared.events.catalogue import RETENTION
from shared.messaging.tables import MessagingTables
from shared.vocabulary import vocabulary

INBOX_RETENTION = vocabulary().defaults.retention.inbox
"""Longer than any event can still be in a topic or an outbox, so that no repeat is taken for something new."""

SWEEP_SECONDS = 3_600.0
BATCH = 5_000
"""Rows per transaction, so that each stays far below its timeout."""


class Sweeper:
    """Deletes what is older than its retention, by the database's clock. Any number may run side by side."""

    def __init__(self, database: Database, tables: MessagingTables) -> None:
        self._database = database
        self._tables = tables

    def step(self) -> float:
        """Delete one batch of each; return how many seconds to wait. Raises a database error to back off."""
        outbox, inbox, sequences = self._tables.outbox, self._tables.inbox, self._tables.sequences
        now = func.clock_timestamp()
        # What Kafka has not acknowledged is kept however old it is: it would be lost.
        published = (outbox.c.created_at < now - RETENTION) & outbox.c.topic_id.is_not(None)
        # Whatever is older than the last version of a subject that was handled so long ago can come from nowhere now.
        full = [
            self._delete(outbox, published),
            *(self._delete(table, table.c.handled_at < now - INBOX_RETENTION) for table in (inbox, sequences)),
        ]
        return 0.0 if any(full) else SWEEP_SECONDS

    def _delete(self, table: Table, old: ColumnElement[bool]) -> bool:
        """Delete up to a batch of the `old` rows of `table`; tell whether the batch was full."""
        key = tuple_(*table.primary_key)
        batch = select(*table.primary_key).where(old).limit(BATCH).with_for_update(skip_locked=True)
        with self._database.transaction() as tx:
            return tx.execute(delete(table).where(key.in_(batch))).rowcount == BATCH
