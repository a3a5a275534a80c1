"""A receipt survives copying, and says exactly what was signed."""

import secrets
import textwrap
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest

from shared.vault import base32
from shared.vault.keyrings import Keyring, new_key
from shared.vault.receipts import BadReceipt, Receipt, issue_receipt, read_receipt
from tests.support.keyrings import add_key
from tests.unit.vault.conftest import MakeKeyring

HOUR = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY_IDS = tuple(UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def receipts(make_keyring: MakeKeyring) -> Keyring:
    """Return the keyring that signs."""
    return make_keyring("receipts")


def test_a_receipt_names_the_destroyed_keys_and_the_hour(receipts: Keyring) -> None:
    assert read_receipt(receipts, issue_receipt(receipts, KEY_IDS, HOUR)) == Receipt(KEY_IDS, HOUR)


def test_the_same_erasure_gives_the_same_receipt(receipts: Keyring) -> None:
    later = (HOUR + timedelta(minutes=59)).astimezone(timezone(timedelta(hours=5)))
    assert issue_receipt(receipts, KEY_IDS, HOUR) == issue_receipt(receipts, [*reversed(KEY_IDS), KEY_IDS[0]], later)


def test_a_receipt_survives_mails_and_line_breaks(receipts: Keyring) -> None:
    text = issue_receipt(receipts, KEY_IDS, HOUR).upper().replace("0", "O")
    mailed = "\r\n".join(f"> {line}" for line in textwrap.wrap(text, 40)) + "\r\n"
    assert read_receipt(receipts, mailed).key_ids == KEY_IDS


def test_a_receipt_signed_before_a_rotation_stays_good(receipts: Keyring) -> None:
    text = issue_receipt(receipts, KEY_IDS, HOUR)
    add_key(receipts.path, *new_key(secrets.token_bytes))
    assert read_receipt(receipts, text).hour == HOUR


@pytest.mark.parametrize("count", [1, 2, 4, 5, 8, 255, 256, 257, 3_000])
def test_every_number_of_keys_fits(receipts: Keyring, count: int) -> None:
    key_ids = [uuid4() for _ in range(count)]
    text = issue_receipt(receipts, key_ids, HOUR)
    assert base32.decode(base32.clean(text))[0] == (1 if count < 256 else 2)
    assert read_receipt(receipts, text) == Receipt(tuple(sorted(key_ids, key=lambda each: each.bytes)), HOUR)


def test_a_receipt_of_the_first_version_stays_as_it_was(receipts: Keyring) -> None:
    raw = base32.decode(base32.clean(issue_receipt(receipts, KEY_IDS, HOUR)))
    assert raw[:6] == bytes((1, 0, 7, 156, 20, 3))


def test_a_receipt_for_no_key_is_refused(receipts: Keyring) -> None:
    with pytest.raises(ValueError, match="at least one"):
        issue_receipt(receipts, [], HOUR)


def test_every_changed_byte_is_noticed(receipts: Keyring) -> None:
    raw = base32.decode(base32.clean(issue_receipt(receipts, KEY_IDS, HOUR)))
    for at in range(len(raw)):
        changed = raw[:at] + bytes((raw[at] ^ 1,)) + raw[at + 1 :]
        with pytest.raises(BadReceipt):
            read_receipt(receipts, base32.encode(changed, -(-len(changed) * 8 // 5)))


def test_another_houses_receipt_is_refused(receipts: Keyring, make_keyring: MakeKeyring) -> None:
    with pytest.raises(BadReceipt, match="receipt_not_ours"):
        read_receipt(receipts, issue_receipt(make_keyring("others"), KEY_IDS, HOUR))


@pytest.mark.parametrize("text", ["", "0", "hello you", "u" * 300, "0" * 300, "é"])
def test_what_is_no_receipt_is_refused(receipts: Keyring, text: str) -> None:
    with pytest.raises(BadReceipt, match=r"receipt_(misread|incomplete)"):
        read_receipt(receipts, text)
