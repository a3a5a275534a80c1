"""Which Kafka the tests run on, behind one handle that fault tests may kill, start and wipe."""

import io
import os
import socket
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from kafka.admin import KafkaAdminClient

from deploy.embedded.broker import Broker, speaks_kafka
from deploy.embedded.processes import LOOPBACK, Guard, free_port

APACHE_IMAGE = "apache/kafka:4.3.1"
APACHE_READY_SECONDS = 60
CONTROLLER_PORT = 29093
LOG_FOLDER = "/var/lib/kafka/data/logs"

START_APACHE = "chmod -R u+w /etc/kafka/docker /opt/kafka/config; exec /etc/kafka/docker/run"
"""The image's own start writes over its settings; not every build of the image leaves them writable."""


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


class ApacheKafka:
    """Apache Kafka in one container; its disk is the container's own and survives `kill()`."""

    is_apache = True

    def __init__(self, image: str) -> None:
        """Describe a broker of `image` at a loopback port that stays the same for good."""
        self._port = free_port()
        self.bootstrap_servers = f"{LOOPBACK}:{self._port}"
        self.description = f"{image} in a container"
        self._image = image
        self._container: Any = None

    def is_running(self) -> bool:
        """Tell whether the container runs."""
        if self._container is None:
            return False
        self._container.reload()
        return bool(self._container.status == "running")

    def kill(self) -> None:
        """Kill the container (SIGKILL), keeping its disk."""
        wrapped = self._container.get_wrapped_container()
        wrapped.kill()
        wrapped.wait()

    def start(self) -> None:
        """Start the container, made anew if there is none, and wait until the broker answers."""
        if self._container is None:
            self._container = self._make().start()
        else:
            self._container.get_wrapped_container().start()
        wait_until(self._has_come_up, seconds=APACHE_READY_SECONDS, what="Apache Kafka")

    def _has_come_up(self) -> bool:
        if not self.is_running():
            raise ChildProcessError("the container ended by itself")
        return speaks_kafka(self._port)

    def wipe(self) -> None:
        """Remove the container with its disk and start another one."""
        self.close()
        self.start()

    def disk(self) -> dict[str, bytes]:
        """Return every file but the indexes: they hold numbers alone, and each is kept at 10 MB.

        What belongs to deleted topics is left out, because it may vanish while it is read.
        """
        wanted = "-type f ! -name '*.index' ! -name '*.timeindex' -print"
        found = f"cd {LOG_FOLDER} && find . -name '*-delete' -prune -o {wanted}"
        # By 1 tar says that a file grew meanwhile, as the broker's own log does; what there was is packed.
        pack = f"({found} | tar -c -T - -f -) || [ $? -eq 1 ]"
        with tarfile.open(fileobj=io.BytesIO(self._run(pack))) as packed:
            files = {member.name.removeprefix("./"): packed.extractfile(member) for member in packed}
            return {path: file.read() for path, file in files.items() if file is not None}

    def damage(self, path: str, at: int) -> None:
        """Overwrite one byte in the file as it lies there, so that the broker goes on to serve it."""
        self._run(f"printf '\\377' | dd of={LOG_FOLDER}/{path} bs=1 seek={at} conv=notrunc 2>&1")

    def _run(self, command: str) -> bytes:
        """Run `command` in the container and return what it prints."""
        container = self._container.get_wrapped_container()
        code, (printed, complaint) = container.exec_run(["sh", "-c", command], demux=True)
        if code != 0:
            raise ChildProcessError(f"{command}: {complaint!r}")
        return bytes(printed or b"")

    def close(self) -> None:
        """Remove the container with its disk."""
        if self._container is not None:
            self._container.stop()
        self._container = None

    def _make(self) -> Any:
        from testcontainers.core.container import DockerContainer

        settings = apache_settings(self._port)
        container = DockerContainer(self._image, env=settings).with_bind_ports(self._port, self._port)
        return container.with_command(["bash", "-c", START_APACHE])


def apache_settings(port: int) -> dict[str, str]:
    """Return the settings of one broker that is its own controller and answers at the loopback `port`.

    The same port is used inside and outside of the container, so that the advertised address is right in both.
    """
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://:{CONTROLLER_PORT}",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{LOOPBACK}:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@localhost:{CONTROLLER_PORT}",
        "KAFKA_LOG_DIRS": LOG_FOLDER,
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        # A killed broker is fenced, and so may come back, after 2 s instead of 9.
        "KAFKA_BROKER_SESSION_TIMEOUT_MS": "2000",
        "KAFKA_BROKER_HEARTBEAT_INTERVAL_MS": "400",
        "KAFKA_HEAP_OPTS": "-Xmx512m -Xms256m",
    }


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


def _knock(address: str) -> None:
    """Connect to a Docker engine's address and hang up. Raises OSError if nothing listens there."""
    scheme, _, rest = address.partition("://")
    if scheme == "unix":
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(rest)
    else:
        host, _, port = rest.rpartition(":")
        socket.create_connection((host, int(port)), timeout=2).close()


def docker_is_missing() -> str | None:
    """Return why no container can be started, None when a Docker engine answers."""
    # The reaper's image is one more thing to download; the fixtures remove what they started.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    try:
        # Asked by hand first: the library leaves its socket open where nothing answers.
        _knock(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
        from testcontainers.core.docker_client import DockerClient

        DockerClient().client.ping()
    except Exception as error:  # No socket, no right, no answer: each means that there is no engine.
        return f"no Docker engine answers ({type(error).__name__})"
    return None


def delete_topics(bootstrap_servers: str) -> None:
    """Delete every topic but Kafka's own, and wait until they are gone."""
    client = KafkaAdminClient(bootstrap_servers=bootstrap_servers)

    def present() -> list[str]:
        return [name for name in client.list_topics() if not name.startswith("__")]

    try:
        names = present()
        if names:
            client.delete_topics(names)
            wait_until(lambda: not present(), seconds=20, what="deleting topics")
    finally:
        client.close()


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Return once `condition()` is true. Raises TimeoutError naming `what`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.05)
