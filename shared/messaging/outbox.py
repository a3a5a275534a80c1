"""The outbox: events are rows first, written in the transaction of the state they announce (R2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, insert

from shared.events.envelope import data_to_json
from shared.messaging.tables import MessagingTables

CHANNEL = "outbox"
"""The NOTIFY channel that wakes the relay."""


@dataclass(frozen=True)
class NewEvent:
    """An event to announce.

    `data` is the whole state of `subject` at its version `sequence`, by the schema of the catalogue (times as aware
    datetimes). `key` is the record's.
    """

    topic: str
    name: str
    subject: str
    sequence: int
    key: str
    data: dict[str, Any]


def announce(
    tx: Connection,
    tables: MessagingTables,
    *,
    topic: str,
    name: str,
    subject: str,
    sequence: int,
    key: str,
    data: dict[str, Any],
) -> UUID:
    """Write one event into the outbox as `announce_all` does; return its id."""
    [event_id] = announce_all(tx, tables, [NewEvent(topic, name, subject, sequence, key, data)])
    return event_id


def announce_all(tx: Connection, tables: MessagingTables, events: Sequence[NewEvent]) -> list[UUID]:
    """Write events into the outbox in their order, within `tx`, with one statement; return their ids.

    Raises marshmallow.ValidationError if data is not by its schema: a producer never publishes what a consumer cannot
    read.
    """
    ids = [uuid4() for _ in events]
    rows = [
        {
            "event_id": str(event_id),
            "topic": event.topic,
            "name": event.name,
            "subject": event.subject,
            "sequence": event.sequence,
            "key": event.key,
            "data": data_to_json(event.topic, event.name, event.data),
        }
        for event_id, event in zip(ids, events, strict=True)
    ]
    # The same statement wakes the relay once `tx` is committed. A waker only: polling is the truth.
    tx.execute(insert(tables.outbox).values(rows).returning(func.pg_notify(CHANNEL, "")))
    return ids
