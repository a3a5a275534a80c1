"""A PIN is kept as a slow hash that nobody can try without the keyring."""

import secrets

import pytest

from shared.vault.keyrings import Keyring
from shared.vault.pins import hash_of_pin, is_pin
from tests.unit.vault.conftest import MakeKeyring


@pytest.fixture
def index(make_keyring: MakeKeyring) -> Keyring:
    """Return the keyring behind all hashes."""
    return make_keyring("index")


def test_the_pin_that_was_kept_is_known_and_no_other(index: Keyring) -> None:
    kept = hash_of_pin(index, secrets.token_bytes, "4711")
    assert is_pin(index, kept, "4711")
    assert not any(is_pin(index, kept, other) for other in ("4712", "04711", "471", "", "\ud800"))


def test_the_same_pin_is_kept_differently_each_time_and_never_readably(index: Keyring) -> None:
    one, other = (hash_of_pin(index, secrets.token_bytes, "271828182845") for _ in range(2))
    assert one != other
    assert "271828182845" not in one


def test_another_houses_keyring_cannot_try_a_pin(index: Keyring, make_keyring: MakeKeyring) -> None:
    kept = hash_of_pin(index, secrets.token_bytes, "4711")
    assert not is_pin(make_keyring("others"), kept, "4711")
