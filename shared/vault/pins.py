"""A volunteer's PIN, kept as a slow hash under the keyring `index`: with the database alone nobody can try PINs."""

import hashlib
import hmac

from shared.vault.keyrings import Keyring
from shared.vault.randomness import RandomSource

SALT_BYTES = 16
COST = {"n": 2**14, "r": 8, "p": 1}
"""Of scrypt: 16 MB and some 50 ms a try. It slows those who have database and keyring; others are held by the limit
on tries."""


def hash_of_pin(index: Keyring, random: RandomSource, pin: str) -> str:
    """Return what to keep of `pin`: a salt and a hash, as hex."""
    salt = random(SALT_BYTES)
    return f"{salt.hex()}.{_slow(index, salt, pin)}"


def is_pin(index: Keyring, kept: str, pin: str) -> bool:
    salt, _, expected = kept.partition(".")
    return hmac.compare_digest(expected, _slow(index, bytes.fromhex(salt), pin))


def _slow(index: Keyring, salt: bytes, pin: str) -> str:
    slow = hashlib.scrypt(pin.encode("utf-8", "surrogatepass"), salt=salt, **COST)
    return hmac.digest(index.single(), b"pin|" + slow, "sha256").hex()
