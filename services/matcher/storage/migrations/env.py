"""Alembic's environment for the matcher's database."""

from services.matcher.storage.tables import metadata
from shared.migrations import run

run(metadata)
