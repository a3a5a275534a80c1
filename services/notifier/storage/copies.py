"""Copies of the other services' aggregates: the higher version wins, whatever the order of arrival."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Table
from sqlalchemy.dialects.postgresql import insert

from services.notifier.storage.tables import THIS_HOUR


def keep(tx: Connection, table: Table, ref: str, sequence: int, state: Mapping[str, Any]) -> Row[Any] | None:
    """Store version `sequence` of `ref` in `table` and return the row, or None if a version as high is there.

    A tombstone (withdrawn, closed, erased, removed) is a version like any other, whose sealed values are None.
    A column that is not in `state` stays as it was.
    """
    row = {"ref": ref, "sequence": sequence, "changed_at": THIS_HOUR, **state}
    statement = insert(table).values(row)
    upsert = statement.on_conflict_do_update(
        index_elements=["ref"], set_=row, where=table.c.sequence < statement.excluded.sequence
    )
    return tx.execute(upsert.returning(table)).first()
