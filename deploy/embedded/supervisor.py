"""`Stack`: PostgreSQL, a broker, a mail sink and all services as processes of one machine."""

import os
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from deploy.embedded.broker import Broker
from deploy.embedded.environments import Addresses, environment_of
from deploy.embedded.mail import Mail
from deploy.embedded.postgres import DATABASES, SUPERUSER, Postgres
from deploy.embedded.processes import LOOPBACK, Guard, Process, free_port
from deploy.migrations import migrate
from deploy.secrets import DATABASE_ROLES, ensure_secrets
from shared.messaging.provisioning import apply_topics

KINDS: dict[str, tuple[str, str]] = {
    "intake-web": ("intake", "web"),
    "intake-worker": ("intake", "worker"),
    "matcher-worker": ("matcher", "worker"),
    "notifier-worker": ("notifier", "worker"),
}
"""Kind of process -> the two words after `alongside` that run it; the first is the service whose settings it gets."""

READY_SECONDS = 60
STOP_SECONDS = 10
DRAIN_SECONDS = 8
"""Of STOP_SECONDS: how long the services may drain before the parts under them are stopped."""


class Stack:
    """The whole product, running. A context manager: started on entry, everything ended within 10 s on exit.

    The first process of a kind bears its name ("matcher-worker"), a replica a number ("matcher-worker-2"). `postgres`,
    `broker` and `mail` are the parts beneath; each has a `process`. `processes` holds the services' by name.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        port: int | None = None,
        replicas: Mapping[str, int] | None = None,
        kafka: str | None = None,
    ) -> None:
        """Lay the stack out; nothing runs before `start()`.

        Without `data_dir` everything lies in a temporary folder, gone at the end. `port` is intake's (any free one if
        not given), `replicas` how many of a kind to start instead of one (0: none), `kafka` the host:port of a broker
        to use instead of the embedded one.
        """
        self._temporary = data_dir is None
        self.data_dir = data_dir.resolve() if data_dir else Path(tempfile.mkdtemp(prefix="alongside-"))
        self.processes: dict[str, Process] = {}
        self._replicas = dict.fromkeys(KINDS, 1) | dict(replicas or {})
        self._health_ports: dict[str, int] = {}
        self._guard = Guard(self.data_dir if self._temporary else None)
        self._prepare_folders()
        secrets = ensure_secrets(self.data_dir / "secrets")
        self.coordinator_token = secrets.coordinator_token.read_text()
        self.postgres = Postgres(
            self.data_dir / "postgres",
            port=free_port(),
            passwords={role: secrets.password(role).read_text() for role in DATABASE_ROLES},
            guard=self._guard,
            log=self._log("postgres"),
            fsync=not self._temporary,
        )
        self.broker = None if kafka else Broker(port=free_port(), guard=self._guard, log=self._log("broker"))
        self.kafka = self.broker.bootstrap_servers if self.broker else str(kafka)
        self.mail = Mail(smtp_port=free_port(), http_port=free_port(), guard=self._guard, log=self._log("mail"))
        self._addresses = Addresses(
            postgres=self.postgres,
            bootstrap_servers=self.kafka,
            kafka_is_embedded=self.broker is not None,
            mail=self.mail,
            secrets=secrets,
            intake_port=port or free_port(),
        )

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start everything and return when every process is ready. Raises StartupError with the tail of the log."""
        parts = [part for part in (self.postgres, self.broker, self.mail) if part]
        with ThreadPoolExecutor(len(parts)) as pool:
            for started in [pool.submit(part.start) for part in parts]:
                started.result()
        migrate(DATABASES, self.postgres.url)
        apply_topics(self.kafka, 1)
        names = [self.launch(kind) for kind, count in self._replicas.items() for _ in range(count)]
        for name in names:
            self.wait_ready(name)

    def launch(
        self, kind: str, *, command: Sequence[str] | None = None, environment: Mapping[str, str] | None = None
    ) -> str:
        """Start one more process of `kind` without waiting for it, and return its name.

        `command` replaces the product's entry point and `environment` adds to its settings: the tests' own entry
        scripts, with a fault built in, run where the product would.
        """
        number = sum(name.startswith(kind) for name in self.processes) + 1
        name = kind if number == 1 else f"{kind}-{number}"
        service, part = KINDS[kind]
        self._health_ports[name] = free_port()
        settings = environment_of(service, self._addresses, health_port=self._health_ports[name])
        self.processes[name] = Process(
            name,
            command or [sys.executable, "-m", "deploy.cli", service, part],
            guard=self._guard,
            log=self._log(name),
            environment=settings | dict(environment or {}),
        )
        self.processes[name].start()
        return name

    def wait_ready(self, name: str) -> None:
        """Return when /readyz of the process `name` says so. Raises StartupError."""
        self.processes[name].wait_until(lambda: _says_ok(f"{self.health_url(name)}/readyz"), seconds=READY_SECONDS)

    def restart(self, name: str) -> None:
        """Bring the process `name` (back) up, killed or not, and wait until it is ready."""
        self.processes[name].stop(seconds=STOP_SECONDS)
        self.processes[name].start()
        self.wait_ready(name)

    def health_url(self, name: str) -> str:
        """The internal address of the process `name`: /healthz, /readyz, /metrics."""
        return f"http://{LOOPBACK}:{self._health_ports[name]}"

    @property
    def intake_url(self) -> str:
        return self._addresses.intake_url

    @property
    def everything(self) -> list[Process]:
        """Every process, in the order in which they are ended."""
        parts = [part.process for part in (self.mail, self.broker, self.postgres) if part]
        return [*self.processes.values(), *parts]

    def ended(self) -> list[Process]:
        """The processes that were started and do not run any more, killed ones included."""
        return [process for process in self.everything if process.exit_code is not None]

    def summary(self) -> dict[str, str]:
        """What a program needs to talk to the stack; `postgres` is a superuser's URL, for looking at every database."""
        superuser = self.postgres.url(SUPERUSER).replace("+psycopg", "", 1)
        return {
            "intake": self.intake_url,
            "mail": self.mail.url,
            "kafka": self.kafka,
            "postgres": superuser,
            "coordinator_token": self.coordinator_token,
        }

    def close(self) -> None:
        """End everything within 10 s, services before the parts they stand on, and remove a temporary folder."""
        deadline = time.monotonic() + STOP_SECONDS
        services = list(self.processes.values())
        for process in services:
            process.ask_to_stop()
        for process in services:
            process.wait_for_end(seconds=deadline - STOP_SECONDS + DRAIN_SECONDS - time.monotonic())
        for process in self.everything:
            process.ask_to_stop()
        for process in self.everything:
            process.wait_for_end(seconds=deadline - time.monotonic())
        if self._temporary:
            shutil.rmtree(self.data_dir, ignore_errors=True)
        self._guard.close()

    def _prepare_folders(self) -> None:
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Root's PostgreSQL runs as another account, which has to pass through but cannot list the folder.
        self.data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (self.data_dir / "logs").mkdir(mode=0o700, exist_ok=True)

    def _log(self, name: str) -> Path:
        return self.data_dir / "logs" / f"{name}.log"


def _says_ok(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False
