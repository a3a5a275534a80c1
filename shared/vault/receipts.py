"""Receipts: signed proof that the keys of an erased subject were destroyed, and in which hour.

Signed bytes: a label, then 0x01 | hours since 1970 (4 bytes) | number of key ids (1) | key ids (16 each). The text is
base32 of those bytes without the label and of the Ed25519 signature (64), so it survives mails, line breaks and fonts.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.vault import base32
from shared.vault.keyrings import Keyring

MAX_KEY_IDS = 255
GROUP = 8
_LABEL = b"alongside receipt|"
_VERSION = 1
_HEAD = struct.Struct(">BIB")
_ID_BYTES = 16
_SIGNATURE_BYTES = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadReceipt(ValueError):
    """The text is no receipt of this house, or it was changed; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Receipt:
    """What a receipt says: these data keys were destroyed in the hour that begins at `hour` (UTC)."""

    key_ids: tuple[UUID, ...]
    hour: datetime


def issue_receipt(receipts: Keyring, key_ids: Iterable[UUID], hour: datetime) -> str:
    """Return a receipt for 1 to 255 destroyed key ids; `hour` is aware and is cut down to its full hour.

    The same keys and hour give the same text, in whatever order the ids come. Raises ValueError at too many or no ids.
    """
    ordered = sorted({key_id.bytes for key_id in key_ids})
    if not 1 <= len(ordered) <= MAX_KEY_IDS:
        raise ValueError(f"a receipt names 1 to {MAX_KEY_IDS} keys, not {len(ordered)}")
    said = _HEAD.pack(_VERSION, (hour - _EPOCH) // timedelta(hours=1), len(ordered)) + b"".join(ordered)
    raw = said + _signer(receipts.current()[1]).sign(_LABEL + said)
    return base32.grouped(base32.encode(raw, -(-len(raw) * 8 // base32.BITS)), GROUP)


def read_receipt(receipts: Keyring, text: str) -> Receipt:
    """Return what a receipt says, as it was pasted; raises BadReceipt unless some key of `receipts` signed it."""
    try:
        raw = base32.decode(base32.clean(text))
    except ValueError:
        raise BadReceipt("receipt_misread") from None
    said, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    if len(said) < _HEAD.size or said[0] != _VERSION or len(said) != _HEAD.size + said[_HEAD.size - 1] * _ID_BYTES:
        raise BadReceipt("receipt_incomplete")
    if not any(_signed(key, said, signature) for key in receipts.every()):
        raise BadReceipt("receipt_not_ours")
    _, hours, _ = _HEAD.unpack_from(said)
    key_ids = tuple(UUID(bytes=said[at : at + _ID_BYTES]) for at in range(_HEAD.size, len(said), _ID_BYTES))
    return Receipt(key_ids, _EPOCH + timedelta(hours=hours))


def _signer(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _signed(seed: bytes, said: bytes, signature: bytes) -> bool:
    try:
        _signer(seed).public_key().verify(signature, _LABEL + said)
    except InvalidSignature:
        return False
    return True
