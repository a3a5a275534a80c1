"""Deadlines as rows (R7): taken by any number of replicas, judged only by the database's clock.

A due row names what is due (`kind`), for which thing (`item`) and which aggregate is locked to decide it (`subject`).
Everywhere in the house the aggregate's row is locked before its due rows, so that the loop and the event handlers
cannot wait for each other in a circle.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects.postgresql import insert

from shared.database import Database, is_transient, notify
from shared.observability.logging import error_fields, logger
from shared.observability.metrics import DUE_ROWS

CHANNEL = "due_rows"
DueRow = sa.Row[tuple[str, str, str, datetime, int]]
POLL_SECONDS = 1.0
BATCH = 50
BUSY_PAUSE = timedelta(milliseconds=200)
FAILURE_PAUSE = timedelta(seconds=5)


class DueRows:
    """The table of due rows of one service, and what handlers may do with it."""

    def __init__(self, metadata: sa.MetaData) -> None:
        self.table = Table(
            "due_rows",
            metadata,
            sa.Column("kind", sa.Text, primary_key=True),
            sa.Column("item", sa.Text, primary_key=True),
            sa.Column("subject", sa.Text, nullable=False),
            sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
            sa.Index("due_rows_due_at", "due_at"),
            sa.Index("due_rows_subject", "subject"),
        )

    def schedule(self, tx: Connection, kind: str, item: str, subject: str, after: timedelta) -> None:
        """Make `kind` due for `item` in `after` from now by the database's clock; a due row that exists is moved."""
        self._upsert(tx, [{"kind": kind, "item": item, "subject": subject, "due_at": func.clock_timestamp() + after}])
        if after <= timedelta(0):
            notify(tx, CHANNEL)

    def schedule_now(self, tx: Connection, kind: str, item: str, subject: str) -> None:
        self.schedule(tx, kind, item, subject, timedelta(0))

    def schedule_at(self, tx: Connection, kind: str, item: str, subject: str, at: datetime) -> None:
        """Make `kind` due for `item` at the moment `at`; a due row that exists is moved."""
        self._upsert(tx, [{"kind": kind, "item": item, "subject": subject, "due_at": at}])

    def schedule_each(self, tx: Connection, kind: str, aggregate: Table, *where: sa.ColumnElement[bool]) -> None:
        """Make `kind` due at once for every such row of `aggregate` for which it is not, item and subject its ref."""
        refs = select(sa.literal(kind), aggregate.c.ref, aggregate.c.ref, func.clock_timestamp()).where(*where)
        statement = insert(self.table).from_select(["kind", "item", "subject", "due_at"], refs)
        if tx.execute(statement.on_conflict_do_nothing()).rowcount:
            notify(tx, CHANNEL)

    def waits(self, tx: Connection, kind: str) -> bool:
        """Tell whether a row of `kind` waits that has not failed yet."""
        waiting = select(self.table.c.item).where(self.table.c.kind == kind, self.table.c.failures == 0)
        return bool(tx.execute(select(waiting.exists())).scalar())

    def arrange(self, tx: Connection, ref: str, after: Mapping[str, timedelta | None]) -> None:
        """Make each kind due for the aggregate `ref` (item and subject) in so long from now; None: not at all.

        This takes one statement for all that become due, and one for all that do not.
        """
        if never := [kind for kind, when in after.items() if when is None]:
            tx.execute(sa.delete(self.table).where(self.table.c.kind.in_(never), self.table.c.item == ref))
        rows = [
            {"kind": kind, "item": ref, "subject": ref, "due_at": func.clock_timestamp() + when}
            for kind, when in after.items()
            if when is not None
        ]
        if rows:
            self._upsert(tx, rows)

    def _upsert(self, tx: Connection, rows: list[dict[str, Any]]) -> None:
        statement = insert(self.table).values(rows)
        tx.execute(
            statement.on_conflict_do_update(
                index_elements=["kind", "item"],
                set_={"subject": statement.excluded.subject, "due_at": statement.excluded.due_at, "failures": 0},
            )
        )

    def cancel(self, tx: Connection, kind: str, item: str) -> None:
        tx.execute(sa.delete(self.table).where(self.table.c.kind == kind, self.table.c.item == item))

    def cancel_subject(self, tx: Connection, subject: str) -> None:
        tx.execute(sa.delete(self.table).where(self.table.c.subject == subject))

    def pull_forward(self, tx: Connection, kind: str, since: sa.Column[datetime]) -> None:
        """Make every row of `kind` due, as if since the moment `since` of its aggregate: the oldest is taken first.

        Rows that another transaction is working on are left to it.
        """
        rows = self.table
        free = select(rows.c.item).where(rows.c.kind == kind, rows.c.due_at > func.clock_timestamp())
        tx.execute(
            sa.update(rows)
            .where(rows.c.kind == kind, rows.c.item.in_(free.with_for_update(skip_locked=True)))
            .where(since.table.c.ref == rows.c.subject)
            .values(due_at=func.least(since, func.clock_timestamp()))
        )
        notify(tx, CHANNEL)


@dataclass(frozen=True)
class DueHandler:
    """What to do when a kind is due, and the table whose `ref` is the subject to lock first."""

    aggregate: Table
    handle: Callable[[Connection, str, str], None]
    """Called with the transaction, the subject and the item. It may schedule the same kind again."""


class DueLoop:
    """Takes due rows and hands each to its handler, one transaction per row."""

    def __init__(self, database: Database, due_rows: DueRows, handlers: Mapping[str, DueHandler]) -> None:
        self._database = database
        self._rows = due_rows.table
        self._handlers = dict(handlers)

    def step(self) -> float:
        """Handle what is due now; return how many seconds to wait before the next look."""
        with self._database.transaction() as tx:
            due = tx.execute(
                select(self._rows)
                .where(self._rows.c.kind.in_(self._handlers), self._rows.c.due_at <= func.clock_timestamp())
                .order_by(self._rows.c.due_at)
                .limit(BATCH)
            ).all()
        for row in due:
            self._attempt(row)
        return 0.0 if len(due) == BATCH else POLL_SECONDS

    def _attempt(self, row: DueRow) -> None:
        try:
            with self._database.transaction() as tx:
                outcome = self._handle(tx, row)
        except Exception as error:
            # "Not now" may come from another database than this one: the row is put off, and others have their turn.
            if is_transient(error):
                outcome = "busy"
            else:
                outcome = "failed"
                logger().error("due_row_failed", kind=row.kind, item=row.item, **error_fields(error))
        if outcome == "busy":
            self._postpone(row, BUSY_PAUSE, failures=row.failures)
        elif outcome == "failed":
            self._postpone(row, FAILURE_PAUSE * 2 ** min(row.failures, 6), failures=row.failures + 1)
        DUE_ROWS.labels(kind=row.kind, outcome=outcome).inc()

    def _handle(self, tx: Connection, row: DueRow) -> str:
        handler = self._handlers[row.kind]
        aggregate = handler.aggregate
        locked = tx.execute(
            select(aggregate.c.ref).where(aggregate.c.ref == row.subject).with_for_update(skip_locked=True)
        ).first()
        if locked is None:
            exists = tx.execute(select(aggregate.c.ref).where(aggregate.c.ref == row.subject)).first()
            if exists is not None:
                return "busy"
        taken = tx.execute(
            sa.delete(self._rows)
            .where(self._rows.c.kind == row.kind, self._rows.c.item == row.item)
            .where(self._rows.c.due_at <= func.clock_timestamp())
        ).rowcount
        if not taken or locked is None:
            # Somebody else has taken it, or what it was about was erased, and nothing is left to decide.
            return "gone"
        handler.handle(tx, row.subject, row.item)
        return "handled"

    def _postpone(self, row: DueRow, pause: timedelta, *, failures: int) -> None:
        """Put a row off unless somebody has moved it, or is about to: nobody is waited for."""
        rows = self._rows
        unmoved = sa.and_(rows.c.kind == row.kind, rows.c.item == row.item, rows.c.due_at == row.due_at)
        free = select(rows.c.item).where(unmoved).with_for_update(skip_locked=True)
        with self._database.transaction() as tx:
            tx.execute(
                sa.update(rows)
                .where(unmoved, rows.c.item.in_(free))
                .values(due_at=func.clock_timestamp() + pause, failures=failures)
            )
