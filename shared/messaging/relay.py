"""The relay: carries outbox rows to Kafka, one active relay per outbox (R3), and again when Kafka lost them (R6)."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from kafka import KafkaProducer
from kafka.errors import KafkaError
from sqlalchemy import BigInteger, Connection, Integer, Row, column, func, or_, select, update, values
from sqlalchemy.dialects.postgresql import UUID, insert

from shared.database import Database
from shared.events.catalogue import event_type
from shared.events.envelope import encode
from shared.messaging.tables import MessagingTables
from shared.observability.logging import logger
from shared.observability.metrics import PUBLISHED, RELAY_ACTIVE, REPUBLISHED, UNPUBLISHED

LEASE = timedelta(seconds=8)
"""Twice as long as a batch may take to be acknowledged: a stand-by takes over so long after a relay was killed."""

BATCH = 500
FLUSH_SECONDS = 5.0
"""Above the producer's delivery timeout, below the lease."""

POLL_SECONDS = 0.5
LOOK_SECONDS = 10.0


Highest = dict[tuple[str, int], int]
"""(topic, partition) -> the highest offset acknowledged there."""


class LooksUpTopics(Protocol):
    """Knows the present incarnation of each topic."""

    def look(self) -> Mapping[str, str]:
        """Return topic name -> topic id. Raises KafkaError if no broker answers."""


@dataclass(frozen=True)
class Acknowledged:
    """Where Kafka put an outbox row. `offset` is negative if the broker did not say."""

    id: int
    topic: str
    partition: int
    offset: int


class Relay:
    """Publishes the unpublished rows of one outbox in the order of their ids."""

    def __init__(
        self,
        database: Database,
        tables: MessagingTables,
        *,
        source: str,
        owner: str,
        connect: Callable[[], KafkaProducer],
        topics: LooksUpTopics,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Relay for the service `source`; `owner` is a UUID that tells this relay from its stand-bys."""
        self._database = database
        self._outbox = tables.outbox
        self._lease = tables.relay_lease
        self._source = source
        self._owner = owner
        self._connect = connect
        self._topics = topics
        self._monotonic = monotonic
        self._producer: KafkaProducer | None = None
        self._ids: dict[str, str] = {}
        self._highest: Highest = {}
        self._looked_at = float("-inf")

    def step(self) -> float:
        """Publish one batch; return how many seconds to wait. Raises KafkaError or a database error to back off."""
        if not self._hold_lease():
            # What another relay does meanwhile is not seen here, so a take-over looks first.
            self._looked_at = float("-inf")
            return POLL_SECONDS
        if self._monotonic() - self._looked_at >= LOOK_SECONDS:
            self._look()
        with self._database.transaction() as tx:
            rows = self._unpublished(tx)
        if not rows:
            return POLL_SECONDS
        sent, failure = self._send(rows)
        self._mark(sent)
        if failure is not None:
            self._drop_producer()
            raise failure
        return 0.0

    def close(self) -> None:
        """Give the lease up, so that a stand-by goes on at once, and disconnect."""
        self._drop_producer()
        with self._database.transaction() as tx:
            tx.execute(
                update(self._lease).where(self._lease.c.owner == self._owner).values(until=func.clock_timestamp())
            )
        RELAY_ACTIVE.set(0)

    def _hold_lease(self) -> bool:
        lease, now = self._lease.c, func.clock_timestamp()
        statement = insert(self._lease).values(id=1, owner=self._owner, until=now + LEASE)
        with self._database.transaction() as tx:
            held = tx.execute(
                statement.on_conflict_do_update(
                    index_elements=["id"],
                    set_={"owner": statement.excluded.owner, "until": statement.excluded.until},
                    where=or_(lease.owner == self._owner, lease.until <= now),
                ).returning(lease.id)
            ).first()
        RELAY_ACTIVE.set(held is not None)
        return held is not None

    def _still_holds_lease(self, tx: Connection) -> bool:
        """Lock the lease until `tx` ends, if it is still ours; a relay that lost it changes no row (I9)."""
        lease = self._lease.c
        held = tx.execute(
            select(lease.id).where(lease.owner == self._owner, lease.until > func.clock_timestamp()).with_for_update()
        ).first()
        if held is None:
            self._looked_at = float("-inf")
            logger().warning("relay_lease_lost")
        return held is not None

    def _look(self) -> None:
        """Compare the topics with what their rows' acknowledgements say; a topic made anew gets all its rows again."""
        present = dict(self._topics.look())
        taking_over = self._looked_at == float("-inf")
        anew = {topic for topic, topic_id in present.items() if taking_over or self._ids.get(topic) != topic_id}
        outbox = self._outbox.c
        with self._database.transaction() as tx:
            if not self._still_holds_lease(tx):
                return
            for topic in anew:
                self._start_over(tx, topic, unless=present[topic])
            if anew:
                self._highest = self._highest_acknowledged(tx)
            waiting = tx.execute(select(func.count()).where(outbox.topic_id.is_(None))).scalar_one()
        self._ids = present
        UNPUBLISHED.set(waiting)
        self._looked_at = self._monotonic()

    def _highest_acknowledged(self, tx: Connection) -> Highest:
        outbox = self._outbox.c
        rows = tx.execute(
            select(outbox.topic, outbox.partition, func.max(outbox.offset))
            .where(outbox.topic_id.is_not(None))
            .group_by(outbox.topic, outbox.partition)
        )
        return {(topic, partition): offset for topic, partition, offset in rows}

    def _start_over(self, tx: Connection, topic: str, *, unless: str | None = None) -> None:
        """Make every retained row of `topic` unpublished, save those acknowledged by the incarnation `unless`."""
        outbox = self._outbox.c
        lost = [outbox.topic == topic, outbox.topic_id.is_not(None)]
        if unless is not None:
            lost.append(outbox.topic_id != unless)
        reset = update(self._outbox).where(*lost).values(topic_id=None, partition=None, offset=None)
        count = tx.execute(reset).rowcount
        if count:
            REPUBLISHED.labels(topic=topic).inc(count)
            logger().warning("topic_lost_records", topic=topic, rows=count)

    def _unpublished(self, tx: Connection) -> Sequence[Row[Any]]:
        outbox = self._outbox.c
        return tx.execute(
            select(self._outbox)
            .where(outbox.topic_id.is_(None), outbox.topic.in_(self._ids))
            .order_by(outbox.id)
            .limit(BATCH)
        ).all()

    def _send(self, rows: Sequence[Row[Any]]) -> tuple[list[Acknowledged], KafkaError | None]:
        """Send `rows`; return what was acknowledged up to the first failure, and that failure."""
        if self._producer is None:
            self._producer = self._connect()
        acknowledged: list[Acknowledged] = []
        try:
            futures = [(row, self._producer.send(**self._record(row))) for row in rows]
            # Without a bound of our own, a flush that crosses a broker's death may never return.
            self._producer.flush(timeout=FLUSH_SECONDS)
            for row, future in futures:
                metadata = future.get(timeout=0)
                acknowledged.append(Acknowledged(row.id, row.topic, metadata.partition, metadata.offset))
        except KafkaError as error:
            return acknowledged, error
        return acknowledged, None

    def _record(self, row: Row[Any]) -> dict[str, Any]:
        headers = encode(
            event_id=row.event_id,
            type_=f"{row.topic}.{row.name}.v{event_type(row.topic, row.name).version}",
            source=self._source,
            subject=row.subject,
            sequence=row.sequence,
            time=row.created_at,
        )
        return {"topic": row.topic, "key": row.key.encode(), "value": row.data.encode(), "headers": headers}

    def _mark(self, sent: Sequence[Acknowledged]) -> None:
        """Mark what was acknowledged while the lease is still held; a topic that has lost records starts over."""
        if not sent:
            return
        marks = values(
            column("id", BigInteger),
            column("topic_id", UUID(as_uuid=False)),
            column("partition", Integer),
            column("offset", BigInteger),
            name="marks",
        ).data([(a.id, self._ids[a.topic], a.partition, a.offset) for a in sent])
        highest, lost = _account(sent, self._highest)
        with self._database.transaction() as tx:
            if not self._still_holds_lease(tx):
                return
            tx.execute(
                update(self._outbox)
                .where(self._outbox.c.id == marks.c.id)
                .values(topic_id=marks.c.topic_id, partition=marks.c.partition, offset=marks.c.offset)
            )
            for topic in lost:
                self._start_over(tx, topic)
        self._highest = highest
        for row in sent:
            PUBLISHED.labels(topic=row.topic).inc()

    def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=0)
        except KafkaError:
            # kafka-python flushes before it closes, and closes nothing if that fails: its thread would try for good.
            producer._sender.force_close()


def _account(sent: Sequence[Acknowledged], highest: Highest) -> tuple[Highest, set[str]]:
    """Return the highest offset per partition after `sent`, and the topics whose log is shorter than it was.

    An offset that was given out before means that the log has lost what it acknowledged.
    """
    after = dict(highest)
    lost = set()
    for row in sent:
        partition = (row.topic, row.partition)
        if 0 <= row.offset <= after.get(partition, -1):
            lost.add(row.topic)
        if row.offset >= 0:
            after[partition] = row.offset
    return {partition: offset for partition, offset in after.items() if partition[0] not in lost}, lost
