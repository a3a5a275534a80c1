"""Names, addresses and places meet when people mean the same, however they write it."""

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


def test_a_hash_is_32_hex_characters(index: Keyring) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", KeyedHashes(index).place("General Hospital"))


@pytest.mark.parametrize(
    ("listed", "own"),
    [
        ("Dr Anna Müller", "dr. anna muller"),
        ("Anna.M@Example.org", " anna.m@example.org "),
        ("Anna M <anna@example.org>", "mailto:anna@example.org"),
        ("+49 170 1234567", "0170/123 45 67"),
        ("0049 (170) 1234567", "+491701234567"),
        ("(212) 555-0123", "+1 212 555 0123"),
    ],
)
def test_someone_who_is_listed_to_avoid_meets_what_they_are(index: Keyring, listed: str, own: str) -> None:
    assert KeyedHashes(index).person(listed) == KeyedHashes(index).person(own)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Müller", "Anne Müller"),
        ("anna@example.org", "anna@example.com"),
        ("+49 170 1234567", "+49 170 1234568"),
        ("...", "!!!"),
        ("王", "李"),
    ],
)
def test_different_people_have_different_hashes(index: Keyring, one: str, other: str) -> None:
    assert KeyedHashes(index).person(one) != KeyedHashes(index).person(other)


def test_a_name_and_a_place_that_sound_alike_are_not_the_same(index: Keyring) -> None:
    assert KeyedHashes(index).person("St Mary") != KeyedHashes(index).place("St Mary")


def test_another_houses_hashes_do_not_compare(index: Keyring, make_keyring: MakeKeyring) -> None:
    assert KeyedHashes(index).place("St Mary") != KeyedHashes(make_keyring("others")).place("St Mary")


def test_an_address_asked_for_meets_the_same_address_and_no_hash_of_a_person(index: Keyring) -> None:
    asked = KeyedHashes(index).address(" Anna.M@Example.org ")
    assert asked == KeyedHashes(index).address("anna.m@example.org")
    assert asked != KeyedHashes(index).address("anna.m@example.com")
    assert asked != KeyedHashes(index).person("anna.m@example.org")


def test_any_text_can_be_hashed(index: Keyring) -> None:
    @given(st.text(st.characters(exclude_categories=())))
    def hashed(text: str) -> None:
        assert len(KeyedHashes(index).person(text)) == len(KeyedHashes(index).place(text)) == 32
        assert len(KeyedHashes(index).address(text)) == 32

    hashed()
