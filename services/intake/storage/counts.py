"""Reasons for declining and closing, counted and tied to nobody."""

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from services.intake.storage.tables import reason_counts


def count_reason(tx: Connection, kind: str, reason: str) -> None:
    """Add one to the count of `reason` among those of `kind` (`declined` or `closed`)."""
    statement = insert(reason_counts).values(kind=kind, reason=reason, count=1)
    tx.execute(
        statement.on_conflict_do_update(index_elements=["kind", "reason"], set_={"count": reason_counts.c.count + 1})
    )
