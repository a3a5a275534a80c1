"""Refs: random names for aggregates, which mean nothing and sort by nothing."""

import secrets
from typing import NewType

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32 alphabet, lower case: it leaves out i, l, o and u, which people misread."""

REF_LENGTH = 26

REF_PATTERN = f"[{ALPHABET}]{{{REF_LENGTH}}}"
"""As a regular expression, without anchors."""

Version = NewType("Version", int)
"""The version of an aggregate, also called its sequence: eight bytes in a table."""


def new_ref() -> str:
    """Return a fresh ref: 26 base32 characters, 130 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(REF_LENGTH))


def is_ref(text: str) -> bool:
    """Tell whether `text` could be a ref; what cannot be one need not be looked for."""
    return len(text) == REF_LENGTH and set(text) <= set(ALPHABET)
