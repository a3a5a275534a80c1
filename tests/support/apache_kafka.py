"""Apache Kafka in a container, for tests that a Docker engine is there for."""

import io
import os
import socket
import tarfile
from typing import Any

from deploy.client import wait_until
from deploy.embedded.broker import speaks_kafka
from deploy.embedded.processes import LOOPBACK, free_port

APACHE_IMAGE = "apache/kafka:4.3.1"


APACHE_READY_SECONDS = 60


CONTROLLER_PORT = 29093


LOG_FOLDER = "/var/lib/kafka/data/logs"


START_APACHE = "chmod -R u+w /etc/kafka/docker /opt/kafka/config; exec /etc/kafka/docker/run"


"""The image's own start writes over its settings; not every build of the image leaves them writable."""


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
        wait_until(self._has_come_up, seconds=APACHE_READY_SECONDS, what="Apache Kafka", pause=0.05)

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
