"""The embedded PostgreSQL: roles, databases, and coming back after a kill."""

from pathlib import Path

import psycopg
import pytest

from deploy.embedded.postgres import DATABASES, ROLES, Postgres
from tests.support.databases import Databases


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_owns_its_database_and_nobody_elses(postgres: Postgres, role: str) -> None:
    with connect(postgres.url(role)) as connection:
        connection.execute("CREATE TEMPORARY TABLE mine (a int)")
    others = [name for name in ROLES if name != role]
    for database in [*others, "postgres", "template1"]:
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            connect(postgres.url(database, role))


def test_the_vault_is_intakes_and_the_others_may_only_enter(postgres: Postgres) -> None:
    with connect(postgres.url("vault")) as connection:
        connection.execute("CREATE TABLE probe (a int)")
        connection.execute("DROP TABLE probe")
    for role in ("matcher", "notifier"):
        with connect(postgres.url("vault", role)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE probe (a int)")


def test_nobody_enters_without_the_password(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(postgres.url("intake").replace("intake-password", "wrong"))


def test_a_killed_server_comes_back_with_what_was_committed(postgres: Postgres) -> None:
    with connect(postgres.url("intake")) as connection:
        connection.execute("CREATE TABLE kept (a int)")
    postgres.process.kill()
    postgres.restart()
    with connect(postgres.url("intake")) as connection:
        connection.execute("DROP TABLE kept")


def test_the_roles_and_databases_may_be_made_again(postgres: Postgres) -> None:
    postgres.process.stop()
    postgres.start()
    for database in DATABASES:
        connect(postgres.url(database)).close()


def test_the_log_repeats_no_password_and_no_value(postgres: Postgres, databases: Databases) -> None:
    with connect(databases.empty()) as connection:
        connection.execute("CREATE TABLE words (said text UNIQUE)")
        connection.execute("INSERT INTO words VALUES ('planted')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO words VALUES ('planted')")
    log = Path(postgres.process.log).read_text()
    assert "unique constraint" in log
    assert "planted" not in log
    assert "intake-password" not in log


def test_each_test_gets_a_database_of_its_own(databases: Databases) -> None:
    first, second = databases.empty(), databases.empty()
    with connect(first) as connection:
        connection.execute("CREATE TABLE here (a int)")
    with connect(second) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT * FROM here")
