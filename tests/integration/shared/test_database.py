"""The database: bounded transactions, the fence against the stopped, and LISTEN that comes back."""

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.exc import DBAPIError

from deploy.client import wait_until
from shared.database import Database, is_contention, is_transient, listen, notify
from shared.duerows import DueRows
from shared.messaging.migration import DUE_ROWS, FLOW
from shared.messaging.tables import MessagingTables
from tests.support.databases import Databases


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """An empty database."""
    database = Database(databases.empty(), name="test")
    yield database
    database.dispose()


def terminate_others(database: Database) -> None:
    """End every other session of this database."""
    with database.transaction() as tx:
        tx.execute(
            text(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


def test_every_session_carries_both_timeouts(database: Database) -> None:
    with database.transaction() as tx:
        assert tx.execute(text("SHOW transaction_timeout")).scalar_one() == "5s"
        assert tx.execute(text("SHOW lock_timeout")).scalar_one() == "2s"


def test_a_snapshot_shows_one_moment_and_takes_no_change(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute(text("CREATE TABLE things (id int)"))
    with database.snapshot() as seen:
        assert seen.execute(text("SELECT count(*) FROM things")).scalar_one() == 0
        with database.transaction() as tx:
            tx.execute(text("INSERT INTO things VALUES (1)"))
        assert seen.execute(text("SELECT count(*) FROM things")).scalar_one() == 0
    with pytest.raises(DBAPIError), database.snapshot() as seen:
        seen.execute(text("INSERT INTO things VALUES (2)"))
    with database.transaction() as tx:
        assert tx.execute(text("SELECT count(*) FROM things")).scalar_one() == 1


def test_a_lock_that_is_not_free_in_time_is_contention(database: Database) -> None:
    with database.transaction() as other:
        other.execute(text("CREATE TABLE things (id int)"))
        with database.transaction() as tx:
            tx.execute(text("SET LOCAL lock_timeout = '50ms'"))
            other.execute(text("SELECT pg_advisory_xact_lock(1)"))
            with pytest.raises(DBAPIError) as refused:
                tx.execute(text("SELECT pg_advisory_xact_lock(1)"))
    assert is_contention(refused.value)


def test_i9_a_transaction_older_than_its_timeout_changes_no_row(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute(text("CREATE TABLE things (id int)"))
        # The pool has no other connection, so the next transaction has this timeout.
        tx.execute(text("SET transaction_timeout = '100ms'"))

    def oversleeps() -> None:
        with database.transaction() as tx:
            tx.execute(text("INSERT INTO things VALUES (1)"))
            time.sleep(0.3)

    with pytest.raises(DBAPIError) as refused:
        oversleeps()
    assert is_transient(refused.value)
    with database.transaction() as tx:
        assert tx.execute(text("SELECT count(*) FROM things")).scalar_one() == 0


def test_f14_the_pool_serves_again_after_every_session_was_terminated(database: Database, databases: Databases) -> None:
    with database.transaction() as tx:
        tx.execute(text("SELECT 1"))
    other = Database(database.url, name="other")
    terminate_others(other)
    other.dispose()
    with database.transaction() as tx:
        assert tx.execute(text("SELECT 1")).scalar_one() == 1


def test_parameters_never_stand_in_an_error(database: Database) -> None:
    with pytest.raises(DBAPIError) as refused, database.transaction() as tx:
        tx.execute(text("SELECT 1 FROM nowhere WHERE x = :words"), {"words": "planted"})
    assert "planted" not in str(refused.value)


def test_a_listener_is_woken_and_comes_back_when_it_was_cut_off(database: Database) -> None:
    heard: list[tuple[str, str]] = []
    connected: list[int] = []
    stop = threading.Event()
    thread = threading.Thread(
        target=listen,
        args=(database.url, ["one", "two"]),
        kwargs={
            "stop": stop,
            "wake": lambda channel, payload: heard.append((channel, payload)),
            "reconnected": lambda: connected.append(1),
        },
    )
    thread.start()
    try:
        wait_until(lambda: len(connected) == 1, seconds=5, what="listening")
        with database.transaction() as tx:
            notify(tx, "one", "a")
        wait_until(lambda: heard == [("one", "a")], seconds=5, what="hearing")
        terminate_others(database)
        wait_until(lambda: len(connected) == 2, seconds=5, what="listening again")
        with database.transaction() as tx:
            notify(tx, "two")
        wait_until(lambda: heard == [("one", "a"), ("two", "")], seconds=5, what="hearing again")
    finally:
        stop.set()
        thread.join()


def test_a_notice_of_a_transaction_that_was_rolled_back_wakes_nobody(database: Database) -> None:
    heard: list[str] = []
    connected = threading.Event()
    stop = threading.Event()
    thread = threading.Thread(
        target=listen,
        args=(database.url, ["one"]),
        kwargs={"stop": stop, "wake": lambda _, payload: heard.append(payload), "reconnected": connected.set},
    )
    thread.start()
    try:
        connected.wait(5)
        with pytest.raises(ZeroDivisionError), database.transaction() as tx:
            notify(tx, "one", "never")
            raise ZeroDivisionError
        with database.transaction() as tx:
            notify(tx, "one", "now")
        wait_until(lambda: bool(heard), seconds=5, what="hearing")
    finally:
        stop.set()
        thread.join()
    assert heard == ["now"]


def test_the_first_migration_creates_the_tables_that_the_code_describes(databases: Databases) -> None:
    metadata = MetaData()
    MessagingTables(metadata)
    DueRows(metadata)
    described = Database(databases.empty(), name="described")
    migrated = Database(databases.empty(), name="migrated")
    try:
        metadata.create_all(described.engine)
        with migrated.transaction() as tx:
            for statement in (*FLOW, *DUE_ROWS):
                tx.execute(text(statement))
        assert shape(described) == shape(migrated)
    finally:
        described.dispose()
        migrated.dispose()


def shape(database: Database) -> dict[str, object]:
    """Return what PostgreSQL says of every table: columns, keys, indexes."""
    with database.transaction() as tx:
        look = inspect(tx)
        return {
            table: (
                [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in look.get_columns(table)],
                look.get_pk_constraint(table)["constrained_columns"],
                sorted(str(unique["column_names"]) for unique in look.get_unique_constraints(table)),
                sorted(
                    (str(i["name"]), str(i["column_names"]), str(i["dialect_options"]))
                    for i in look.get_indexes(table)
                    if not i.get("duplicates_constraint")
                ),
            )
            for table in look.get_table_names()
        }
