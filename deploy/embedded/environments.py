"""What each process of the embedded stack gets to see: its own settings and its own keyrings, nothing else."""

import os
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.mail import Mail
from deploy.embedded.postgres import Postgres
from deploy.embedded.processes import LOOPBACK
from deploy.secrets import Secrets

INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "VOCABULARY", "VOCABULARY_FILE")
PROJECT_FOLDER = Path(__file__).parents[2]
EMBEDDED_FETCH_WAIT_MS = 20
"""Tansu lets a fetch wait half of this even when a record arrives: 10 ms at 20, against 250 ms at the default 500."""


@dataclass(frozen=True)
class Addresses:
    """What the services stand on: the running server, broker and mail sink, and where intake will answer."""

    postgres: Postgres
    bootstrap_servers: str
    kafka_is_embedded: bool
    mail: Mail
    secrets: Secrets
    intake_port: int

    @property
    def intake_url(self) -> str:
        return f"http://{LOOPBACK}:{self.intake_port}"


def environment_of(service: str, addresses: Addresses, *, health_port: int) -> dict[str, str]:
    """Return the whole environment of one process of `service` (intake, matcher or notifier)."""
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= {
        "PYTHONPATH": str(PROJECT_FOLDER),
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": addresses.postgres.url(service),
        "VAULT_URL": addresses.postgres.url("vault", service),
        "KAFKA_BOOTSTRAP_SERVERS": addresses.bootstrap_servers,
        "KEYRING_DIR": str(addresses.secrets.keyrings(service)),
        "HEALTH_HOST": LOOPBACK,
        "HEALTH_PORT": str(health_port),
    }
    if addresses.kafka_is_embedded:
        environment["KAFKA_FETCH_MAX_WAIT_MS"] = str(EMBEDDED_FETCH_WAIT_MS)
    if service == "intake":
        environment |= _intake(addresses)
    elif service == "notifier":
        environment |= _notifier(addresses)
    return environment


def _intake(addresses: Addresses) -> dict[str, str]:
    return {
        "INTAKE_HOST": LOOPBACK,
        "INTAKE_PORT": str(addresses.intake_port),
        "COORDINATOR_TOKEN_FILE": str(addresses.secrets.coordinator_token),
        "PUBLIC_URL": addresses.intake_url,
        "FLOOD_PER_HOUR": "0",
        "OPERATOR_NAME": "An embedded stack on this machine, for trying only",
        "COORDINATOR_PHONE": "01632 960 000 (invented, for trying only)",
    }


def _notifier(addresses: Addresses) -> dict[str, str]:
    return {
        "SMTP_HOST": LOOPBACK,
        "SMTP_PORT": str(addresses.mail.smtp_port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "notices@alongside.example",
        "COORDINATOR_MAIL": "coordinator@alongside.example",
        "PUBLIC_URL": addresses.intake_url,
        "WEBHOOKS_TO_LOOPBACK": "true",
    }
