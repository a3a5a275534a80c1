"""Which migrations belong to which database, and who runs them."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from shared.migrations import upgrade

MIGRATIONS = {
    "intake": "services.intake.storage:migrations",
    "matcher": "services.matcher.storage:migrations",
    "notifier": "services.notifier.storage:migrations",
    "vault": "shared.vault:migrations",
}
"""Database name -> where Alembic finds its scripts. Each is run by the database's owner; the vault's is intake."""


def migrate(databases: Sequence[str], url_of: Callable[[str], str]) -> None:
    """Bring each of `databases` to its newest schema; `url_of(name)` gives the owner's URL. Harmless to repeat."""
    for name in databases:
        upgrade(url_of(name), MIGRATIONS[name])


def owner_url(database: str) -> str:
    """Return the owner's URL of `database` from <DATABASE>_DATABASE_URL, DATABASE_URL or, for the vault, VAULT_URL.

    Each may be given as a file (X_FILE). The long names are for one process that migrates all. Raises KeyError.
    """
    names = ["VAULT_URL"] if database == "vault" else [f"{database.upper()}_DATABASE_URL", "DATABASE_URL"]
    for name in names:
        if f"{name}_FILE" in os.environ:
            return Path(os.environ[f"{name}_FILE"]).read_text().strip()
        if name in os.environ:
            return os.environ[name]
    raise KeyError(f"{' or '.join(names)} is not set")
