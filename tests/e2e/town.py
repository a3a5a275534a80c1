"""A running stack as a town: its API, its mail, and its databases seen from outside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg.rows import dict_row

from deploy.client import Client, Mailbox, wait_until
from deploy.embedded.postgres import SUPERUSER
from deploy.embedded.supervisor import Stack
from shared.vault.request_keys import lookup_id
from tests.e2e.quiet import is_quiet
from tests.support.kafka import KafkaBroker, delete_topics

T = TypeVar("T")

PATIENCE = 60
"""Seconds within which whatever is waited for must come, on a machine that is busy with other things."""


@contextmanager
def running_stack(kafka: KafkaBroker, **options: Any) -> Iterator[Stack]:
    """Give a whole stack on an empty `kafka`; `options` are those of `Stack`."""
    if not kafka.is_running():
        kafka.start()
    delete_topics(kafka.bootstrap_servers)
    with Stack(kafka=kafka.bootstrap_servers, **options) as stack:
        yield stack


@dataclass
class Town:
    """Everybody on one stack."""

    stack: Stack

    def __post_init__(self) -> None:
        self.client = Client(self.stack.intake_url)
        self.mailbox = Mailbox(self.stack.mail.url)

    def rows(self, database: str, statement: str, *values: object) -> list[dict[str, Any]]:
        """Return the rows of `statement`, read by a superuser from outside."""
        with psycopg.connect(self._superuser(database), row_factory=dict_row, autocommit=True) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def change(self, database: str, statement: str, *values: object) -> None:
        """Move a deadline, or break something, by one statement from outside."""
        with psycopg.connect(self._superuser(database), autocommit=True) as connection:
            connection.execute(statement.encode(), values)

    def _superuser(self, database: str) -> str:
        return self.stack.postgres.url(database, SUPERUSER).replace("+psycopg", "", 1)

    def coordinate(self, ref: str, step: str, body: dict[str, Any] | None = None) -> None:
        """Let the coordinator take one step with the volunteer `ref`."""
        path = f"/coordinator/volunteers/{ref}/{step}"
        self.client.ask("POST", path, body, key=self.stack.coordinator_token)

    def ref_of(self, table: str, key: str) -> str:
        """Return the ref behind a request key or a volunteer key."""
        return str(self.rows("intake", f"SELECT ref FROM {table} WHERE lookup_id = %s", lookup_id(key))[0]["ref"])

    def wait(self, what: str, look: Callable[[], T | None]) -> T:
        """Return the first true answer of `look()`."""
        return wait_until(look, seconds=PATIENCE, what=what, pause=0.05)

    def wait_until_quiet(self) -> None:
        """Return once nothing is due, all is published and sent, and every group has read to the end."""
        self.wait("quiet", lambda: is_quiet(self.rows))
