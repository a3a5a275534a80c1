"""The broker for tests: created topics, records through it, and what a kill and a wipe leave."""

from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient

from deploy.embedded.broker import Broker, speaks_kafka
from deploy.embedded.processes import Guard, free_port
from tests.support.kafka import KafkaBroker


def create(broker: KafkaBroker | Broker, topic: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 1}})
    admin.wait_for_topics([topic])
    admin.close()


def topics(broker: KafkaBroker | Broker) -> set[str]:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    names = {name for name in admin.list_topics() if not name.startswith("__")}
    admin.close()
    return names


def produce(broker: KafkaBroker | Broker, topic: str, value: bytes) -> None:
    producer = KafkaProducer(
        bootstrap_servers=broker.bootstrap_servers, acks="all", enable_idempotence=True, allow_auto_create_topics=False
    )
    producer.send(topic, value).get(timeout=10)
    producer.close()


def read_one(broker: KafkaBroker | Broker, topic: str) -> bytes:
    consumer: Any = KafkaConsumer(
        bootstrap_servers=broker.bootstrap_servers, auto_offset_reset="earliest", allow_auto_create_topics=False
    )
    consumer.assign([TopicPartition(topic, 0)])
    try:
        for _ in range(20):
            for records in consumer.poll(timeout_ms=1_000).values():
                return bytes(records[0].value)
    finally:
        consumer.close()
    raise TimeoutError("no record arrived")


def test_a_record_comes_back_as_it_was_sent(empty_kafka: KafkaBroker) -> None:
    create(empty_kafka, "there")
    produce(empty_kafka, "there", b"hello")
    assert read_one(empty_kafka, "there") == b"hello"


def test_a_wiped_broker_is_empty_at_the_same_address(kafka: KafkaBroker) -> None:
    create(kafka, "gone")
    kafka.wipe()
    assert topics(kafka) == set()


@pytest.mark.only_apache("it has no disk")
def test_a_killed_broker_keeps_its_records(empty_kafka: KafkaBroker) -> None:
    create(empty_kafka, "kept")
    produce(empty_kafka, "kept", b"still here")
    empty_kafka.kill()
    assert not empty_kafka.is_running()
    empty_kafka.start()
    assert read_one(empty_kafka, "kept") == b"still here"


def test_the_embedded_broker_starts_again_on_its_port(guard: Guard, tmp_path: Any) -> None:
    port = free_port()
    broker = Broker(port=port, guard=guard, log=tmp_path / "broker.log")
    broker.start()
    create(broker, "first")
    broker.process.kill()
    assert not speaks_kafka(port)
    broker.start()
    assert topics(broker) == set()
    create(broker, "second")
    produce(broker, "second", b"hello")
    assert read_one(broker, "second") == b"hello"
    broker.process.stop()
