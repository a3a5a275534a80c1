"""Projections of the other services' aggregates: the higher version wins, whatever the order of arrival."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from services.notifier.domain.facts import Fact
from services.notifier.storage.tables import THIS_HOUR
from shared.events.envelope import Event
from shared.rows import Rows


def keep(tx: Connection, rows: Rows[Fact], event: Event, **instead: Any) -> Fact | None:
    """Store the fact that `event` announces and return it, or None if a version as high is there.

    A tombstone (withdrawn, closed, erased, removed) is a version like any other, whose sealed values are None.
    `instead` replaces what the event says. A field that neither of them has stays as it was.
    """
    columns = rows.table.c
    said = {name: value for name, value in event.data.items() if name in columns}
    row = {**said, "ref": event.subject, "sequence": event.sequence, "changed_at": THIS_HOUR, **instead}
    statement = insert(rows.table).values(row)
    newer = columns.sequence < statement.excluded.sequence
    kept = rows.written(tx, statement.on_conflict_do_update(index_elements=["ref"], set_=row, where=newer))
    return kept[0] if kept else None
