"""Copies of the other services' aggregates: the higher version wins, whatever the order of arrival."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert


def keep(tx: Connection, table: Table, ref: str, sequence: int, state: Mapping[str, Any]) -> bool:
    """Store version `sequence` of `ref` in `table` unless a version as high is there; return whether it was stored.

    A tombstone (withdrawn, closed, erased, removed) is a version like any other, whose sealed values are None.
    """
    row = {"ref": ref, "sequence": sequence, **state}
    statement = insert(table).values(row)
    upsert = statement.on_conflict_do_update(
        index_elements=["ref"], set_=row, where=table.c.sequence < statement.excluded.sequence
    )
    return tx.execute(upsert.returning(table.c.ref)).first() is not None
