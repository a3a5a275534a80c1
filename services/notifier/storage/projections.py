"""Projections of the other services' aggregates: the higher version wins, whatever the order of arrival."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.dialects.postgresql import insert

from services.notifier.domain.facts import Fact, Match, Offer, Request, Search, Volunteer
from services.notifier.storage import tables
from shared.events.envelope import Event

TABLES = {
    Request: tables.requests,
    Volunteer: tables.volunteers,
    Offer: tables.offers,
    Match: tables.matches,
    Search: tables.searches,
}


def keep(tx: Connection, kind: type[Fact], event: Event, **instead: Any) -> Fact | None:
    """Store the fact that `event` announces and return it, or None if a version as high is there.

    A tombstone (withdrawn, closed, erased, removed) is a version like any other, whose sealed values are None.
    `instead` replaces what the event says. A field that neither of them has stays as it was.
    """
    table = TABLES[kind]
    said = {each.name: event.data[each.name] for each in fields(kind) if each.name in event.data}
    row = {**said, "ref": event.subject, "sequence": event.sequence, "changed_at": tables.THIS_HOUR, **instead}
    statement = insert(table).values(row)
    upsert = statement.on_conflict_do_update(
        index_elements=["ref"], set_=row, where=table.c.sequence < statement.excluded.sequence
    )
    kept = tx.execute(upsert.returning(table)).first()
    return None if kept is None else fact_of(kept, kind)


def fact_of(row: Row[Any], kind: type[Fact], prefix: str = "") -> Fact:
    """Return the fact that `row` shows in the columns named like its fields, each behind `prefix`."""
    return kind(**{each.name: getattr(row, prefix + each.name) for each in fields(kind)})
