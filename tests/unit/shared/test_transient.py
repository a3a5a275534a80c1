"""Which errors of PostgreSQL mean "not now" (R5)."""

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.database import is_contention, is_transient

NOT_NOW = ["08006", "08001", "40001", "40P01", "53100", "53300", "57P01", "57014", "57P03", "58030", "55P03", "25P04"]
ITS_OWN_FAULT = ["23505", "23503", "22003", "22P02", "42P01", "42501", "25P02", "55000", "P0001"]


def failed(sqlstate: str) -> DBAPIError:
    """Return the error that SQLAlchemy raises for `sqlstate`."""
    return DBAPIError("SELECT 1", {}, psycopg.errors.lookup(sqlstate)("message"))


@pytest.mark.parametrize("sqlstate", NOT_NOW)
def test_not_now_is_transient(sqlstate: str) -> None:
    assert is_transient(failed(sqlstate))


@pytest.mark.parametrize("sqlstate", ITS_OWN_FAULT)
def test_what_a_statement_did_wrong_is_not_transient(sqlstate: str) -> None:
    assert not is_transient(failed(sqlstate))
    assert not is_contention(failed(sqlstate))


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_another_transaction_in_the_way_is_contention(sqlstate: str) -> None:
    assert is_contention(failed(sqlstate))


@pytest.mark.parametrize("sqlstate", ["08006", "57P01", "53300", "25P04"])
def test_a_database_out_of_reach_is_no_contention(sqlstate: str) -> None:
    assert not is_contention(failed(sqlstate))


def test_a_server_that_cannot_be_reached_is_transient() -> None:
    assert is_transient(OperationalError("connect", {}, psycopg.OperationalError("connection failed")))
    assert is_transient(PoolTimeout("no connection free"))


def test_an_invalidated_connection_is_transient_whatever_the_driver_said() -> None:
    assert is_transient(DBAPIError("SELECT 1", {}, psycopg.InterfaceError("closed"), connection_invalidated=True))


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), RuntimeError("08006")])
def test_other_errors_are_not_transient(error: Exception) -> None:
    assert not is_transient(error)
    assert not is_transient(IntegrityError("INSERT", {}, error))
