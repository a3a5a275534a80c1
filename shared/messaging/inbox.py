"""The inbox: which events were handled, the highest sequence seen of each subject, and where to go on in Kafka."""

from typing import Any

from kafka import TopicPartition
from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.postgresql import insert

from shared.events.envelope import Event
from shared.messaging.tables import MessagingTables


def first_time(tx: Connection, tables: MessagingTables, event: Event) -> str:
    """Enter `event` in the inbox and say whether to handle it.

    Returns "handled" if it is new, "repeat" if the inbox knew it, "stale" if a higher sequence of its subject came
    before. Two replicas that hold the same event wait for each other here, on the primary key.
    """
    entered = tx.execute(
        insert(tables.inbox).values(event_id=event.id).on_conflict_do_nothing().returning(tables.inbox.c.event_id)
    ).first()
    if entered is None:
        return "repeat"
    statement = insert(tables.sequences).values(topic=event.topic, subject=event.subject, sequence=event.sequence)
    newer = tx.execute(
        statement.on_conflict_do_update(
            index_elements=["topic", "subject"],
            set_={"sequence": statement.excluded.sequence, "handled_at": func.clock_timestamp()},
            where=tables.sequences.c.sequence < statement.excluded.sequence,
        ).returning(tables.sequences.c.sequence)
    ).first()
    return "stale" if newer is None else "handled"


def read_positions(tx: Connection, tables: MessagingTables, group: str) -> dict[TopicPartition, Row[Any]]:
    """Return partition -> row (topic_id, next_offset) of every partition that `group` has ever worked on."""
    positions = tables.positions
    rows = tx.execute(select(positions).where(positions.c.consumer_group == group))
    return {TopicPartition(row.topic, row.partition): row for row in rows}


def write_position(
    tx: Connection, tables: MessagingTables, group: str, partition: TopicPartition, *, topic_id: str, next_offset: int
) -> None:
    """Store where `group` goes on in `partition`, in the transaction of the records that came before."""
    statement = insert(tables.positions).values(
        consumer_group=group,
        topic=partition.topic,
        partition=partition.partition,
        topic_id=topic_id,
        next_offset=next_offset,
    )
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["consumer_group", "topic", "partition"],
            set_={"topic_id": statement.excluded.topic_id, "next_offset": statement.excluded.next_offset},
        )
    )
