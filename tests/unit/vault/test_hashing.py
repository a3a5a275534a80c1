"""Keyed hashes tell marks apart, by kind and by keyring, and nothing else of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.vault.hashing import KeyedHashes
from shared.vault.keyrings import Keyring
from shared.vocabulary.spelling import normalise
from tests.unit.vault.conftest import MakeKeyring


@pytest.fixture
def index(make_keyring: MakeKeyring) -> Keyring:
    """Return the keyring behind all hashes."""
    return make_keyring("index")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Anna   Müller ", "anna muller"),
        ("ANNA MÜLLER", "anna muller"),
        ("St. Mary's Hospital", "st marys hospital"),
        ("St. Mary\N{RIGHT SINGLE QUOTATION MARK}s Hospital", "st marys hospital"),
        ("Al-Azhar", "al azhar"),
        ("Straße", "strasse"),
        ("Łódź, Sør & Cie.", "lodz sor cie"),
        ("ＫＩＮＧＳ", "kings"),
        ("zero\N{ZERO WIDTH SPACE}width", "zerowidth"),
        ("Московская", "московская"),
        ("...", ""),
    ],
)
def test_spelling_that_means_nothing_is_taken_away(text: str, normal: str) -> None:
    assert normalise(text) == normal


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_a_mark_has_64_bits_and_an_address_by_which_somebody_is_found_has_128(index: Keyring) -> None:
    hashes = KeyedHashes(index)
    assert all(re.fullmatch(r"[0-9a-f]{16}", make("a mark")) for make in (hashes.place, hashes.person))
    assert re.fullmatch(r"[0-9a-f]{32}", hashes.address("one@example.org"))


def test_hashes_of_different_kinds_never_meet(index: Keyring) -> None:
    hashes = KeyedHashes(index)
    assert len({hashes.person("a mark"), hashes.place("a mark"), hashes.address("a mark")}) == 3


def test_another_houses_hashes_do_not_compare(index: Keyring, make_keyring: MakeKeyring) -> None:
    assert KeyedHashes(index).place("a mark") != KeyedHashes(make_keyring("others")).place("a mark")


def test_any_text_can_be_hashed(index: Keyring) -> None:
    hashes = KeyedHashes(index)

    @given(st.text(st.characters(exclude_categories=())))
    def hashed(text: str) -> None:
        assert [len(made) for made in (hashes.person(text), hashes.place(text), hashes.address(text))] == [16, 16, 32]

    hashed()
