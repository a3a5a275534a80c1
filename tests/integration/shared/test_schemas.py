"""Each service's database, as its migrations make it and as its code sees it."""

import importlib

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from shared.database import Database
from shared.migrations import at_head
from tests.support.databases import Databases


@pytest.mark.parametrize("service", ["intake", "matcher", "notifier"])
def test_the_migrated_database_is_at_head_and_is_what_the_code_sees(databases: Databases, service: str) -> None:
    tables = importlib.import_module(f"services.{service}.storage.tables")
    database = Database(databases.fresh(service), name="test")
    with database.transaction() as tx:
        context = MigrationContext.configure(tx, opts={"compare_server_default": True, "compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
    assert at_head(database.engine, tables.MIGRATIONS)
    database.dispose()
