"""Parking and replay: an event that cannot be handled leaves its address behind, never its content (R5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from sqlalchemy import Connection, update

from shared.database import notify
from shared.events.catalogue import dead_letter_topic
from shared.events.envelope import decode, event_id_of
from shared.messaging.outbox import CHANNEL, announce
from shared.messaging.tables import MessagingTables
from shared.messaging.unreadable import find_unreadable
from shared.observability.logging import logger
from shared.refs import new_ref

POLL_MS = 1_000


@dataclass(frozen=True)
class DeadLetter:
    """One parked event: where it lies, its id if it had one, and the class of the error."""

    number: int
    topic: str
    partition: int
    offset: int
    event_id: str | None
    error: str


def park(tx: Connection, tables: MessagingTables, *, group: str, record: Any, error: BaseException) -> None:
    """Write a dead letter for `record` into the outbox, within `tx`. There is no inbox row: a replay is handled."""
    event_id = event_id_of(record.headers)
    address = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    announce(
        tx,
        tables,
        topic=dead_letter_topic(record.topic, group),
        name="parked",
        subject=new_ref(),
        sequence=1,
        key=record.topic,
        data={**address, "event_id": event_id, "error": type(error).__name__},
    )
    logger().error("event_parked", group=group, event_id=event_id, error=type(error).__name__, **address)


def read_dead_letters(consumer: KafkaConsumer, dlq: str) -> Iterator[DeadLetter]:
    """Yield what lies in the dead-letter topic `dlq`, in order; `number` is its offset there. Raises KafkaError.

    `consumer` belongs to no group. A topic that does not exist yet holds nothing.
    """
    partition = TopicPartition(dlq, 0)
    if not consumer.partitions_for_topic(dlq):
        return
    consumer.assign([partition])
    end = consumer.end_offsets([partition])[partition]
    consumer.seek_to_beginning(partition)
    while consumer.position(partition) < end:
        for record in consumer.poll(timeout_ms=POLL_MS).get(partition, []):
            event = decode(dlq, record.key, record.headers, record.value)
            yield DeadLetter(number=record.offset, **event.data)


def read_record(consumer: KafkaConsumer, letter: DeadLetter) -> Any | None:
    """Return the record a dead letter points to, or None if the topic no longer has it.

    Raises KafkaError; LookupError if the record is there and cannot be read.
    """
    partition = TopicPartition(letter.topic, letter.partition)
    if letter.partition not in (consumer.partitions_for_topic(letter.topic) or ()):
        return None
    consumer.assign([partition])
    first, end = consumer.beginning_offsets([partition])[partition], consumer.end_offsets([partition])[partition]
    if not first <= letter.offset < end:
        return None
    if find_unreadable(consumer, {partition: letter.offset}):
        raise LookupError("the topic has this record, but it cannot be read")
    consumer.seek(partition, letter.offset)
    while consumer.position(partition) <= letter.offset:
        for record in consumer.poll(timeout_ms=POLL_MS, max_records=1).get(partition, []):
            # A topic made anew may hold another event at this offset.
            return record if event_id_of(record.headers) == letter.event_id else None
    return None


def replay_record(producer: KafkaProducer, record: Any) -> None:
    """Publish `record` again under its own id; groups that have handled it drop it. Raises KafkaError."""
    producer.send(record.topic, key=record.key, value=record.value, headers=record.headers).get(timeout=10)


def replay_from_outbox(tx: Connection, tables: MessagingTables, event_id: str) -> bool:
    """Let the relay publish the outbox row of `event_id` again; False if the outbox no longer has it."""
    outbox = tables.outbox
    found = tx.execute(
        update(outbox).where(outbox.c.event_id == event_id).values(topic_id=None, partition=None, offset=None)
    ).rowcount
    notify(tx, CHANNEL)
    return bool(found)
