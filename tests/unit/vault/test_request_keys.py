"""Request keys forgive what typing does, and find every single mistake."""

import re
import secrets

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.intake.texts import texts
from shared.refs import ALPHABET
from shared.vault.request_keys import (
    MistypedKey,
    body_digest,
    derive_request_key,
    derive_volunteer_key,
    lookup_id,
    new_key,
    parse_key,
)

KEY = new_key(lambda length: bytes(range(100, 100 + length)))
IDEMPOTENCY_KEY = "0123456789012345678901"

keys = st.binary(min_size=17, max_size=17).map(lambda data: new_key(lambda _: data))
places = st.integers(min_value=0, max_value=27)


def test_a_key_is_seven_groups_of_four() -> None:
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}", KEY)


def test_a_key_holds_135_random_bits() -> None:
    data = b"\xff" * 16 + b"\xfe"
    assert new_key(lambda _: data)[:33] == "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZ"
    assert new_key(lambda _: b"\xff" * 16 + b"\xfc") != new_key(lambda _: data)


@given(keys, places, st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_found(key: str, at: int, other: str) -> None:
    characters = list(key.replace("-", "").lower())
    assume(characters[at] != other)
    characters[at] = other
    with pytest.raises(MistypedKey, match="check"):
        parse_key("".join(characters))


@given(keys, places, places)
def test_any_swap_of_two_characters_is_found(key: str, one: int, two: int) -> None:
    characters = list(key.replace("-", ""))
    assume(characters[one] != characters[two])
    characters[one], characters[two] = characters[two], characters[one]
    with pytest.raises(MistypedKey, match="check"):
        parse_key("".join(characters))


@given(keys)
def test_every_way_to_type_a_key_finds_the_same_row(key: str) -> None:
    typed = (
        key.lower(),
        key.replace("-", ""),
        key.replace("-", " – "),
        key.replace("0", "O"),
        key.replace("0", "o").replace("1", "l"),
        f"  {key.replace('1', 'I')}\r\n",
    )
    assert {parse_key(text) for text in typed} == {key}
    assert {lookup_id(text) for text in typed} == {lookup_id(key)}


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "length", {"length": 28, "found": 0}),
        (KEY[:-1], "length", {"length": 28, "found": 27}),
        (KEY + "0", "length", {"length": 28, "found": 29}),
        ("U" + KEY[1:], "character", {"character": "U"}),
        ("é" + KEY[1:], "character", {"character": "É"}),
    ],
)
def test_what_is_wrong_is_said(text: str, code: str, values: dict[str, object]) -> None:
    with pytest.raises(MistypedKey) as caught:
        parse_key(text)
    assert (caught.value.code, caught.value.values) == (code, values)
    assert texts().say(f"error.key.{code}", **values)


def test_a_complaint_never_repeats_the_key() -> None:
    with pytest.raises(MistypedKey) as caught:
        parse_key(KEY[:-1])
    assert KEY[:9] not in f"{caught.value} {caught.value.values}"


def test_the_lookup_id_is_not_the_key() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", lookup_id(KEY))
    assert lookup_id(KEY) != lookup_id(new_key(secrets.token_bytes))


def test_the_same_idempotency_key_gives_the_same_request_key_and_another_secret_another() -> None:
    secret, other = secrets.token_bytes(32), secrets.token_bytes(32)
    key = derive_request_key(secret, IDEMPOTENCY_KEY)
    assert parse_key(key) == key
    assert derive_request_key(secret, IDEMPOTENCY_KEY) == key
    assert derive_request_key(other, IDEMPOTENCY_KEY) != key
    assert derive_request_key(secret, IDEMPOTENCY_KEY + "x") != key


def test_the_same_idempotency_key_never_gives_a_person_and_a_volunteer_the_same_key() -> None:
    secret = secrets.token_bytes(32)
    key = derive_volunteer_key(secret, IDEMPOTENCY_KEY)
    assert parse_key(key) == key == derive_volunteer_key(secret, IDEMPOTENCY_KEY)
    assert key != derive_request_key(secret, IDEMPOTENCY_KEY)


def test_a_short_idempotency_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 22"):
        derive_request_key(secrets.token_bytes(32), IDEMPOTENCY_KEY[1:])
    with pytest.raises(ValueError, match="at least 22"):
        derive_volunteer_key(secrets.token_bytes(32), IDEMPOTENCY_KEY[1:])


def test_a_body_digest_tells_bodies_and_keys_apart_but_not_the_order_of_fields() -> None:
    digest = body_digest(KEY, {"stage": "student", "themes": []})
    assert body_digest(KEY.lower(), {"themes": [], "stage": "student"}) == digest
    assert body_digest(KEY, {"stage": "student", "themes": ["grief"]}) != digest
    assert body_digest(new_key(secrets.token_bytes), {"stage": "student", "themes": []}) != digest
