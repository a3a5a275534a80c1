"""Lets days pass for a whole stack: instead of waiting, every moment that its databases hold is moved into the past."""

from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg import sql

from deploy.embedded.postgres import SUPERUSER
from deploy.embedded.supervisor import Stack

SERVICES = ("intake", "matcher", "notifier")
DATABASES = (*SERVICES, "vault")

NOT_MOVED = ("relay_lease", "alembic_version")
"""The lease is held by a process that lives in real time."""

COLUMNS = """
    SELECT table_name, array_agg(column_name::text) FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type IN ('timestamp with time zone', 'date')
      AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')
      AND table_name <> ALL(%s) AND (table_name, column_name::text) <> ('pool', 'month')
    GROUP BY table_name
"""


class TimeMachine:
    """Moves the databases of one stack. `today` is the day that it has come to, counted from `start`."""

    def __init__(self, stack: Stack, start: date) -> None:
        """Begin at `start`, which only decides when a month is over."""
        self._stack = stack
        self.start, self.today = start, start

    @property
    def days(self) -> int:
        """Return how many days have passed."""
        return (self.today - self.start).days

    def pass_days(self, days: int) -> None:
        """Let whole days pass, and then wake all who wait for a deadline."""
        before, self.today = self.today, self.today + timedelta(days=days)
        months = (self.today.year - before.year) * 12 + self.today.month - before.month
        for database in DATABASES:
            while not self._moved(database, days, months):
                pass
        for database in SERVICES:
            with psycopg.connect(self._url(database)) as connection:
                connection.execute("NOTIFY due_rows; NOTIFY deliveries")

    def _moved(self, database: str, days: int, months: int) -> bool:
        """Move one database; False if a service at work was in the way of it, and then nothing was moved."""
        try:
            with psycopg.connect(self._url(database)) as connection:
                # Triggers stay quiet: nobody writes here, only time passes.
                connection.execute("SET LOCAL session_replication_role = replica")
                self._move(connection, days)
                if database == "matcher":
                    self._move_months(connection, months)
        except psycopg.errors.DeadlockDetected:
            return False
        return True

    def _move(self, connection: psycopg.Connection[Any], days: int) -> None:
        for table, columns in connection.execute(COLUMNS, (list(NOT_MOVED),)).fetchall():
            moved = sql.SQL(", ").join(
                sql.SQL("{c} = {c} - make_interval(days => {d})").format(c=sql.Identifier(c), d=sql.Literal(days))
                for c in columns
            )
            connection.execute(sql.SQL("UPDATE {} SET {}").format(sql.Identifier(table), moved))

    def _move_months(self, connection: psycopg.Connection[Any], months: int) -> None:
        """Move what is counted by the month, and let the replicas read the moved pool."""
        connection.execute(
            "UPDATE pool SET month = month - make_interval(months => %s), row_version = nextval('pool_version')",
            (months,),
        )
        connection.execute("SELECT pg_notify('pool', ref) FROM pool")

    def _url(self, database: str) -> str:
        return self._stack.postgres.url(database, SUPERUSER).replace("+psycopg", "", 1)
