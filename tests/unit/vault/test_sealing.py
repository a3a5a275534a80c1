"""Sealed values open only with the key, subject and purpose that they were sealed with."""

import base64
import secrets
import traceback
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from shared.vault.errors import Tampered
from shared.vault.purposes import Purpose
from shared.vault.sealing import DataKey, key_id_of, new_data_key, open_sealed, seal

KEY = new_data_key(secrets.token_bytes)
SUBJECT = "0123456789abcdefghjkmnpqrs"
HEAD_AND_TAG = 1 + 16 + 12 + 16

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(st.text(), values, max_size=6)


def sealed_with(obj: dict[str, Any], key: DataKey = KEY) -> str:
    return seal(key, SUBJECT, Purpose.PERSON_PROFILE, obj, secrets.token_bytes)


def raw_of(sealed: str) -> bytes:
    return base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))


@given(objects)
def test_what_was_sealed_is_what_opens(obj: dict[str, Any]) -> None:
    sealed = sealed_with(obj)
    assert open_sealed(KEY, sealed, SUBJECT, Purpose.PERSON_PROFILE) == obj


@given(st.text(max_size=3_000))
def test_a_size_tells_only_the_step_of_512_bytes(words: str) -> None:
    assert (len(raw_of(sealed_with({"words": words}))) - HEAD_AND_TAG) % 512 == 0


def test_a_short_and_a_somewhat_longer_text_have_the_same_size() -> None:
    assert len(sealed_with({"words": "a"})) == len(sealed_with({"words": "a" * 400}))


def test_the_text_form_names_its_version_and_key_and_has_no_padding_characters() -> None:
    sealed = sealed_with({"words": "x"})
    assert raw_of(sealed)[:17] == b"\x01" + KEY.key_id.bytes
    assert "=" not in sealed
    assert key_id_of(sealed) == KEY.key_id


def test_the_same_object_sealed_twice_does_not_look_the_same() -> None:
    assert sealed_with({"words": "x"}) != sealed_with({"words": "x"})


def test_another_subject_is_refused() -> None:
    with pytest.raises(Tampered):
        open_sealed(KEY, sealed_with({}), "another", Purpose.PERSON_PROFILE)


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.PERSON_PROFILE])
def test_another_purpose_is_refused(purpose: Purpose) -> None:
    with pytest.raises(Tampered):
        open_sealed(KEY, sealed_with({}), SUBJECT, purpose)


def test_another_key_with_the_same_id_is_refused() -> None:
    other = DataKey(KEY.key_id, secrets.token_bytes(32))
    with pytest.raises(Tampered):
        open_sealed(other, sealed_with({}), SUBJECT, Purpose.PERSON_PROFILE)


@given(st.integers(min_value=17 * 8, max_value=(HEAD_AND_TAG + 512) * 8 - 1))
def test_every_changed_bit_is_noticed(at: int) -> None:
    raw = bytearray(raw_of(sealed_with({"words": "x"})))
    raw[at // 8] ^= 1 << at % 8
    changed = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    with pytest.raises(Tampered):
        open_sealed(KEY, changed, SUBJECT, Purpose.PERSON_PROFILE)


@pytest.mark.parametrize(
    "poison", ["", "AQ", "not base64!", "ä", "A" * 100, sealed_with({})[:-20] + "=", "AQ" + "A" * 20]
)
def test_what_is_no_sealed_value_is_poison(poison: str) -> None:
    with pytest.raises(Tampered):
        open_sealed(KEY, poison, SUBJECT, Purpose.PERSON_PROFILE)


@pytest.mark.parametrize("plain", [b"planted words", b"\xff", b'["a list"]', b"[" * 100_000])
def test_what_was_sealed_and_is_no_json_object_is_poison_and_not_quoted(plain: bytes) -> None:
    nonce = secrets.token_bytes(12)
    box = AESGCM(KEY.key).encrypt(nonce, plain, f"{SUBJECT}|{Purpose.PERSON_PROFILE}".encode())
    sealed = base64.urlsafe_b64encode(b"\x01" + KEY.key_id.bytes + nonce + box).decode().rstrip("=")
    with pytest.raises(Tampered, match="holds no JSON object") as refusal:
        open_sealed(KEY, sealed, SUBJECT, Purpose.PERSON_PROFILE)
    assert "planted" not in "".join(traceback.format_exception(refusal.value))


def test_a_data_key_does_not_show_itself_in_a_log() -> None:
    assert repr(KEY.key) not in repr(KEY)
