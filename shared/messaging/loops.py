"""Puts the event flow of a service together as loops of its worker, the same way for every service."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from shared.database import Database
from shared.events.catalogue import CATALOGUE
from shared.messaging.consumer import Consumer
from shared.messaging.handling import Handler
from shared.messaging.kafka import KafkaSettings, TopicIds
from shared.messaging.relay import Relay
from shared.messaging.retention import Sweeper
from shared.messaging.tables import MessagingTables
from shared.runtime import Loop


@dataclass(frozen=True)
class Flow:
    """The event flow of one worker. `relay` is woken by NOTIFY on the outbox; `/readyz` asks the consumer's fuse."""

    consuming: Loop
    relay: Loop
    retention: Loop
    consumer: Consumer

    @property
    def loops(self) -> list[Loop]:
        return [self.consuming, self.relay, self.retention]


def event_flow(
    database: Database,
    tables: MessagingTables,
    kafka: KafkaSettings,
    *,
    service: str,
    handlers: Mapping[str, Handler],
) -> Flow:
    """Put together: events of the topics in `handlers` come in, the outbox goes out, old rows of both go away.

    The consumer group and the source of the events are called like the service. ValueError unless there is a handler
    for each topic that the service reads by the catalogue, and for no other.
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

    return Flow(
        consuming=Loop("consumer", consumer.step, leave_group),
        relay=Loop("relay", relay.step, give_lease_up),
        retention=Loop("retention", Sweeper(database, tables).step),
        consumer=consumer,
    )
