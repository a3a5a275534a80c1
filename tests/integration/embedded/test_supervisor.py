"""A whole stack: what it starts, what its processes see, and that it leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from deploy.embedded.processes import StartupError, accepts_connections
from deploy.embedded.supervisor import KINDS, Stack
from tests.integration.embedded.test_processes import has_ended, wait_for

NO_SERVICES = dict.fromkeys(KINDS, 0)
READY = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
print(*sorted(os.environ), flush=True)
http.server.HTTPServer((os.environ["HEALTH_HOST"], int(os.environ["HEALTH_PORT"])), Handler).serve_forever()
"""
STAND_IN = [sys.executable, "-c", READY]
"""Stands in for a service: it is ready at once and does nothing else."""


def query(stack: Stack, statement: str) -> None:
    with psycopg.connect(stack.postgres.url("intake").replace("+psycopg", "", 1)) as connection:
        connection.execute(statement)


def test_everything_it_started_is_gone_after_it_closed(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack(replicas=NO_SERVICES)
    pids = [process.pid for process in stack.everything]
    stack.close()
    assert all(has_ended(pid) for pid in pids)
    assert not stack.data_dir.exists()


def test_a_service_may_be_doubled_killed_and_started_again(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack(replicas=NO_SERVICES)
    names = [stack.launch("matcher-worker", command=STAND_IN) for _ in range(2)]
    assert names == ["matcher-worker", "matcher-worker-2"]
    for name in names:
        stack.wait_ready(name)
    first = stack.processes["matcher-worker"]
    first.kill()
    assert [process.name for process in stack.ended()] == ["matcher-worker"]
    assert first.exit_code == -signal.SIGKILL
    stack.restart("matcher-worker")
    assert stack.ended() == []


def test_a_service_sees_its_own_settings_and_nobody_elses(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack(replicas=NO_SERVICES)
    seen = {}
    for kind in ("intake-web", "matcher-worker", "notifier-worker"):
        name = stack.launch(kind, command=STAND_IN)
        stack.wait_ready(name)
        seen[kind] = stack.processes[name].log.read_text()
        assert "DATABASE_URL" in seen[kind]
    assert "COORDINATOR_TOKEN_FILE" in seen["intake-web"]
    assert "COORDINATOR_TOKEN_FILE" not in seen["matcher-worker"] + seen["notifier-worker"]
    assert "SMTP_HOST" not in seen["intake-web"] + seen["matcher-worker"]


def test_a_service_that_dies_at_start_is_reported_with_its_last_words(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack(replicas=NO_SERVICES)
    name = stack.launch("intake-worker", command=[sys.executable, "-c", "raise SystemExit('no keyring links')"])
    with pytest.raises(StartupError, match=r"intake-worker ended with code 1(.|\n)*no keyring links"):
        stack.wait_ready(name)


def test_what_lies_in_a_data_folder_is_there_the_next_time() -> None:
    with TemporaryDirectory() as folder:
        # Root's PostgreSQL runs as another account, which has to pass through.
        Path(folder).chmod(0o755)
        with Stack(Path(folder) / "data", replicas=NO_SERVICES) as stack:
            token = stack.coordinator_token
            query(stack, "CREATE TABLE kept (a int)")
        with Stack(Path(folder) / "data", replicas=NO_SERVICES) as stack:
            assert stack.coordinator_token == token
            query(stack, "DROP TABLE kept")


def test_a_killed_supervisor_takes_the_whole_stack_with_it() -> None:
    script = (
        "import time; from deploy.embedded.supervisor import KINDS, Stack\n"
        "stack = Stack(replicas=dict.fromkeys(KINDS, 0)); stack.start()\n"
        "print(stack.postgres.port, stack.mail.smtp_port, stack.kafka.split(':')[1], stack.data_dir, flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout
        *numbers, folder = supervisor.stdout.readline().split()
        ports = [int(number) for number in numbers]
        assert all(accepts_connections(port) for port in ports)
        supervisor.kill()
    wait_for(lambda: not any(accepts_connections(port) for port in ports))
    wait_for(lambda: not Path(folder).exists())


def test_it_ends_in_time_though_a_service_does_not_listen(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack(replicas=NO_SERVICES)
    deaf = "import signal; signal.signal(15, signal.SIG_IGN)\n" + READY
    stack.wait_ready(stack.launch("notifier-worker", command=[sys.executable, "-c", deaf]))
    began = time.monotonic()
    stack.close()
    assert time.monotonic() - began < 10.5
    assert stack.processes["notifier-worker"].exit_code == -signal.SIGKILL


def test_the_data_folder_is_closed_to_others(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack(replicas=NO_SERVICES)
    allowed = 0o711 if os.geteuid() == 0 else 0o700
    assert stack.data_dir.stat().st_mode & 0o777 == allowed
    assert (stack.data_dir / "logs").stat().st_mode & 0o777 == 0o700
