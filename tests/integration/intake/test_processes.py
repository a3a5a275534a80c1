"""Intake's two processes, as they run: the web server and the worker."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from deploy.embedded.processes import free_port
from services.intake.app import create_app
from services.intake.bootstrap import build_parts
from services.intake.worker import build_worker
from shared.events.envelope import data_to_json, encode
from shared.messaging.kafka import KafkaSettings
from shared.messaging.provisioning import apply_topics
from tests.integration.intake.conftest import FixedClock, settings_for
from tests.integration.intake.world import NOW, World
from tests.support.kafka import KafkaBroker, wait_until

if TYPE_CHECKING:
    from tests.support.databases import Databases


BROKEN = (
    b"GET /planted\x00 HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization Bearer planted\r\n\r\n",
    b"POST /api/v1/requests HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nplanted\r\n",
)
"""What is no HTTP; a server is tempted to quote it in its log."""


def answers(url: str) -> bool:
    """Tell whether `url` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def send_raw(port: int, raw: bytes) -> bytes:
    """Send bytes that need not be HTTP, and return the beginning of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(raw)
        return connection.recv(200)


def say_stalled(kafka: KafkaSettings, request: str) -> None:
    """Publish, as the matcher would, that a request is stalled."""
    headers = encode(
        event_id=str(uuid4()), type_="matches.stalled.v1", source="matcher", subject=request, sequence=1, time=NOW
    )
    said = {"request": request, "round": 1, "state": "stalled", "why": "no_shared_language", "next_try_at": None}
    value = data_to_json("matches", "stalled", {**said, "late": "no"}).encode()
    producer = kafka.producer()
    producer.send("matches", key=request.encode(), value=value, headers=headers).get(timeout=10)
    producer.close()


def test_the_web_process_serves_logs_no_visit_and_drains_on_sigterm(
    databases: "Databases", keyrings: Path, tmp_path: Path
) -> None:
    port, health = free_port(), free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "DATABASE_URL": databases.fresh("intake"),
        "VAULT_URL": databases.fresh("vault"),
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "KEYRING_DIR": str(keyrings),
        "HEALTH_PORT": str(health),
        "INTAKE_PORT": str(port),
        "COORDINATOR_TOKEN": "c" * 40,
        "PUBLIC_URL": "http://127.0.0.1",
    }
    log = tmp_path / "web.log"
    program = "from services.intake.web_server import main; raise SystemExit(main())"
    with log.open("wb") as file:
        web = subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=file, stderr=file)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{base}/readyz"), seconds=30, what="the web process")
        assert answers(f"{base}/")
        assert answers(f"{base}/api/v1/openapi.json")
        assert answers(f"http://127.0.0.1:{health}/metrics")
        for raw in BROKEN:
            assert send_raw(port, raw).startswith(b"HTTP/1.1 400 ")
        begun = time.monotonic()
        web.send_signal(signal.SIGTERM)
        assert web.wait(12) == 0
        assert time.monotonic() - begun < 10
    finally:
        web.kill()
        web.wait()
    said = log.read_text()
    assert "library_warning" in said
    for word in ("openapi", "planted", "127.0.0.1"):
        assert word not in said


def test_what_is_asked_reaches_kafka_and_what_the_matcher_says_reaches_the_person(
    databases: "Databases", keyrings: Path, empty_kafka: KafkaBroker
) -> None:
    settings = settings_for(
        databases.fresh("intake"), databases.fresh("vault"), keyrings, bootstrap_servers=empty_kafka.bootstrap_servers
    )
    apply_topics(empty_kafka.bootstrap_servers, 1)
    parts = build_parts(settings, process="worker", pool_size=4, clock=FixedClock(), patience=0.1)
    worker, ready = build_worker(parts)
    threads = worker.start()
    try:
        world = World(parts, create_app(parts).test_client())
        world.ask()
        wait_until(
            lambda: world.rows("SELECT 1 FROM outbox WHERE topic_id IS NULL") == [], seconds=30, what="the relay"
        )
        say_stalled(settings.common.kafka, world.newest("requests"))
        wait_until(
            lambda: world.rows("SELECT state FROM requests") == [{"state": "stalled"}], seconds=30, what="the consumer"
        )
        assert worker.alive() is None
        assert ready() is None
    finally:
        worker.stop()
        for thread in threads:
            thread.join(10)
        parts.dispose()
