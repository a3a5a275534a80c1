"""Which migrations belong to which database, and who runs them."""

from collections.abc import Callable, Sequence

from environs import FileAwareEnv

from shared.migrations import upgrade
from shared.settings import BadSettings, read_settings

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


def owner_urls(databases: Sequence[str]) -> dict[str, str]:
    """Return the owner's URL of each of `databases`; BadSettings names all that are missing.

    It is read from <DATABASE>_DATABASE_URL or DATABASE_URL, for the vault from VAULT_URL; each may be given as a file
    (X_FILE). The long names are for one process that migrates all.
    """
    given = read_settings(lambda env: {name: _first_given(env, _settings_for(name)) for name in databases})
    urls = {name: url for name, url in given.items() if url}
    missing = [" or ".join(_settings_for(name)) for name in databases if name not in urls]
    if missing:
        raise BadSettings("; ".join(f"{names}: not set" for names in missing))
    return urls


def _settings_for(database: str) -> list[str]:
    return ["VAULT_URL"] if database == "vault" else [f"{database.upper()}_DATABASE_URL", "DATABASE_URL"]


def _first_given(env: FileAwareEnv, names: Sequence[str]) -> str | None:
    return next((url for name in names if (url := env.str(name, None))), None)
