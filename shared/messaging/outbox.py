"""The outbox: events are rows first, written in the transaction of the state they announce (R2)."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert

from shared.database import notify
from shared.events.envelope import data_to_json
from shared.messaging.tables import MessagingTables

CHANNEL = "outbox"
"""The NOTIFY channel that wakes the relay."""


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
    """Write one event into the outbox, within `tx`, and return its id.

    `data` is the whole state of `subject` at its version `sequence`, by the schema of the catalogue (times as aware
    datetimes). Raises marshmallow.ValidationError if it is not: a producer never publishes what a consumer cannot read.
    """
    event_id = uuid4()
    tx.execute(
        insert(tables.outbox).values(
            event_id=str(event_id),
            topic=topic,
            name=name,
            subject=subject,
            sequence=sequence,
            key=key,
            data=data_to_json(topic, name, data),
        )
    )
    notify(tx, CHANNEL)
    return event_id
