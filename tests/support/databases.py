"""Databases for single tests: copies of a migrated template, emptied after a test and given to the next one."""

import itertools
import time
from collections import defaultdict

import psycopg
from psycopg import sql

from deploy.embedded.postgres import ROLES, SUPERUSER, Postgres
from deploy.migrations import migrate

OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
LEAVING_SECONDS = 0.5
"""A connection that was closed is gone from the server's list after this time at the latest."""

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
# For a replica neither foreign keys nor the triggers of tables that may only grow are in the way.
EMPTY = f"""
    DO $$
    DECLARE name text;
    BEGIN
        PERFORM set_config('session_replication_role', 'replica', true);
        FOR name IN {TABLES}
        LOOP
            EXECUTE 'DELETE FROM ' || quote_ident(name);
        END LOOP;
        PERFORM setval(sequencename::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL;
    END $$
"""
ROWS = "SELECT json_agg(t)::text FROM {table} t"
PUT_BACK = "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, {rows})"


class Templates:
    """The migrated databases that a session's tests copy; each is made when first asked for."""

    def __init__(self, postgres: Postgres) -> None:
        """Make templates on `postgres`."""
        self.postgres = postgres
        self.numbers = itertools.count(1)
        self._first_rows: dict[str, dict[str, str]] = {}
        """Migrated database -> table -> the rows (JSON) that its migrations put there."""
        self._spare: defaultdict[str, list[str]] = defaultdict(list)

    def execute(self, statement: str, **names: str) -> None:
        """Run one statement as the superuser; {name} stands for a quoted identifier."""
        url = self._url()
        with psycopg.connect(url, autocommit=True) as connection:
            identifiers = {key: sql.Identifier(value) for key, value in names.items()}
            connection.execute(sql.SQL(statement).format(**identifiers))

    def create(self, name: str, owner: str, template: str = "template1") -> None:
        """Make the database `name` as a copy of `template`, closed to everybody but `owner`."""
        self.execute(
            "CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}", name=name, owner=owner, template=template
        )
        self.execute("REVOKE ALL ON DATABASE {name} FROM PUBLIC", name=name)

    def migrated(self, database: str) -> str:
        """Return the name of the template of `database` (intake, matcher, notifier or vault), at its newest schema."""
        name = f"{database}_template"
        if database not in self._first_rows:
            self.create(name, owner_of(database))
            migrate((database,), lambda _: self.postgres.url(name, owner_of(database)))
            with psycopg.connect(self._url(name)) as connection:
                self._first_rows[database] = _all_rows(connection)
        return name

    def take(self, database: str) -> str:
        """Return the name of an empty `database` at its newest schema: one that a test gave back, or a new copy."""
        if self._spare[database]:
            return self._spare[database].pop()
        name = f"{database}_{next(self.numbers)}"
        self.create(name, owner_of(database), self.migrated(database))
        if database == "vault":
            # A copy does not carry the rights on the database itself.
            for role in ROLES:
                self.execute("GRANT CONNECT ON DATABASE {name} TO {role}", name=name, role=role)
        return name

    def give_back(self, database: str, name: str) -> None:
        """Empty the `database` called `name` for the next test; drop it if somebody is still connected."""
        with psycopg.connect(self._url(name), autocommit=True) as connection:
            deserted = _is_deserted(connection)
            if deserted:
                connection.execute(EMPTY)
                for table, rows in self._first_rows[database].items():
                    connection.execute(sql.SQL(PUT_BACK).format(table=sql.Identifier(table), rows=rows))
        if deserted:
            self._spare[database].append(name)
        else:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Drop the database `name`, also while somebody is connected."""
        self.execute("DROP DATABASE {name} WITH (FORCE)", name=name)

    def _url(self, database: str = SUPERUSER) -> str:
        return self.postgres.url(database, SUPERUSER).replace("+psycopg", "", 1)


def _all_rows(connection: psycopg.Connection) -> dict[str, str]:
    """Return the rows of every table that has some, as JSON."""
    found: dict[str, str] = {}
    for (table,) in connection.execute(TABLES).fetchall():
        row = connection.execute(sql.SQL(ROWS).format(table=sql.Identifier(table))).fetchone()
        if row and row[0]:
            found[table] = row[0]
    return found


def _is_deserted(connection: psycopg.Connection) -> bool:
    """Tell whether nobody else is connected to the database of `connection`, or soon nobody will be."""
    deadline = time.monotonic() + LEAVING_SECONDS
    while True:
        row = connection.execute(OTHERS).fetchone()
        if row == (0,) or time.monotonic() > deadline:
            return row == (0,)
        time.sleep(0.01)


class Databases:
    """The databases of one test."""

    def __init__(self, templates: Templates) -> None:
        """Take from `templates`."""
        self._templates = templates
        self._lent: list[tuple[str, str]] = []
        self._own: list[str] = []

    def fresh(self, database: str) -> str:
        """Return its owner's URL of an empty `database` (intake, matcher, notifier or vault) at its newest schema."""
        name = self._templates.take(database)
        self._lent.append((database, name))
        return self._templates.postgres.url(name, owner_of(database))

    def empty(self, owner: str = "intake") -> str:
        """Return the URL of a new database without any table, owned by the role `owner`."""
        name = f"empty_{next(self._templates.numbers)}"
        self._templates.create(name, owner)
        self._own.append(name)
        return self._templates.postgres.url(name, owner)

    def as_role(self, url: str, role: str) -> str:
        """Return the URL of the same database for another role, e.g. of the vault for the matcher."""
        return self._templates.postgres.url(url.rpartition("/")[2], role)

    def close(self) -> None:
        """Give back what was taken and drop the others."""
        for database, name in self._lent:
            self._templates.give_back(database, name)
        for name in self._own:
            self._templates.drop(name)


def owner_of(database: str) -> str:
    """Return the role that owns `database`: its namesake, and intake for the vault."""
    return "intake" if database == "vault" else database
