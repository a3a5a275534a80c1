"""One service's half of the flow for tests: a database with the tables of the flow, relays and consumers on it.

Steps are driven by the test's own thread, so that a test says exactly what happens between two of them.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any
from uuid import uuid4

from kafka import ConsumerRebalanceListener, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError
from sqlalchemy import BigInteger, Column, Connection, Identity, MetaData, Row, Table, Text, func, insert, select

from shared.clock import SystemClock
from shared.database import Database, is_transient
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Event, Headers, encode
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetter, read_dead_letters
from shared.messaging.handling import Handler
from shared.messaging.kafka import KafkaSettings, TopicIds
from shared.messaging.outbox import announce
from shared.messaging.relay import Relay
from shared.messaging.tables import MessagingTables
from shared.refs import new_ref
from tests.support.databases import Databases

DLQ = "requests.matcher.dlq"
PLANTED = "planted-words-of-a-person"
LARGE = 11_000_000
"""Bytes of a record that no topic takes unless told to."""


class SkippableTime:
    """Monotonic time that a test may put forward, so that nobody waits for the look every ten seconds."""

    def __init__(self) -> None:
        """Begin at the machine's own time."""
        self._skipped = 0.0

    def __call__(self) -> float:
        """Return the present time in seconds."""
        return time.monotonic() + self._skipped

    def skip(self, seconds: float) -> None:
        """Put the time forward."""
        self._skipped += seconds


class Flow:
    """The flow's tables in one database, and the relays and consumers that a test makes on them."""

    def __init__(self, url: str, bootstrap_servers: str) -> None:
        """Use the migrated database at `url`, with one more table for the effects of handled events."""
        metadata = MetaData()
        self.tables = MessagingTables(metadata)
        self.effects = Table(
            "effects",
            metadata,
            Column("id", BigInteger, Identity(always=True), primary_key=True),
            Column("event_id", Text),
            Column("topic", Text),
            Column("subject", Text),
            Column("sequence", BigInteger),
        )
        self.database = Database(url, name="test")
        self.effects.create(self.database.engine, checkfirst=True)
        self.kafka = KafkaSettings(bootstrap_servers, fetch_max_wait_ms=20)
        self.time = SkippableTime()
        self.members: list[KafkaConsumer] = []
        self._relays: list[Relay] = []
        self._producer: KafkaProducer | None = None
        self._topics: list[TopicIds] = []

    def close(self) -> None:
        """Disconnect everything, whether or not it was closed."""
        for member in self.members:
            member.close(autocommit=False, timeout_ms=2_000)
        for relay in self._relays:
            with suppress(KafkaError):
                relay.close()
        for topics in self._topics:
            topics.close()
        if self._producer is not None:
            self._producer.close()
        # The next test that gets this database finds it as it was made.
        self.effects.drop(self.database.engine, checkfirst=True)
        self.database.dispose()

    def hurry(self) -> float:
        """Put the time forward by a second, as a step among others: what waits for its next try has it soon."""
        self.time.skip(1.0)
        return 0.0

    def topics(self) -> TopicIds:
        """Return what looks up and creates topics."""
        topics = TopicIds(self.kafka.admin, 1)
        self._topics.append(topics)
        return topics

    def relay(self, **options: Any) -> Relay:
        """Return a relay of this outbox; `options` replace its parts."""
        parts: dict[str, Any] = {"connect": self.kafka.producer, "topics": self.topics(), "monotonic": self.time}
        relay = Relay(self.database, self.tables, source="intake", owner=str(uuid4()), **{**parts, **options})
        self._relays.append(relay)
        return relay

    def consumer(
        self, handlers: Mapping[str, Handler] | None = None, *, group: str = "matcher", **options: Any
    ) -> Consumer:
        """Return a consumer of `requests` that writes down each effect, or one with other handlers.

        `options` replace its parts.
        """
        parts: dict[str, Any] = {"connect": self.join, "reader": self.kafka.reader, "topics": self.topics()}
        parts |= {"monotonic": self.time, "handlers": handlers or {"requests": self.effect}, **options}
        return Consumer(self.database, self.tables, group=group, **parts)

    def join(self, group: str, topics: tuple[str, ...], listener: ConsumerRebalanceListener) -> KafkaConsumer:
        """Make a member of `group`, which is closed with the flow."""
        member = self.kafka.consumer(group, topics, listener)
        self.members.append(member)
        return member

    def kill_members(self) -> None:
        """Disconnect every group member as a kill would leave it for the database: nothing more is written."""
        for member in self.members:
            member.close(autocommit=False, timeout_ms=2_000)
        self.members.clear()

    def effect(self, tx: Connection, event: Event) -> None:
        """Handle an event by writing down that it was handled."""
        values = {"event_id": event.id, "topic": event.topic, "subject": event.subject, "sequence": event.sequence}
        tx.execute(insert(self.effects).values(values))

    def announce(self, subject: str | None = None, sequence: int = 1, *, key: str | None = None) -> str:
        """Commit one event of `requests` (its first example in the catalogue) to the outbox; return its id."""
        with self.database.transaction() as tx:
            return self.announce_in(tx, subject, sequence, key=key)

    def announce_in(
        self, tx: Connection, subject: str | None = None, sequence: int = 1, *, key: str | None = None
    ) -> str:
        """Write one event of `requests` within `tx`; its key is its subject unless another one is given."""
        subject = subject or new_ref()
        about: dict[str, Any] = {"subject": subject, "sequence": sequence, "key": key or subject}
        return str(announce(tx, self.tables, topic="requests", name="published", data=example(), **about))

    def announce_many(self, count: int) -> list[str]:
        """Commit `count` events of as many subjects; return their ids. No transaction may last long (R8)."""
        ids: list[str] = []
        while len(ids) < count:
            with self.database.transaction() as tx:
                ids += [self.announce_in(tx) for _ in range(min(100, count - len(ids)))]
        return ids

    def send(self, value: bytes, headers: Any, *, partition: int = 0) -> int:
        """Put a record into `requests` as no relay would; return its offset."""
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=self.kafka.bootstrap_servers, enable_idempotence=True, max_request_size=LARGE
            )
        sent = self._producer.send("requests", key=b"k", value=value, headers=headers, partition=partition)
        return int(sent.get(timeout=10).offset)

    def publish(self) -> None:
        """Publish everything that waits, and let the relay go."""
        relay = self.relay()
        drive(relay.step, until=lambda: self.unpublished() == 0)
        relay.close()

    def rows(self, table: Table) -> list[Row[Any]]:
        """Return every row of `table`, by its primary key."""
        with self.database.transaction() as tx:
            return list(tx.execute(select(table).order_by(*table.primary_key)).all())

    def count(self, table: Table) -> int:
        """Return how many rows `table` has."""
        with self.database.transaction() as tx:
            return tx.execute(select(func.count()).select_from(table)).scalar_one()

    def handled(self) -> list[str]:
        """Return the ids of the events whose effect was written, one for each effect, sorted."""
        return sorted(row.event_id for row in self.rows(self.effects))

    def unpublished(self) -> int:
        """Return how many outbox rows wait for Kafka."""
        return sum(row.topic_id is None for row in self.rows(self.tables.outbox))


@contextmanager
def flow_of(service: str, databases: Databases, bootstrap_servers: str) -> Iterator[Flow]:
    """Give the flow of `service` on an empty database."""
    flow = Flow(databases.fresh(service), bootstrap_servers)
    try:
        yield flow
    finally:
        flow.close()


def envelope(event_id: str, *, type_: str = "requests.published.v1") -> Headers:
    """Return valid headers."""
    return encode(
        event_id=event_id, type_=type_, source="intake", subject=new_ref(), sequence=1, time=SystemClock().now()
    )


def dead_letters(flow: Flow) -> list[DeadLetter]:
    """Publish the parked events of `flow` and read them back."""
    flow.publish()
    with closing(flow.kafka.reader()) as consumer:
        return list(read_dead_letters(consumer, DLQ))


def example() -> dict[str, Any]:
    """Return the data of a published request, as a producer would give it."""
    event = CATALOGUE["requests"].event("published")
    return dict(event.schema.load(event.example))


def drive(*steps: Callable[[], float], until: Callable[[], bool], seconds: float = 60.0) -> None:
    """Call `steps` in turn until `until()`, backing off like a worker; TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s")
        for step in steps:
            attempt(step)


def attempt(step: Callable[[], float]) -> float:
    """Call `step` as a worker does, which passes over what will pass; return the seconds to wait."""
    try:
        return step()
    except KafkaError:
        time.sleep(0.1)
    except Exception as error:
        if not is_transient(error):
            raise
        time.sleep(0.1)
    return 0.0


@contextmanager
def running(*steps: Callable[[], float]) -> Iterator[None]:
    """Run each of `steps` over and over on a thread of its own; an error that no worker survives fails the test."""
    stop = threading.Event()
    died: list[Exception] = []

    def run(step: Callable[[], float]) -> None:
        try:
            while not stop.is_set():
                stop.wait(min(attempt(step), 0.1))
        except Exception as error:
            died.append(error)
            raise

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert died == []


def records_of(bootstrap_servers: str, topic: str) -> list[Any]:
    """Return every record of `topic`, by partition and offset."""
    consumer = KafkaSettings(bootstrap_servers).reader()
    try:
        return _all_records(consumer, topic)
    finally:
        consumer.close()


def _all_records(consumer: KafkaConsumer, topic: str) -> list[Any]:
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    missing = {p: end for p, end in consumer.end_offsets(partitions).items() if end > 0}
    found: list[Any] = []
    while missing:
        for partition, batch in consumer.poll(timeout_ms=1_000).items():
            found += batch
            if batch[-1].offset + 1 >= missing.get(partition, 0):
                missing.pop(partition, None)
    return sorted(found, key=lambda record: (record.partition, record.offset))


def recreate(bootstrap_servers: str, topic: str) -> None:
    """Delete `topic`; the next to look makes it anew."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        admin.delete_topics([topic])
        while topic in admin.list_topics():
            time.sleep(0.05)
    finally:
        admin.close()


def add_partitions(bootstrap_servers: str, topic: str, count: int) -> None:
    """Give `topic` more partitions, `count` in all."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        admin.create_partitions({topic: count})
    finally:
        admin.close()
