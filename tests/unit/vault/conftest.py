"""Keyrings on disk, as small as they can be."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.vault.keyrings import Keyring, new_keyring
from tests.support.keyrings import write_keyring

MakeKeyring = Callable[[str], Keyring]


@pytest.fixture
def make_keyring(tmp_path: Path) -> MakeKeyring:
    """Return a function that makes a keyring file of one fresh key and opens it."""

    def make(name: str) -> Keyring:
        path = tmp_path / f"{name}.json"
        write_keyring(path, new_keyring(secrets.token_bytes))
        return Keyring(path)

    return make
