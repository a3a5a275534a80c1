"""Keyed hashes by which names, addresses and places are compared without being readable. Intake alone makes them.

Both sides of a comparison come from the same function, so what someone lists to avoid meets what another is.
The keyring `index` cannot be rotated: hashes made before and after would no longer meet, and an exclusion that
silently ends is worse than an old key.
"""

import hmac
import re
import unicodedata
from dataclasses import dataclass

from shared.vault.keyrings import Keyring
from shared.vocabulary.spelling import normalise

HASH_LENGTH = 32
"""Hex characters of a hash: 128 bits of HMAC-SHA-256."""

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
_PHONE_MIN_DIGITS = 7
_PHONE_KEPT_DIGITS = 9
"""The last nine digits are a subscriber's own: country code, 00 and trunk 0 are written or left out at will."""


@dataclass(frozen=True)
class KeyedHashes:
    """The hashes that are made with the keyring `index`."""

    index: Keyring

    def person(self, text: str) -> str:
        """Return the hash of a person's name, e-mail address or telephone number, whichever `text` looks like."""
        address = _ADDRESS.search(text)
        if address:
            return self._hash("email", unicodedata.normalize("NFKC", address[0]).lower().rstrip("."))
        digits = "".join(str(unicodedata.digit(character)) for character in text if _is_digit(character))
        if len(digits) >= _PHONE_MIN_DIGITS and not any(map(str.isalpha, text)):
            return self._hash("phone", digits[-_PHONE_KEPT_DIGITS:])
        return self._hash("name", _comparable(text))

    def place(self, text: str) -> str:
        """Return the hash of one mark of a place: a unit, site, employer, programme, university, board or college."""
        return self._hash("place", _comparable(text))

    def address(self, text: str) -> str:
        """Return the hash of an address for notices, by which a lost home link is asked for; it meets no other hash."""
        return self._hash("notify", unicodedata.normalize("NFKC", text).strip().lower())

    def _hash(self, kind: str, text: str) -> str:
        message = f"{kind}|{text}".encode("utf-8", "surrogatepass")
        return hmac.digest(self.index.single(), message, "sha256").hex()[:HASH_LENGTH]


def _comparable(text: str) -> str:
    # What consists of signs alone must not become the same nothing as every other such text.
    return normalise(text) or " ".join(text.split())


def _is_digit(character: str) -> bool:
    return unicodedata.digit(character, None) is not None
