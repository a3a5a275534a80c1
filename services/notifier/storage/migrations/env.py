"""Alembic's entry point for the notifier's database."""

from services.notifier.storage.tables import metadata
from shared.migrations import run

run(metadata)
