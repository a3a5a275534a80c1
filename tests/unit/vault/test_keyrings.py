"""Keyring files: who has which, how they are rotated, and what is said when one is wrong."""

import json
import secrets
from pathlib import Path

import pytest

from shared.vault.errors import KeyringError, Tampered, UnknownKey
from shared.vault.keyrings import Keyring, Keyrings, new_key, new_keyring
from shared.vault.purposes import INTAKE, MATCHER, NOTIFIER, Purpose
from shared.vault.sealing import new_data_key
from shared.vault.wrapping import unwrap, wrap
from tests.support.keyrings import add_key, write_keyring
from tests.unit.vault.conftest import MakeKeyring


def test_a_rotation_is_noticed_while_running_and_old_keys_stay(make_keyring: MakeKeyring) -> None:
    keyring = make_keyring("person.profile")
    before = keyring.current()
    kid, key = new_key(secrets.token_bytes)
    add_key(keyring.path, kid, key)
    assert keyring.current() == (kid, key)
    assert keyring.key(before[0]) == before[1]
    assert keyring.every() == (key, before[1])


def test_an_unknown_kid_makes_a_reader_look_again(make_keyring: MakeKeyring) -> None:
    writer = make_keyring("person.profile")
    reader = Keyring(writer.path)
    add_key(writer.path, *new_key(secrets.token_bytes))
    data_key = new_data_key(secrets.token_bytes)
    wrapped = wrap(writer, data_key, Purpose.PERSON_PROFILE, secrets.token_bytes)
    assert unwrap(reader, data_key.key_id, Purpose.PERSON_PROFILE, wrapped) == data_key


def test_a_kid_that_nobody_added_is_named_together_with_the_file(make_keyring: MakeKeyring) -> None:
    keyring = make_keyring("links")
    with pytest.raises(UnknownKey, match=r"links\.json.*'gone'"):
        keyring.key("gone")


def test_a_keyring_with_two_keys_has_no_single_one(make_keyring: MakeKeyring) -> None:
    keyring = make_keyring("links")
    add_key(keyring.path, *new_key(secrets.token_bytes))
    with pytest.raises(KeyringError, match="holds 2 keys"):
        keyring.single()


def test_a_service_is_refused_a_keyring_that_its_folder_lacks(tmp_path: Path) -> None:
    for name in MATCHER.keyrings:
        write_keyring(tmp_path / f"{name}.json", new_keyring(secrets.token_bytes))
    keyrings = Keyrings(tmp_path)
    assert keyrings.named("person.profile").current()
    with pytest.raises(KeyringError, match=r"person\.private\.json cannot be read"):
        keyrings.named("person.private")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "is not JSON"),
        ("[]", "at least one key"),
        ("{}", "at least one key"),
        (json.dumps({"k1": "c2hvcnQ="}), "'k1' is not the base64 of 32 bytes"),
        (json.dumps({"k1": "~" * 44}), "'k1' is not the base64 of 32 bytes"),
        (json.dumps({"k1": 7}), "'k1' is not the base64 of 32 bytes"),
        (json.dumps({"": "c2hvcnQ="}), "1 to 255 ASCII characters"),
    ],
)
def test_a_malformed_file_is_named_with_what_is_wrong(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "links.json"
    path.write_text(content)
    with pytest.raises(KeyringError, match=complaint) as caught:
        Keyring(path)
    assert str(path) in str(caught.value)


def test_a_data_key_is_unwrapped_only_for_its_own_id_and_purpose(make_keyring: MakeKeyring) -> None:
    keyring = make_keyring("person.profile")
    data_key = new_data_key(secrets.token_bytes)
    wrapped = wrap(keyring, data_key, Purpose.PERSON_PROFILE, secrets.token_bytes)
    other_id = new_data_key(secrets.token_bytes).key_id
    for key_id, purpose in ((data_key.key_id, Purpose.PERSON_NOTIFY), (other_id, Purpose.PERSON_PROFILE)):
        with pytest.raises(Tampered):
            unwrap(keyring, key_id, purpose, wrapped)


def test_another_purposes_keyring_opens_nothing(make_keyring: MakeKeyring) -> None:
    data_key = new_data_key(secrets.token_bytes)
    wrapped = wrap(make_keyring("person.private"), data_key, Purpose.PERSON_PRIVATE, secrets.token_bytes)
    with pytest.raises(UnknownKey):
        unwrap(make_keyring("person.profile"), data_key.key_id, Purpose.PERSON_PRIVATE, wrapped)


@pytest.mark.parametrize(
    "wrapped", [b"", b"\x01", b"\x02" + b"\0" * 80, b"\x01\x00" + b"\0" * 59, b"\x01\x01\xff" + b"\0" * 60]
)
def test_a_wrapped_key_of_unknown_form_is_poison(make_keyring: MakeKeyring, wrapped: bytes) -> None:
    with pytest.raises(Tampered, match="unknown form"):
        unwrap(make_keyring("links"), new_data_key(secrets.token_bytes).key_id, Purpose.PERSON_CARD, wrapped)


def test_no_reader_is_given_what_only_intake_may_open() -> None:
    private = {Purpose.PERSON_PRIVATE, Purpose.PERSON_CARD, Purpose.MATCH_PRIVATE, Purpose.VOLUNTEER_PRIVATE}
    assert private.isdisjoint(MATCHER.keyrings)
    assert private.isdisjoint(NOTIFIER.keyrings)
    assert set(MATCHER.keyrings) & set(NOTIFIER.keyrings) == set()
    assert set(INTAKE.keyrings) == {*Purpose, "links", "index", "requests", "receipts"}
