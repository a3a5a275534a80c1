"""What PostgreSQL itself holds and allows: rights, views, and what is left of a destroyed key."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import ProgrammingError

from shared.vault.keystore import metadata
from shared.vault.purposes import MATCHER, NOTIFIER, Purpose, Reader
from tests.integration.conftest import House

if TYPE_CHECKING:
    from deploy.embedded.postgres import Postgres

HOUR = datetime(2026, 11, 22, 12, tzinfo=UTC)
DENIED = [
    (role, f"{statement} {relation}{rest}")
    for role, own in (("matcher", "keys_for_matcher"), ("notifier", "keys_for_notifier"))
    for relation in ("keys", "keys_for_matcher", "keys_for_notifier")
    for statement, rest in (
        ("SELECT wrapped FROM", ""),
        ("DELETE FROM", ""),
        ("UPDATE", " SET wrapped = NULL"),
        ("INSERT INTO", " (key_id, purpose) VALUES (gen_random_uuid(), 'person.profile')"),
    )
    if not (relation == own and statement.startswith("SELECT"))
]


@pytest.mark.parametrize(("role", "statement"), DENIED)
def test_a_reader_may_do_nothing_but_select_its_own_view(house: House, role: str, statement: str) -> None:
    with house.connections[role].transaction() as tx, pytest.raises(ProgrammingError, match="permission denied"):
        tx.execute(sa.text(statement))


def test_a_reader_cannot_make_functions_or_tables_beside_the_view(house: House) -> None:
    for statement in ("CREATE TABLE mine (a int)", "CREATE TEMP TABLE mine (a int)"):
        with (
            house.connections["matcher"].transaction() as tx,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            tx.execute(sa.text(statement))


@pytest.mark.parametrize("reader", [MATCHER, NOTIFIER])
def test_a_view_shows_exactly_the_purposes_of_its_reader(house: House, reader: Reader) -> None:
    house.keeper.mint(Purpose)
    with house.connections[reader.role].transaction() as tx:
        shown = tx.execute(sa.text(f"SELECT DISTINCT purpose FROM {reader.relation}")).scalars()
        assert set(shown) == set(reader.purposes)


def test_the_migrated_database_is_the_one_the_code_describes(house: House) -> None:
    with house.connections["intake"].transaction() as tx:
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []


def test_nothing_is_left_of_destroyed_keys_in_the_tables_file(house: House, postgres: "Postgres") -> None:
    keys = [house.keeper.mint([Purpose.PERSON_PROFILE])[Purpose.PERSON_PROFILE] for _ in range(6)]
    with house.connections["intake"].transaction() as tx:
        rows = tx.execute(sa.text("SELECT key_id, wrapped FROM keys"))
        wrapped: dict[object, bytes] = {row.key_id: bytes(row.wrapped) for row in rows}
    # Whichever row is last in its page, it is the one that a plain VACUUM would leave behind.
    destroyed = [key.key_id for key in keys[1:]]
    before = table_file(house, postgres)
    house.keeper.destroy(destroyed, HOUR)
    after = table_file(house, postgres)
    assert all(wrapped[key_id] in before for key_id in destroyed)
    assert not any(wrapped[key_id] in after for key_id in destroyed)
    assert wrapped[keys[0].key_id] in after


def table_file(house: House, postgres: "Postgres") -> bytes:
    """Return the bytes of the table's file on disk, which only the superuser may read."""
    database = sa.make_url(house.connections["intake"].url).database or ""
    engine = sa.create_engine(postgres.url(database, "postgres"))
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text("CHECKPOINT"))
        content: bytes = connection.execute(
            sa.text("SELECT pg_read_binary_file(pg_relation_filepath('keys'))")
        ).scalar_one()
    engine.dispose()
    return content
