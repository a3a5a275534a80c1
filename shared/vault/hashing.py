"""Keyed hashes by which names, addresses and places are compared without being readable. Intake alone makes them.

What is hashed is a mark: intake's domain turns what people write into marks, so that what someone lists to avoid meets
what another is. The keyring `index` cannot be rotated: hashes made before and after would no longer meet, and an
exclusion that silently ends is worse than an old key.
"""

import hmac
from dataclasses import dataclass

from shared.vault.keyrings import Keyring

ADDRESS_LENGTH = 32
"""Hex characters of the hash of an address for notices: 128 bits of HMAC-SHA-256."""

MARK_LENGTH = 16
"""Hex characters of the hash of a mark: a volunteer has hundreds, and two that are one by chance only exclude."""


@dataclass(frozen=True)
class KeyedHashes:
    """The hashes that are made with the keyring `index`. Hashes of different kinds never meet."""

    index: Keyring

    def person(self, mark: str) -> str:
        """Return the hash of one mark of a person: of their name, an e-mail address or a telephone number."""
        return self._hash("person", mark, MARK_LENGTH)

    def place(self, mark: str) -> str:
        """Return the hash of one mark of a place: a unit, site, employer, programme, university, board or college."""
        return self._hash("place", mark, MARK_LENGTH)

    def address(self, address: str) -> str:
        """Return the hash of an address for notices, by which a volunteer is found again."""
        return self._hash("notify", address, ADDRESS_LENGTH)

    def _hash(self, kind: str, text: str, length: int) -> str:
        message = f"{kind}|{text}".encode("utf-8", "surrogatepass")
        return hmac.digest(self.index.single(), message, "sha256").hex()[:length]
