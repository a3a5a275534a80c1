"""Request and volunteer keys: shown once, never stored, and found again only by their hash.

27 characters of Crockford base32 (135 bits) and a check character, in seven groups of four.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.refs import ALPHABET
from shared.vault import base32
from shared.vault.randomness import RandomSource

RANDOM_CHARACTERS = 27
LENGTH = RANDOM_CHARACTERS + 1
GROUP = 4
MIN_IDEMPOTENCY_KEY = 22
"""Shorter Idempotency-Keys are refused: the request key can be no harder to guess than what it is derived from."""

LONGEST_PASTE = 4_000
"""Characters of a pasted text that are looked at."""

_GROUPS = re.compile(r"(?<![0-9A-Za-z])(?=([0-9A-Za-z]{4}(?:[\s\u2010-\u2015-]+[0-9A-Za-z]{4}){6})(?![0-9A-Za-z]))")
_RANDOM_BYTES = 17
_FIELD_POLYNOMIAL = 0b100101
"""x^5 + x^2 + 1, which makes x generate all 31 non-zero elements of GF(32)."""


class MistypedKey(ValueError):
    """The text is no key. `code` and `values` say what is wrong with it, and never repeat it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def new_key(random: RandomSource) -> str:
    return _shown(random(_RANDOM_BYTES))


def derive_request_key(secret: bytes, idempotency_key: str) -> str:
    """Return the request key that belongs to `idempotency_key` under the server's `secret` (HKDF-SHA-256).

    The same two always give the same key, so a repeated submission finds its own row although nothing is stored.
    After a rotation, look under every key of the keyring. Raises ValueError if `idempotency_key` is too short.
    """
    return _derived(secret, "request key", idempotency_key)


def derive_volunteer_key(secret: bytes, idempotency_key: str) -> str:
    """Return the volunteer key that belongs to `idempotency_key`, in the same way; no request key is ever the same."""
    return _derived(secret, "volunteer key", idempotency_key)


def _derived(secret: bytes, label: str, idempotency_key: str) -> str:
    if len(idempotency_key) < MIN_IDEMPOTENCY_KEY:
        raise ValueError(f"an Idempotency-Key needs at least {MIN_IDEMPOTENCY_KEY} characters")
    info = f"alongside {label}|{idempotency_key}".encode()
    return _shown(HKDF(hashes.SHA256(), _RANDOM_BYTES, salt=None, info=info).derive(secret))


def parse_key(text: str) -> str:
    """Return the key in `text` in the form that is shown; case, spaces, hyphens, O/0 and I/L/1 are forgiven.

    Words that were copied with it are left out if its groups stand apart. Raises MistypedKey. Every single wrong
    character and every swap of two is found.
    """
    characters = base32.clean(text)
    if len(characters) > LENGTH:
        characters = next(_among_words(text), characters)
    foreign = sorted(set(characters) - set(ALPHABET))
    if foreign:
        raise MistypedKey("character", character=foreign[0].upper())
    if len(characters) != LENGTH:
        raise MistypedKey("length", length=LENGTH, found=len(characters))
    if _check_character(characters[:RANDOM_CHARACTERS]) != characters[RANDOM_CHARACTERS]:
        raise MistypedKey("check")
    return base32.grouped(characters.upper(), GROUP)


def _among_words(text: str) -> Iterator[str]:
    """Yield the keys in a text: first where hyphens join the groups, then where all letters are large."""
    found = [each[1] for each in _GROUPS.finditer(text[:LONGEST_PASTE])]
    for groups in sorted(found, key=lambda each: (len(each) - each.count("-") != LENGTH, not each.isupper())):
        key = base32.clean(groups)
        if set(key) <= set(ALPHABET) and _check_character(key[:RANDOM_CHARACTERS]) == key[RANDOM_CHARACTERS]:
            yield key


def lookup_id(key: str) -> str:
    """Return the hash (64 hex characters) under which a row is found by `key`; raises MistypedKey.

    A plain hash suffices: with 135 random bits behind it there is nothing to guess.
    """
    return hashlib.sha256(b"alongside lookup|" + _compact(key)).hexdigest()


def body_digest(request_key: str, body: Mapping[str, Any]) -> str:
    """Return a digest (64 hex characters) that tells a repeated submission from another body under the same key.

    `body` is the decoded JSON. The digest is keyed by the request key, which is stored nowhere: with the
    database alone nobody can test guesses of what was said. Raises MistypedKey.
    """
    text = json.dumps(dict(body), sort_keys=True, separators=(",", ":"))
    return hmac.digest(_compact(request_key), b"alongside body|" + text.encode(), "sha256").hex()


def _compact(key: str) -> bytes:
    return parse_key(key).replace("-", "").encode("ascii")


def _shown(data: bytes) -> str:
    characters = base32.encode(data, RANDOM_CHARACTERS)
    return base32.grouped((characters + _check_character(characters)).upper(), GROUP)


def _check_character(characters: str) -> str:
    """Return the sum over GF(32) of each character times its own power of x, as a character.

    The weights x^27 ... x^1, and x^0 for the check character itself, are all different and none is zero. So changing
    one character changes the sum, and so does swapping any two different ones.
    """
    total = 0
    for character in characters:
        total = (total ^ base32.VALUES[character]) << 1
        if total >> base32.BITS:
            total ^= _FIELD_POLYNOMIAL
    return ALPHABET[total]
