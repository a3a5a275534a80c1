"""Which Kafka the tests run on, behind one handle that fault tests may kill, start and wipe."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from deploy.client import wait_until
from deploy.embedded.broker import Broker
from deploy.embedded.processes import Guard, free_port
from shared.events.catalogue import CATALOGUE, PARTITIONS
from shared.messaging.provisioning import apply_topics
from tests.support.apache_kafka import APACHE_IMAGE, ApacheKafka, docker_is_missing


class KafkaBroker(Protocol):
    """A broker for tests. `description` says which, and why this one."""

    bootstrap_servers: str
    is_apache: bool
    description: str

    def is_running(self) -> bool:
        """Tell whether the broker runs."""

    def kill(self) -> None:
        """Kill it where it stands. Skips the test if this broker is not ours to kill."""

    def start(self) -> None:
        """Bring it back at the same address, with its disk if it has one, and wait until it answers."""

    def wipe(self) -> None:
        """Kill it, lose its disk, and start it empty at the same address."""

    def disk(self) -> dict[str, bytes]:
        """Return what its disk holds of each partition: path from the log folder -> content.

        Skips the test if the disk is out of reach, or if there is none.
        """

    def damage(self, path: str, at: int) -> None:
        """Overwrite the byte at `at` of the file that `disk()` calls `path`. Skips like `disk()`."""

    def close(self) -> None:
        """End it for good."""


class GivenKafka:
    """The brokers that KAFKA_BOOTSTRAP_SERVERS names. They belong to somebody else, so faults are skipped."""

    is_apache = True

    def __init__(self, bootstrap_servers: str) -> None:
        """Use the brokers at `bootstrap_servers`."""
        self.bootstrap_servers = bootstrap_servers
        self.description = f"the brokers that KAFKA_BOOTSTRAP_SERVERS names ({bootstrap_servers})"

    def is_running(self) -> bool:
        """Assume so."""
        return True

    def kill(self) -> None:
        """Skip: these brokers are not ours to kill."""
        pytest.skip("KAFKA_BOOTSTRAP_SERVERS names brokers that the tests may not kill")

    start = wipe = kill

    def disk(self) -> dict[str, bytes]:
        """Skip: only their owner reaches it."""
        pytest.skip("KAFKA_BOOTSTRAP_SERVERS names brokers whose disk the tests cannot reach")

    def damage(self, path: str, at: int) -> None:
        """Skip: only their owner reaches the disk."""
        self.disk()

    def close(self) -> None:
        """Leave them be."""


class EmbeddedKafka:
    """The broker of the embedded stack. It has no disk: `start()` after `kill()` gives an empty one too."""

    is_apache = False

    def __init__(self, *, guard: Guard, log: Path, why: str) -> None:
        """Describe the broker; `why` says why it is used instead of Apache Kafka."""
        self._broker = Broker(port=free_port(), guard=guard, log=log)
        self.bootstrap_servers = self._broker.bootstrap_servers
        self.description = f"the embedded broker, because {why}"

    def is_running(self) -> bool:
        """Tell whether its process runs."""
        return self._broker.process.is_alive()

    def kill(self) -> None:
        """Kill its process."""
        self._broker.process.kill()

    def start(self) -> None:
        """Start it, empty."""
        self._broker.start()

    def wipe(self) -> None:
        """Kill it and start it empty."""
        self.kill()
        self.start()

    def disk(self) -> dict[str, bytes]:
        """Skip: it has none."""
        pytest.skip(f"needs a disk; this run used {self.description}, which keeps its log in memory")

    def damage(self, path: str, at: int) -> None:
        """Skip: it has no disk."""
        self.disk()

    def close(self) -> None:
        """End its process."""
        self.kill()


def choose_kafka(*, guard: Guard, log: Path) -> KafkaBroker:
    """Start the first Kafka that can be had: the given one, Apache Kafka in a container, the embedded broker."""
    given = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if given:
        return GivenKafka(given)
    why = docker_is_missing()
    if why is None:
        apache = ApacheKafka(os.environ.get("KAFKA_IMAGE", APACHE_IMAGE))
        try:
            apache.start()
        except Exception as error:  # Whatever the engine says, the tests go on without it and say why.
            apache.close()
            why = f"{apache.description} did not start ({error})"
        else:
            return apache
    embedded = EmbeddedKafka(guard=guard, log=log, why=why)
    embedded.start()
    return embedded


def delete_topics(bootstrap_servers: str, only: Collection[str] | None = None) -> None:
    """Delete every topic but Kafka's own, or `only` some, and wait until they are gone."""
    client = KafkaAdminClient(bootstrap_servers=bootstrap_servers)

    def present() -> list[str]:
        ours = [name for name in client.list_topics() if not name.startswith("__")]
        return [name for name in ours if only is None or name in only]

    try:
        names = present()
        if names:
            client.delete_topics(names)
            wait_until(lambda: not present(), seconds=20, what="deleting topics", pause=0.05)
    finally:
        client.close()


def renew_topics(bootstrap_servers: str) -> None:
    """Make every topic of the catalogue anew that holds a record or is not as the catalogue says; keep the others."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap_servers)
    try:
        found = {name: sorted(consumer.partitions_for_topic(name) or ()) for name in consumer.topics()}
        ends = consumer.end_offsets([TopicPartition(name, number) for name in found for number in found[name]])
    finally:
        consumer.close()
    used = {partition.topic for partition, end in ends.items() if end > 0}
    used |= {name for name, numbers in found.items() if len(numbers) != (PARTITIONS if name in CATALOGUE else 1)}
    delete_topics(bootstrap_servers, only=used)
    apply_topics(bootstrap_servers, 1)
