"""The events of one poll in one transaction; those that fail tried again alone, and parked in the end (R2, R5)."""

from collections import deque
from collections.abc import Callable, Mapping

from kafka import TopicPartition
from sqlalchemy import Connection

from shared.database import Database, is_contention, is_transient
from shared.events.envelope import Event, InvalidEvent, decode
from shared.messaging.dead_letters import park
from shared.messaging.inbox import first_time, write_position
from shared.messaging.positions import Failing, Position, Record, partition_of
from shared.messaging.tables import MessagingTables
from shared.messaging.unreadable import Unreadable
from shared.observability.logging import error_fields, logger
from shared.observability.metrics import EVENTS, FUSE, HANDLE_SECONDS, PARKED

Handler = Callable[[Connection, Event], None]

RETRY_PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds before the second to the fifth try: five tries within four seconds (R5)."""

FUSE_LIMIT, FUSE_SECONDS = 20, 60.0
"""So many parked events within so many seconds blow it."""


class Fuse:
    """Counts what is parked. Once blown it stays so until the process is started again, by somebody who looked."""

    def __init__(self, group: str, monotonic: Callable[[], float]) -> None:
        self._group = group
        self._monotonic = monotonic
        self._parked_at: deque[float] = deque(maxlen=FUSE_LIMIT)
        self.blown = False

    def count(self) -> None:
        now = self._monotonic()
        self._parked_at.append(now)
        if len(self._parked_at) == FUSE_LIMIT and now - self._parked_at[0] <= FUSE_SECONDS:
            self.blown = True
            FUSE.set(1)
            logger().error("consumer_fuse_blown", group=self._group, parked=FUSE_LIMIT)


class Handling:
    """Takes records to the handlers of their topics and keeps `positions` up to date with the database.

    A partition that disappears from `positions` was taken away, or has to be read again from its stored position.
    """

    def __init__(
        self,
        database: Database,
        tables: MessagingTables,
        *,
        group: str,
        handlers: Mapping[str, Handler],
        positions: dict[TopicPartition, Position],
        monotonic: Callable[[], float],
    ) -> None:
        """Handle for `group`. A handler works in the transaction given to it and never commits."""
        self._database = database
        self._tables = tables
        self._group = group
        self._handlers = handlers
        self._positions = positions
        self._monotonic = monotonic
        self.fuse = Fuse(group, monotonic)

    @property
    def held(self) -> int:
        return sum(len(position.failing) for position in list(self._positions.values()))

    def handle(self, records: list[Record]) -> None:
        """Handle what one poll gave. Raises "not now" of the database; nothing of it was done then."""
        try:
            with HANDLE_SECONDS.time():
                self._handle_together(records)
        except Exception as error:
            if not is_contention(error) or len(records) == 1:
                self._read_again(records)
                raise
            self._handle_singly(records)

    def set_aside(self, record: Unreadable) -> None:
        """Let the next `retry` park `record`, and go on behind it."""
        position = self._positions.get(partition_of(record))
        if position is not None:
            EVENTS.labels(topic=record.topic, outcome="failed").inc()
            position.failing[record.offset] = self._failing(record, 1, record.error)
            position.next_offset = record.offset + 1

    def retry(self) -> None:
        """Try what is due again, each alone in its transaction; park what has failed often enough."""
        for partition, position in list(self._positions.items()):
            for failing in [f for f in position.failing.values() if f.retry_at <= self._monotonic()]:
                if self.fuse.blown:
                    return
                try:
                    self._retry_one(partition, position, failing)
                except Exception as error:
                    if not is_contention(error):
                        raise
                    # Somebody else's locks: neither counted against the event nor waited for by the others.
                    failing.retry_at = self._monotonic() + RETRY_PAUSES[0]

    def _handle_singly(self, records: list[Record]) -> None:
        """Handle each of `records` in its own transaction, because together they met the locks of another one.

        A partition whose record still meets them stops there; the others flow. Raises the first such error at the end.
        """
        first: Exception | None = None
        for number, record in enumerate(records):
            if partition_of(record) not in self._positions:
                continue
            try:
                self._handle_together([record])
            except Exception as error:
                if not is_contention(error):
                    self._read_again(records[number:])
                    raise
                self._read_again([record])
                first = first or error
        if first is not None:
            raise first

    def _read_again(self, records: list[Record]) -> None:
        """Let the next step go back to the stored positions: `records` are gone from the client's buffer."""
        for record in records:
            self._positions.pop(partition_of(record), None)

    def _handle_together(self, records: list[Record]) -> None:
        failed: list[Failing] = []
        with self._database.transaction() as tx:
            for record in records:
                error = self._attempt(tx, record)
                if error is not None:
                    failed.append(self._failing(record, 1, error))
            after = self._settle(records, failed)
            for partition, position in after.items():
                self._store(tx, partition, position)
        # Written only now: had the commit failed, nothing of it would be true.
        for partition, position in after.items():
            if partition in self._positions:
                self._positions[partition] = position

    def _settle(self, records: list[Record], failed: list[Failing]) -> dict[TopicPartition, Position]:
        """Return the positions after `records`, of which `failed` are to be tried again."""
        after: dict[TopicPartition, Position] = {}
        for record in records:
            partition = partition_of(record)
            known = after.get(partition) or self._positions.get(partition)
            if known is not None:
                after[partition] = Position(known.topic_id, record.offset + 1, dict(known.failing))
        for failing in failed:
            position = after.get(partition_of(failing.record))
            if position is not None:
                position.failing[failing.record.offset] = failing
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
        no_event = isinstance(record, Unreadable) or isinstance(error, InvalidEvent)
        hopeless = no_event or tries > len(RETRY_PAUSES)
        pause = 0.0 if hopeless else RETRY_PAUSES[tries - 1]
        return Failing(record, tries, self._monotonic() + pause, error, hopeless)

    def _retry_one(self, partition: TopicPartition, position: Position, failing: Failing) -> None:
        offset = failing.record.offset
        with self._database.transaction() as tx:
            if failing.hopeless:
                park(tx, self._tables, group=self._group, record=failing.record, error=failing.error)
            else:
                error = self._attempt(tx, failing.record)
                if error is not None:
                    position.failing[offset] = self._failing(failing.record, failing.tries + 1, error)
                    return
            self._store(tx, partition, position.without(offset))
        position.failing.pop(offset, None)
        if failing.hopeless:
            PARKED.labels(topic=partition.topic).inc()
            self.fuse.count()

    def _store(self, tx: Connection, partition: TopicPartition, position: Position) -> None:
        resume_at = position.resume_at()
        write_position(tx, self._tables, self._group, partition, topic_id=position.topic_id, next_offset=resume_at)
