"""Lets what a due row waits for be due at once."""

from sqlalchemy import Connection, func, update

from shared.duerows import DueRows


def make_due(tx: Connection, due_rows: DueRows, *kinds: str) -> None:
    """Make every row of `kinds` due now."""
    table = due_rows.table
    tx.execute(update(table).where(table.c.kind.in_(kinds)).values(due_at=func.clock_timestamp()))
