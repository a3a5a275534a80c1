"""Databases for single tests: copies of a migrated template, made in some 50 ms and dropped afterwards."""

import itertools

import psycopg
from psycopg import sql

from deploy.embedded.postgres import ROLES, SUPERUSER, Postgres
from deploy.migrations import migrate


class Templates:
    """The migrated databases that a session's tests copy; each is made when first asked for."""

    def __init__(self, postgres: Postgres) -> None:
        """Make templates on `postgres`."""
        self.postgres = postgres
        self.numbers = itertools.count(1)
        self._made: set[str] = set()

    def execute(self, statement: str, **names: str) -> None:
        """Run one statement as the superuser; {name} stands for a quoted identifier."""
        url = self.postgres.url(SUPERUSER).replace("+psycopg", "", 1)
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
        if database not in self._made:
            self.create(name, owner_of(database))
            migrate((database,), lambda _: self.postgres.url(name, owner_of(database)))
            self._made.add(database)
        return name


class Databases:
    """The databases of one test."""

    def __init__(self, templates: Templates) -> None:
        """Copy from `templates`."""
        self._templates = templates
        self._names: list[str] = []

    def fresh(self, database: str) -> str:
        """Return its owner's URL of a new `database` (intake, matcher, notifier or vault) at its newest schema."""
        return self._make(database, owner_of(database), self._templates.migrated(database))

    def empty(self, owner: str = "intake") -> str:
        """Return the URL of a new database without any table, owned by the role `owner`."""
        return self._make("empty", owner, "template1")

    def as_role(self, url: str, role: str) -> str:
        """Return the URL of the same database for another role, e.g. of the vault for the matcher."""
        return self._templates.postgres.url(url.rpartition("/")[2], role)

    def close(self) -> None:
        """Drop them all, whoever is still connected."""
        for name in self._names:
            self._templates.execute("DROP DATABASE {name} WITH (FORCE)", name=name)

    def _make(self, prefix: str, owner: str, template: str) -> str:
        name = f"{prefix}_{next(self._templates.numbers)}"
        self._templates.create(name, owner, template)
        self._names.append(name)
        if prefix == "vault":
            # A copy does not carry the rights on the database itself.
            for role in ROLES:
                self._templates.execute("GRANT CONNECT ON DATABASE {name} TO {role}", name=name, role=role)
        return self._templates.postgres.url(name, owner)


def owner_of(database: str) -> str:
    """Return the role that owns `database`: its namesake, and intake for the vault."""
    return "intake" if database == "vault" else database
