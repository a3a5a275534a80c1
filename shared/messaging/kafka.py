"""Kafka's clients, made with the settings that the rules need, and the identity of the topics (KIP-516)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.errors import KafkaError, UnknownTopicOrPartitionError

from shared.messaging.provisioning import create_topics

MAX_POLL_INTERVAL_MS = 15_000
"""Well above one step of a consumer. Also how long a rebalance waits for a member that is gone without a word: by
kafka-python's default of five minutes, a group could stand still for as long after a broker was killed."""

RECONNECT_AT_MOST_MS = 1_000
"""How long a client waits at most before it knocks again; kafka-python's own 30 s would be felt after every outage."""

DELIVERY_TIMEOUT_MS = 4_000
"""An upper bound for one batch of the relay, well below its lease."""


@dataclass(frozen=True)
class KafkaSettings:
    """How to reach the brokers. `fetch_max_wait_ms`: how long a fetch may wait for a first record."""

    bootstrap_servers: str
    replication_factor: int = 1
    fetch_max_wait_ms: int = 500

    def producer(self) -> KafkaProducer:
        """Connect an idempotent producer that never creates a topic. Raises KafkaError if no broker answers."""
        return KafkaProducer(
            **self._brokers(),
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            request_timeout_ms=DELIVERY_TIMEOUT_MS - 500,
            delivery_timeout_ms=DELIVERY_TIMEOUT_MS,
            max_block_ms=DELIVERY_TIMEOUT_MS,
            linger_ms=0,
        )

    def consumer(self, group: str, topics: tuple[str, ...], listener: ConsumerRebalanceListener) -> KafkaConsumer:
        """Connect a member of `group`. Raises KafkaError if no broker answers.

        Range assignment gives one replica the same partition of every topic, and with it all events of a request.
        """
        consumer = KafkaConsumer(
            **self._brokers(),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            partition_assignment_strategy=[RangePartitionAssignor],
            session_timeout_ms=6_000,
            heartbeat_interval_ms=500,
            max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
            fetch_max_wait_ms=self.fetch_max_wait_ms,
            metadata_max_age_ms=10_000,
        )
        consumer.subscribe(list(topics), listener=listener)
        # Asked between subscribing and joining. A member that joins before its client knows of a topic is given nothing
        # of it, and may never ask again; one that learns of its topics while it joins would at once join a second time.
        if not consumer.topics() >= set(topics):
            consumer.close(autocommit=False)
            raise UnknownTopicOrPartitionError
        return consumer

    def reader(self) -> KafkaConsumer:
        """Connect a consumer of no group, which only looks. Raises KafkaError if no broker answers."""
        return KafkaConsumer(
            **self._brokers(),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
        )

    def admin(self) -> KafkaAdminClient:
        """Connect an admin client. Raises KafkaError if no broker answers."""
        return KafkaAdminClient(**self._brokers(), request_timeout_ms=5_000)

    def _brokers(self) -> dict[str, Any]:
        return {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "bootstrap_timeout_ms": 5_000,
            "reconnect_backoff_max_ms": RECONNECT_AT_MOST_MS,
        }


class TopicIds:
    """Looks up which incarnation of each topic exists now, and creates the topics of the catalogue that are missing."""

    def __init__(self, connect: Callable[[], KafkaAdminClient], replication_factor: int) -> None:
        """Use admin clients made by `connect`; one is kept until it fails."""
        self._connect = connect
        self._replication_factor = replication_factor
        self._admin: KafkaAdminClient | None = None

    def look(self) -> Mapping[str, str]:
        """Return the present id of every topic, as UUID text. Raises KafkaError if no broker answers."""
        try:
            if self._admin is None:
                self._admin = self._connect()
            create_topics(self._admin, self._replication_factor)
            described = self._admin.describe_topics()
            return {topic["name"]: str(topic["topic_id"]) for topic in described if topic["error_code"] == 0}
        except KafkaError:
            self.close()
            raise

    def close(self) -> None:
        if self._admin is not None:
            self._admin.close()
            self._admin = None
