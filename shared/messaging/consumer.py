"""The consumer: events from Kafka into one transaction per poll, each exactly once in its effect (R2, R4, R5, R6)."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata
from sqlalchemy import Connection, Row

from shared.database import Database, is_contention, is_transient
from shared.events.envelope import Event, InvalidEvent, decode
from shared.messaging.dead_letters import park
from shared.messaging.fuse import Fuse
from shared.messaging.inbox import first_time, read_positions, write_position
from shared.messaging.places import Failing, Place, Record, partition_of
from shared.messaging.relay import LooksUpTopics
from shared.messaging.tables import MessagingTables
from shared.observability.logging import error_fields, logger
from shared.observability.metrics import EVENTS, HANDLE_SECONDS, PARKED

Handler = Callable[[Connection, Event], None]

BATCH = 50
"""Records per poll. Batches that claim can deadlock with each other, so they are small."""

POLL_MS = 250
LOOK_MS = 3_000
LOOK_SECONDS = 10.0
COMMIT_SECONDS, STEADY_SECONDS = 10.0, 5.0
"""How often offsets are committed for display, and for how long the assignment must have stood still before: in
kafka-python a commit that crosses a rebalance can leave the member outside of its group for good."""

RETRY_PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds before the second to the fifth try: five tries within four seconds (R5)."""

HELD_LIMIT = 200
"""As many failing events may wait for their next try before no more are fetched."""

JOIN_SECONDS, JOIN_AT_MOST = 15.0, 600.0
"""A member that gets nothing for so long, though there is something, joins anew with a new client: a join of
kafka-python that crosses a broker's death or a rebalance can stall for good. Doubled each time, because beyond as many
members as there are partitions some rightly have nothing."""


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python carries no types.
    """Takes the events of some topics for one group and hands each to the handler of its topic."""

    def __init__(
        self,
        database: Database,
        tables: MessagingTables,
        *,
        group: str,
        handlers: Mapping[str, Handler],
        connect: Callable[[str, tuple[str, ...], ConsumerRebalanceListener], KafkaConsumer],
        topics: LooksUpTopics,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Consume the topics in `handlers`. A handler works in the transaction given to it and never commits."""
        self._database = database
        self._tables = tables
        self._group = group
        self._handlers = dict(handlers)
        self._connect = connect
        self._topics = topics
        self._monotonic = monotonic
        self._kafka: KafkaConsumer | None = None
        self._places: dict[TopicPartition, Place] = {}
        self._ids: dict[str, str] = {}
        self._looked_at = self._committed_at = self._moved_at = float("-inf")
        self._moving_at, self._patience = 0.0, JOIN_SECONDS
        self._fuse = Fuse(group, monotonic)

    @property
    def fuse_blown(self) -> bool:
        """Tell whether this consumer has stopped because too many events were parked."""
        return self._fuse.blown

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Forget where we stood. Called on the client's own thread, so it does no more than that."""
        for partition in revoked:
            self._places.pop(partition, None)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Forget where we stood, so that the next step reads it from the database."""
        self.on_partitions_revoked(assigned)

    def step(self) -> float:
        """Take one poll. Raises KafkaError or a transient database error to back off; nothing is lost by either."""
        if self._fuse.blown:
            self.close()
            return 1.0
        if self._monotonic() - self._looked_at >= LOOK_SECONDS:
            self._look()
        if self._kafka is None:
            self._kafka = self._connect(self._group, tuple(self._handlers), self)
            self._moving_at = self._monotonic()
        self._retry()
        held = sum(len(place.failing) for place in list(self._places.values()))
        if held >= HELD_LIMIT:
            return 0.1
        polled = self._kafka.poll(timeout_ms=50 if held else POLL_MS, max_records=BATCH)
        fresh = self._take_places(self._kafka)
        records = [r for partition, batch in polled.items() if partition not in fresh for r in batch]
        if records:
            self._moving_at, self._patience = self._monotonic(), JOIN_SECONDS
            self._handle(records)
            self._commit_for_display(self._kafka)
        self._join_anew_if_stalled(self._kafka)
        return 0.0

    def close(self) -> None:
        """Leave the group."""
        if self._kafka is not None:
            self._kafka.close(autocommit=False, timeout_ms=2_000)
            self._kafka = None

    def _join_anew_if_stalled(self, kafka: KafkaConsumer) -> None:
        now = self._monotonic()
        if now - self._moving_at <= self._patience:
            return
        self._moving_at = now
        if kafka.assignment() and not self._is_behind(kafka):
            self._patience = JOIN_SECONDS
            return
        logger().warning("join_stalled", group=self._group, seconds=int(self._patience))
        self._patience = min(2 * self._patience, JOIN_AT_MOST)
        self.close()

    def _is_behind(self, kafka: KafkaConsumer) -> bool:
        """Tell whether a partition of ours holds something that we have not been given. Raises KafkaError."""
        places = dict(self._places)
        first = kafka.beginning_offsets(list(places), timeout_ms=LOOK_MS)
        end = kafka.end_offsets(list(places), timeout_ms=LOOK_MS)
        return any(end[partition] > max(first[partition], place.next_offset) for partition, place in places.items())

    def _look(self) -> None:
        """Notice topics that were made anew, and start over in them."""
        present = dict(self._topics.look())
        anew = {p: place for p, place in list(self._places.items()) if present.get(p.topic) != place.topic_id}
        if anew:
            logger().warning("topics_made_anew", topics=sorted({partition.topic for partition in anew}))
            # The client goes, too. It holds partitions of the topics as they were, and if there are fewer of them now
            # it asks for those that are missing without end and reads none of the others.
            self.close()
            self._places.clear()
        self._ids = present
        self._looked_at = self._monotonic()

    def _take_places(self, kafka: KafkaConsumer) -> set[TopicPartition]:
        """Go to the stored position of every partition newly assigned; return those partitions.

        What was polled from them before is dropped, because it was not read from there.
        """
        fresh = {p for p in kafka.assignment() if p not in self._places}
        if not all(p.topic in self._ids for p in fresh):
            self._looked_at = float("-inf")
            return fresh
        if fresh:
            with self._database.transaction() as tx:
                stored = read_positions(tx, self._tables, self._group)
            for partition in fresh:
                self._take_place(kafka, partition, stored.get(partition))
        return fresh

    def _take_place(self, kafka: KafkaConsumer, partition: TopicPartition, stored: Row[Any] | None) -> None:
        topic_id = self._ids[partition.topic]
        known = stored is not None and stored.topic_id == topic_id
        place = Place(topic_id, stored.next_offset if stored is not None and known else 0)
        try:
            if known:
                kafka.seek(partition, place.next_offset)
            else:
                kafka.seek_to_beginning(partition)
        except ValueError:
            # The partition was taken away meanwhile, on the client's own thread.
            return
        self._places[partition] = place
        self._moved_at = self._monotonic()

    def _handle(self, records: list[Record]) -> None:
        try:
            with HANDLE_SECONDS.time():
                self._handle_together(records)
        except Exception as error:
            if not is_contention(error) or len(records) == 1:
                self._fetch_again(records)
                raise
            self._handle_singly(records)

    def _handle_singly(self, records: list[Record]) -> None:
        """Handle each of `records` in its own transaction, because together they met the locks of another one.

        A partition whose record still meets them stops there; the others flow. Raises the first such error at the end.
        """
        first: Exception | None = None
        for number, record in enumerate(records):
            if partition_of(record) not in self._places:
                continue
            try:
                self._handle_together([record])
            except Exception as error:
                if not is_contention(error):
                    self._fetch_again(records[number:])
                    raise
                self._fetch_again([record])
                first = first or error
        if first is not None:
            raise first

    def _fetch_again(self, records: list[Record]) -> None:
        """Let the next step go back to the stored positions: `records` are gone from the client's buffer."""
        for record in records:
            self._places.pop(partition_of(record), None)

    def _handle_together(self, records: list[Record]) -> None:
        failed: list[Failing] = []
        with self._database.transaction() as tx:
            for record in records:
                error = self._attempt(tx, record)
                if error is not None:
                    failed.append(self._failing(record, 1, error))
            after = self._settle(records, failed)
            for partition, place in after.items():
                self._store(tx, partition, place)
        # Written only now: had the commit failed, nothing of it would be true.
        for partition, place in after.items():
            if partition in self._places:
                self._places[partition] = place

    def _settle(self, records: list[Record], failed: list[Failing]) -> dict[TopicPartition, Place]:
        """Return the places after `records`, of which `failed` are to be tried again."""
        after: dict[TopicPartition, Place] = {}
        for record in records:
            partition = partition_of(record)
            known = after.get(partition) or self._places.get(partition)
            if known is not None:
                after[partition] = Place(known.topic_id, record.offset + 1, dict(known.failing))
        for failing in failed:
            place = after.get(partition_of(failing.record))
            if place is not None:
                place.failing[failing.record.offset] = failing
        return after

    def _attempt(self, tx: Connection, record: Record) -> Exception | None:
        """Handle one record within a savepoint; return what went wrong, raise if it is not the event's fault."""
        try:
            with tx.begin_nested():
                outcome = self._process(tx, record)
        except Exception as error:
            if is_transient(error):
                raise
            EVENTS.labels(topic=record.topic, outcome="failed").inc()
            return error
        EVENTS.labels(topic=record.topic, outcome=outcome).inc()
        return None

    def _process(self, tx: Connection, record: Record) -> str:
        event = decode(record.topic, record.key, record.headers, record.value)
        outcome = first_time(tx, self._tables, event)
        if outcome == "handled":
            self._handlers[event.topic](tx, event)
        return outcome

    def _failing(self, record: Record, tries: int, error: Exception) -> Failing:
        logger().warning(
            "event_failed",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            tries=tries,
            **error_fields(error),
        )
        hopeless = isinstance(error, InvalidEvent) or tries > len(RETRY_PAUSES)
        pause = 0.0 if hopeless else RETRY_PAUSES[tries - 1]
        return Failing(record, tries, self._monotonic() + pause, error, hopeless)

    def _retry(self) -> None:
        """Try what is due again, each alone in its transaction; park what has failed often enough."""
        for partition, place in list(self._places.items()):
            for failing in [f for f in place.failing.values() if f.retry_at <= self._monotonic()]:
                if self._fuse.blown:
                    return
                try:
                    self._retry_one(partition, place, failing)
                except Exception as error:
                    if not is_contention(error):
                        raise
                    # Somebody else's locks: neither counted against the event nor waited for by the others.
                    failing.retry_at = self._monotonic() + RETRY_PAUSES[0]

    def _retry_one(self, partition: TopicPartition, place: Place, failing: Failing) -> None:
        offset = failing.record.offset
        with self._database.transaction() as tx:
            if failing.hopeless:
                park(tx, self._tables, group=self._group, record=failing.record, error=failing.error)
            else:
                error = self._attempt(tx, failing.record)
                if error is not None:
                    place.failing[offset] = self._failing(failing.record, failing.tries + 1, error)
                    return
            self._store(tx, partition, place.without(offset))
        place.failing.pop(offset, None)
        if failing.hopeless:
            PARKED.labels(topic=partition.topic).inc()
            self._fuse.count()

    def _store(self, tx: Connection, partition: TopicPartition, place: Place) -> None:
        resume_at = place.resume_at()
        write_position(tx, self._tables, self._group, partition, topic_id=place.topic_id, next_offset=resume_at)

    def _commit_for_display(self, kafka: KafkaConsumer) -> None:
        """Tell Kafka where we stand, for its tools. Nothing here ever reads it back."""
        now = self._monotonic()
        if now - self._committed_at < COMMIT_SECONDS or now - self._moved_at < STEADY_SECONDS:
            return
        offsets = {p: OffsetAndMetadata(place.resume_at(), "", -1) for p, place in list(self._places.items())}
        kafka.commit_async(offsets)
        self._committed_at = now
