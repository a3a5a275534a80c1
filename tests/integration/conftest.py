"""One vault on a real PostgreSQL, and each service's door to it, for every integration test."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.database import Database
from shared.vault.keyrings import Keyrings, new_keyring
from shared.vault.purposes import INTAKE, MATCHER, NOTIFIER, READERS, Purpose, Reader
from shared.vault.vault import Vault, VaultKeeper
from tests.support.databases import Databases
from tests.support.keyrings import write_keyring


@dataclass(frozen=True)
class House:
    """The three services' vaults, their database URLs and their keyring folders, by role."""

    keeper: VaultKeeper
    matcher: Vault
    notifier: Vault
    connections: dict[str, Database]
    folders: dict[str, Path]

    def keyring_files(self, purpose: Purpose) -> list[Path]:
        """Return the file of `purpose` in each folder that has one: readers first, intake last."""
        return [self.folders[reader.role] / f"{purpose}.json" for reader in READERS[::-1] if purpose in reader.keyrings]


@pytest.fixture
def house(databases: Databases, tmp_path: Path) -> Iterator[House]:
    """Return a fresh vault with all three services at it."""
    url = databases.fresh("vault")
    contents = {name: new_keyring(secrets.token_bytes) for name in INTAKE.keyrings}
    folders = {reader.role: _keyring_folder(tmp_path / reader.role, reader, contents) for reader in READERS}
    connections = {
        reader.role: Database(databases.as_role(url, reader.role), name=f"test-{reader.role}", pool_size=2)
        for reader in READERS
    }
    yield House(
        VaultKeeper(connections["intake"], Keyrings(folders["intake"]), secrets.token_bytes, key_batch=2),
        Vault(connections["matcher"], Keyrings(folders["matcher"]), MATCHER),
        Vault(connections["notifier"], Keyrings(folders["notifier"]), NOTIFIER),
        connections,
        folders,
    )
    for connection in connections.values():
        connection.dispose()


def _keyring_folder(folder: Path, reader: Reader, contents: dict[str, dict[str, str]]) -> Path:
    folder.mkdir()
    for name in reader.keyrings:
        write_keyring(folder / f"{name}.json", contents[name])
    return folder
