"""Sealed values: one JSON object, AES-256-GCM under a data key, bound to its subject and purpose.

Text form, the same in rows and events: base64url without padding of
0x01 | key id (16 bytes) | nonce (12) | ciphertext and tag (16).
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.vault.errors import Tampered
from shared.vault.purposes import Purpose
from shared.vault.randomness import RandomSource

VERSION = b"\x01"
PADDING_STEP = 512
"""A plaintext is a multiple of this many bytes, so that its size tells little about what was said."""

NONCE_BYTES = 12
TAG_BYTES = 16
KEY_ID_BYTES = 16
DATA_KEY_BYTES = 32
_NONCE_AT = len(VERSION) + KEY_ID_BYTES
_CIPHERTEXT_AT = _NONCE_AT + NONCE_BYTES


@dataclass(frozen=True)
class DataKey:
    """An open data key: its random id, which names no one, and its 32 bytes."""

    key_id: UUID
    key: bytes = field(repr=False)


def new_data_key(random: RandomSource) -> DataKey:
    return DataKey(UUID(bytes=random(KEY_ID_BYTES), version=4), random(DATA_KEY_BYTES))


def seal(key: DataKey, subject: str, purpose: Purpose, obj: Mapping[str, Any], random: RandomSource) -> str:
    """Seal `obj` (a JSON object) for `subject` (a ref) and `purpose`; return the text form.

    One data key may seal many times (a changed profile, the texts of a conversation): nonces are random.
    """
    nonce = random(NONCE_BYTES)
    ciphertext = AESGCM(key.key).encrypt(nonce, _padded(obj), _associated(subject, purpose))
    return base64.urlsafe_b64encode(VERSION + key.key_id.bytes + nonce + ciphertext).rstrip(b"=").decode("ascii")


def key_id_of(sealed: str) -> UUID:
    """Return the id of the data key under which `sealed` was made; raises Tampered if it is no sealed value."""
    return UUID(bytes=_decoded(sealed)[len(VERSION) : _NONCE_AT])


def open_sealed(key: DataKey, sealed: str, subject: str, purpose: Purpose) -> dict[str, Any]:
    """Return the object in `sealed`; raises Tampered unless key, subject, purpose and every bit are as they were."""
    raw = _decoded(sealed)
    nonce, ciphertext = raw[_NONCE_AT:_CIPHERTEXT_AT], raw[_CIPHERTEXT_AT:]
    try:
        plain = AESGCM(key.key).decrypt(nonce, ciphertext, _associated(subject, purpose))
    except InvalidTag:
        raise Tampered(f"a value for {purpose} under key {key.key_id} is not as it was sealed") from None
    try:
        obj = json.loads(plain)
    except (ValueError, RecursionError):
        obj = None
    if not isinstance(obj, dict):
        # The parser's own error would quote what was sealed.
        raise Tampered(f"a value for {purpose} under key {key.key_id} holds no JSON object")
    return obj


def _padded(obj: Mapping[str, Any]) -> bytes:
    # JSON lets white space follow the object, so padding needs no length field of its own. A lone surrogate, which
    # JSON can carry as an escape, passes through here as json.loads lets it through on the way back.
    text = json.dumps(dict(obj), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    plain = text.encode("utf-8", "surrogatepass")
    return plain + b" " * (-len(plain) % PADDING_STEP)


def _associated(subject: str, purpose: Purpose) -> bytes:
    return f"{subject}|{purpose}".encode()


def _decoded(sealed: str) -> bytes:
    try:
        raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Tampered("a sealed value is not base64url") from None
    if not raw.startswith(VERSION) or len(raw) < _CIPHERTEXT_AT + TAG_BYTES:
        raise Tampered("a sealed value has an unknown version or is cut short")
    return raw
