"""Data keys as the vault keeps them: wrapped (AES-256-GCM) under a key of their purpose's keyring.

Form: 0x01 | length of kid | kid | nonce (12) | wrapped key and tag (48); associated data = key id | purpose.
"""

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.vault.errors import Tampered
from shared.vault.keyrings import Keyring
from shared.vault.purposes import Purpose
from shared.vault.randomness import RandomSource
from shared.vault.sealing import DATA_KEY_BYTES, NONCE_BYTES, TAG_BYTES, DataKey

VERSION = 1
_KID_AT = 2
_BOX_BYTES = NONCE_BYTES + DATA_KEY_BYTES + TAG_BYTES


def wrap(keyring: Keyring, key: DataKey, purpose: Purpose, random: RandomSource) -> bytes:
    kid, wrapping_key = keyring.current()
    nonce = random(NONCE_BYTES)
    box = AESGCM(wrapping_key).encrypt(nonce, key.key, _associated(key.key_id, purpose))
    return bytes((VERSION, len(kid))) + kid.encode("ascii") + nonce + box


def unwrap(keyring: Keyring, key_id: UUID, purpose: Purpose, wrapped: bytes) -> DataKey:
    """Return the data key in `wrapped`.

    Raises UnknownKey if `keyring` lacks the key it names, Tampered if it was not wrapped for this id and purpose.
    """
    kid, box = _parts(key_id, wrapped)
    try:
        key = AESGCM(keyring.key(kid)).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _associated(key_id, purpose))
    except InvalidTag:
        raise Tampered(f"data key {key_id} was not wrapped for {purpose} under {kid!r}") from None
    return DataKey(key_id, key)


def _parts(key_id: UUID, wrapped: bytes) -> tuple[str, bytes]:
    kid_end = _KID_AT + (wrapped[1] if len(wrapped) > 1 else 0)
    kid = wrapped[_KID_AT:kid_end]
    if wrapped[:1] != bytes((VERSION,)) or len(wrapped) != kid_end + _BOX_BYTES or not kid.isascii():
        raise Tampered(f"data key {key_id} has an unknown form")
    return kid.decode("ascii"), wrapped[kid_end:]


def _associated(key_id: UUID, purpose: Purpose) -> bytes:
    return key_id.bytes + f"|{purpose}".encode()
