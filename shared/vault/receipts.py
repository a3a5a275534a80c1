"""Receipts: signed proof that the keys of an erased subject were destroyed, and in which hour.

Signed bytes: a label, then 0x01 | hours since 1970 (4 bytes) | number of key ids (1) | key ids (16 each). For more than
255 keys it begins with 0x02, and the number has four bytes. The text is base32 of those bytes without the label and of
the Ed25519 signature (64), so it survives mails, line breaks and fonts.
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

GROUP = 8
_LABEL = b"alongside receipt|"
_HEADS = {1: struct.Struct(">BIB"), 2: struct.Struct(">BII")}
"""Version -> what stands before the key ids: the version, the hours, the number of key ids."""

_FITS_THE_FIRST = 255
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
    """Return a receipt for destroyed key ids, at least one; `hour` is aware and is cut down to its full hour.

    The same keys and hour give the same text, in whatever order the ids come. Raises ValueError if there are no ids.
    """
    ordered = sorted({key_id.bytes for key_id in key_ids})
    if not ordered:
        raise ValueError("a receipt names at least one key")
    version = 1 if len(ordered) <= _FITS_THE_FIRST else 2
    hours = (hour - _EPOCH) // timedelta(hours=1)
    said = _HEADS[version].pack(version, hours, len(ordered)) + b"".join(ordered)
    raw = said + _signer(receipts.current()[1]).sign(_LABEL + said)
    return base32.grouped(base32.encode(raw, -(-len(raw) * 8 // base32.BITS)), GROUP)


def read_receipt(receipts: Keyring, text: str) -> Receipt:
    """Return what a receipt says, as it was pasted; raises BadReceipt unless some key of `receipts` signed it."""
    try:
        raw = base32.decode(base32.clean(text))
    except ValueError:
        raise BadReceipt("receipt_misread") from None
    said, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    head = _HEADS.get(said[0]) if said else None
    if head is None or len(said) < head.size:
        raise BadReceipt("receipt_incomplete")
    _, hours, number = head.unpack_from(said)
    if len(said) != head.size + number * _ID_BYTES:
        raise BadReceipt("receipt_incomplete")
    if not any(_signed(key, said, signature) for key in receipts.every()):
        raise BadReceipt("receipt_not_ours")
    key_ids = tuple(UUID(bytes=said[at : at + _ID_BYTES]) for at in range(head.size, len(said), _ID_BYTES))
    return Receipt(key_ids, _EPOCH + timedelta(hours=hours))


def _signer(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _signed(seed: bytes, said: bytes, signature: bytes) -> bool:
    try:
        _signer(seed).public_key().verify(signature, _LABEL + said)
    except InvalidSignature:
        return False
    return True
