"""Alembic's entry into intake's history."""

from services.intake.storage.tables import metadata
from shared.migrations import run

run(metadata)
