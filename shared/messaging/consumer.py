"""The consumer: a member of a group that takes events from Kafka, and knows from where to where (R4, R5, R6).

What it was given is handled in `handling.py`, one transaction per poll.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from functools import partial
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.structs import MemberState, OffsetAndMetadata
from sqlalchemy import Row

from shared.database import Database
from shared.messaging.handling import Handler, Handling
from shared.messaging.inbox import read_positions
from shared.messaging.positions import Position, Record, partition_of, unread
from shared.messaging.relay import LooksUpTopics
from shared.messaging.stalls import StallWatch
from shared.messaging.tables import MessagingTables
from shared.messaging.unreadable import find_unreadable, is_about_bytes
from shared.observability.logging import error_fields, logger

BATCH = 50
"""Records per poll. Batches that claim can deadlock with each other, so they are small."""

POLL_MS = 250
LOOK_SECONDS = 10.0
COMMIT_SECONDS, STEADY_SECONDS = 10.0, 5.0
"""How often offsets are committed for display, and for how long the assignment must have stood still before: in
kafka-python a commit that crosses a rebalance can leave the member outside of its group for good."""

HELD_LIMIT = 200
"""As many failing events may wait for their next try before no more are fetched."""


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
        reader: Callable[[], KafkaConsumer],
        topics: LooksUpTopics,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Consume the topics in `handlers`, as the member that `connect` makes. `reader` makes a client of no group."""
        self._database = database
        self._tables = tables
        self._group = group
        self._handlers = dict(handlers)
        self._connect = connect
        self._reader = reader
        self._topics = topics
        self._monotonic = monotonic
        self._kafka: KafkaConsumer | None = None
        self._positions: dict[TopicPartition, Position] = {}
        self._ids: dict[str, str] = {}
        self._looked_at = self._committed_at = self._moved_at = float("-inf")
        self._watch = StallWatch(group, monotonic)
        self._handling = Handling(
            database, tables, group=group, handlers=handlers, positions=self._positions, monotonic=monotonic
        )

    @property
    def fuse_blown(self) -> bool:
        """Tell whether this consumer has stopped because too many events were parked."""
        return self._handling.fuse.blown

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Forget where we stood. Called on the client's own thread, so it does no more than that."""
        for partition in revoked:
            self._positions.pop(partition, None)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self.on_partitions_revoked(assigned)

    def step(self) -> float:
        """Take one poll. Raises KafkaError or a transient database error to back off; nothing is lost by either."""
        if self.fuse_blown:
            self.close()
            return 1.0
        if self._monotonic() - self._looked_at >= LOOK_SECONDS:
            self._look()
        if self._kafka is None:
            self._kafka = self._connect(self._group, tuple(self._handlers), self)
            self._watch.joins()
        self._handling.retry()
        held = self._handling.held
        if held >= HELD_LIMIT:
            return 0.1
        polled = self._poll(self._kafka, timeout_ms=50 if held else POLL_MS)
        fresh = self._take_positions(self._kafka)
        records = [r for partition, batch in polled.items() if partition not in fresh for r in batch]
        if records:
            self._watch.moves()
            self._handling.handle(records)
            self._commit_for_display(self._kafka)
        inside = self._kafka.group_metadata().state == MemberState.STABLE
        if self._watch.is_lost(inside=inside) or self._watch.has_stalled(
            lacks=partial(self._lacks_events, self._kafka)
        ):
            self.close()
        return 0.0

    def close(self) -> None:
        kafka, self._kafka = self._kafka, None
        if kafka is not None:
            kafka.close(autocommit=False, timeout_ms=2_000)

    def _poll(self, kafka: KafkaConsumer, *, timeout_ms: int) -> dict[TopicPartition, list[Record]]:
        try:
            polled: dict[TopicPartition, list[Record]] = kafka.poll(timeout_ms=timeout_ms, max_records=BATCH)
        except Exception as error:
            if not is_about_bytes(error):
                raise
            logger().warning("poll_unreadable", group=self._group, **error_fields(error))
            # kafka-python stays where it failed, and its next poll there would never return. So afterwards the client
            # either stands somewhere else or is gone.
            moved = False
            try:
                moved = self._step_over_unreadable(kafka)
            finally:
                if not moved:
                    self.close()
            if not moved:
                raise
            return {}
        return polled

    def _step_over_unreadable(self, kafka: KafkaConsumer) -> bool:
        """Set aside each record that cannot be read where we stand, and go on behind it; tell whether we have moved."""
        moved = bool(self._take_positions(kafka) & self._positions.keys())
        with closing(self._reader()) as reader:
            found = find_unreadable(reader, unread(kafka, dict(self._positions)))
        for record in found:
            try:
                kafka.seek(partition_of(record), record.offset + 1)
            except ValueError:
                # The partition was taken away meanwhile; the member that has it now finds the record, too.
                continue
            self._handling.set_aside(record)
            moved = True
        return moved

    def _lacks_events(self, kafka: KafkaConsumer) -> bool:
        """Tell whether we have no partition, or one that holds what we have not been given. Raises KafkaError."""
        return not kafka.assignment() or bool(unread(kafka, dict(self._positions)))

    def _look(self) -> None:
        """Notice topics that were made anew, and start over in them."""
        present = dict(self._topics.look())
        anew = {
            p: position for p, position in list(self._positions.items()) if present.get(p.topic) != position.topic_id
        }
        if anew:
            logger().warning("topics_made_anew", topics=sorted({partition.topic for partition in anew}))
            # The client goes, too. It holds partitions of the topics as they were, and if there are fewer of them now
            # it asks for those that are missing without end and reads none of the others.
            self.close()
            self._positions.clear()
        self._ids = present
        self._looked_at = self._monotonic()

    def _take_positions(self, kafka: KafkaConsumer) -> set[TopicPartition]:
        """Go to the stored position of every partition newly assigned; return those partitions.

        What was polled from them before is dropped, because it was not read from there.
        """
        fresh = {p for p in kafka.assignment() if p not in self._positions}
        if not all(p.topic in self._ids for p in fresh):
            self._looked_at = float("-inf")
            return fresh
        if fresh:
            with self._database.transaction() as tx:
                stored = read_positions(tx, self._tables, self._group)
            for partition in fresh:
                self._take_position(kafka, partition, stored.get(partition))
        return fresh

    def _take_position(self, kafka: KafkaConsumer, partition: TopicPartition, stored: Row[Any] | None) -> None:
        topic_id = self._ids[partition.topic]
        known = stored is not None and stored.topic_id == topic_id
        position = Position(topic_id, stored.next_offset if stored is not None and known else 0)
        try:
            if known:
                kafka.seek(partition, position.next_offset)
            else:
                kafka.seek_to_beginning(partition)
        except ValueError:
            # The partition was taken away meanwhile, on the client's own thread.
            return
        self._positions[partition] = position
        self._moved_at = self._monotonic()

    def _commit_for_display(self, kafka: KafkaConsumer) -> None:
        """Tell Kafka where we stand, for its tools. Nothing here ever reads it back."""
        now = self._monotonic()
        if now - self._committed_at < COMMIT_SECONDS or now - self._moved_at < STEADY_SECONDS:
            return
        offsets = {p: OffsetAndMetadata(position.resume_at(), "", -1) for p, position in list(self._positions.items())}
        kafka.commit_async(offsets)
        self._committed_at = now
