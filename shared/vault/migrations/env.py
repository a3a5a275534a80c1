"""Alembic's entry point for the vault database."""

from shared.migrations import run
from shared.vault.keystore import metadata

run(metadata)
