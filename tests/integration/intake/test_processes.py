"""Intake's two processes, as they run: the web server and the worker."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from deploy.client import wait_until
from deploy.embedded.processes import free_port
from services.intake.app import HEADERS, create_app
from services.intake.bootstrap import build_intake
from services.intake.worker import build_worker
from shared.events.envelope import data_to_json, encode
from shared.messaging.kafka import KafkaSettings
from shared.messaging.provisioning import apply_topics
from tests.integration.intake.conftest import FixedClock, settings_for
from tests.integration.intake.world import NOW, World
from tests.support.kafka import KafkaBroker

if TYPE_CHECKING:
    from tests.support.databases import Databases


GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /api/v1/requests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BROKEN = [
    (400, b"planted\r\n\r\n"),
    (400, b"GET /planted\x00 HTTP/1.1\r\n\r\n"),
    (400, b"GET /planted HTTP/7.7\r\n\r\n"),
    (400, GET + b"Authorization Bearer planted\r\n\r\n"),
    (400, GET + b"X-One: planted\r\n  planted\r\n\r\n"),
    (400, POST + b"Transfer-Encoding: chunked\r\n\r\nplanted\r\n"),
    (400, POST + b'Content-Length: 500\r\n\r\n{"words": "planted'),
    (414, b"GET /" + b"planted" * 1_000 + b" HTTP/1.1\r\n\r\n"),
    (417, POST + b"Expect: planted\r\n\r\n"),
    (431, GET + b"X-One: " + b"planted" * 2_000 + b"\r\n\r\n"),
    (431, GET + b"".join(b"X-%d: planted\r\n" % number for number in range(101)) + b"\r\n"),
    (501, POST + b"Transfer-Encoding: planted\r\n\r\n"),
]
"""What is no HTTP, or more than a server reads, and the status; a server is tempted to quote it in its log."""


def answers(url: str) -> bool:
    """Tell whether `url` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def assert_refused(port: int, raw: bytes, status: int) -> None:
    """Send bytes that need not be HTTP, then no more; the answer must be a whole problem document, and the last."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = HTTPResponse(connection)
        answer.begin()
        document = json.loads(answer.read())
        assert connection.recv(1) == b""
    assert (answer.status, document["status"]) == (status, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "planted" not in f"{answer.headers}{document}"


def say_stalled(kafka: KafkaSettings, request: str) -> None:
    """Publish, as the matcher would, that a request is stalled."""
    headers = encode(
        event_id=str(uuid4()), type_="matches.stalled.v1", source="matcher", subject=request, sequence=1, time=NOW
    )
    said = {"request": request, "round": 1, "state": "stalled", "why": "no_shared_language", "next_try_at": None,
            "waiting_since": NOW}  # fmt: skip
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
        for status, raw in BROKEN:
            assert_refused(port, raw, status)
        begun = time.monotonic()
        web.send_signal(signal.SIGTERM)
        assert web.wait(12) == 0
        assert time.monotonic() - begun < 10
    finally:
        web.kill()
        web.wait()
    said = log.read_text()
    # Two are found out only when the application reads the body, which is no matter for a log.
    assert said.count("request_unreadable") == len(BROKEN) - 2
    for word in ("openapi", "planted", "127.0.0.1"):
        assert word not in said


def test_what_is_asked_reaches_kafka_and_what_the_matcher_says_reaches_the_person(
    databases: "Databases", keyrings: Path, empty_kafka: KafkaBroker
) -> None:
    settings = settings_for(
        databases.fresh("intake"), databases.fresh("vault"), keyrings, bootstrap_servers=empty_kafka.bootstrap_servers
    )
    apply_topics(empty_kafka.bootstrap_servers, 1)
    intake = build_intake(settings, process="worker", pool_size=4, clock=FixedClock(), patience=0.1)
    worker = build_worker(intake)
    threads = worker.start()
    try:
        world = World(intake, create_app(intake).test_client())
        world.ask()
        wait_until(
            lambda: world.rows("SELECT 1 FROM outbox WHERE topic_id IS NULL") == [], seconds=30, what="the relay"
        )
        say_stalled(settings.common.kafka, world.newest("requests"))
        wait_until(
            lambda: world.rows("SELECT state FROM requests") == [{"state": "stalled"}], seconds=30, what="the consumer"
        )
        assert worker.ready() is None
    finally:
        worker.stop()
        for thread in threads:
            thread.join(10)
        intake.dispose()
