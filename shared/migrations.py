"""Alembic, called the same way for every database of the house."""

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, create_engine, text

MIGRATION_LOCK = 0x414C4F4E47
"""The advisory lock (the letters ALONG) that lets only one migration run per database at a time."""


def _config(url: str, script_location: str) -> Config:
    config = Config()
    config.set_main_option("script_location", script_location)
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: str, script_location: str) -> None:
    """Bring the database at `url` to the head of `script_location`, e.g. `services.intake.storage:migrations`."""
    command.upgrade(_config(url, script_location), "head")


def at_head(engine: Engine, script_location: str) -> bool:
    """Tell whether the database's schema is the newest that this code knows."""
    heads = set(ScriptDirectory.from_config(_config("", script_location)).get_heads())
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == heads


def run(metadata: MetaData) -> None:
    """Run the migrations that Alembic has configured; each `migrations/env.py` consists of this call."""
    engine = create_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            context.run_migrations()
    engine.dispose()
