"""Puts the worker of a service together: the loops of the event flow, and those of its own."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from shared.database import Database
from shared.events.catalogue import CATALOGUE
from shared.messaging.consumer import Consumer
from shared.messaging.handling import Handler
from shared.messaging.kafka import KafkaSettings, TopicIds
from shared.messaging.outbox import CHANNEL
from shared.messaging.relay import Relay
from shared.messaging.retention import Sweeper
from shared.messaging.tables import MessagingTables
from shared.migrations import at_head
from shared.runtime import Loop, Worker


def event_worker(
    database: Database,
    tables: MessagingTables,
    kafka: KafkaSettings,
    *,
    service: str,
    handlers: Mapping[str, Handler],
    migrations: str,
    loops: Sequence[Loop],
    wakes: Mapping[str, Loop],
) -> Worker:
    """Put together: events of the topics in `handlers` come in, the outbox goes out, old rows of both go away.

    The consumer group and the source of the events are called like the service. `migrations` is where Alembic finds
    its scripts; `loops` are those of its own, and `wakes` says which of them a NOTIFY on a channel wakes. ValueError
    unless there is a handler for each topic that the service reads by the catalogue, and for no other.
    """
    reads = {topic.name for topic in CATALOGUE.values() if service in topic.consumers}
    if handlers.keys() != reads:
        raise ValueError(f"{service} reads {sorted(reads)} and has handlers for {sorted(handlers)}")
    consumed, published = (TopicIds(kafka.admin, kafka.replication_factor) for _ in range(2))
    consumer = Consumer(
        database,
        tables,
        group=service,
        handlers=handlers,
        connect=kafka.consumer,
        reader=kafka.reader,
        topics=consumed,
    )
    relay = Relay(database, tables, source=service, owner=str(uuid4()), connect=kafka.producer, topics=published)

    def leave_group() -> None:
        consumed.close()
        consumer.close()

    def give_lease_up() -> None:
        published.close()
        relay.close()

    def ready() -> str | None:
        if consumer.fuse_blown:
            return "fuse"
        try:
            return None if at_head(database.engine, migrations) else "migrations"
        except SQLAlchemyError:
            return "database"

    relaying = Loop("relay", relay.step, give_lease_up)
    flow = [
        Loop("consumer", consumer.step, leave_group),
        relaying,
        Loop("retention", Sweeper(database, tables).step),
    ]
    woken = {CHANNEL: relaying, **wakes}
    return Worker([*flow, *loops], {database.url: {channel: [loop] for channel, loop in woken.items()}}, ready)
