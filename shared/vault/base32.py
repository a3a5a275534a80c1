"""Crockford's base32, for everything that a person may have to copy or type."""

import base64

from shared.refs import ALPHABET

BITS = 5
VALUES = {character: value for value, character in enumerate(ALPHABET)}
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_OURS, _TO_STANDARD = str.maketrans(_STANDARD, ALPHABET), str.maketrans(ALPHABET, _STANDARD)
_MISREAD = str.maketrans("oil", "011")


def encode(data: bytes, length: int) -> str:
    """Return the first `length` * 5 bits of `data` as lower-case characters; missing bits are zero."""
    return base64.b32encode(data).decode("ascii")[:length].translate(_TO_OURS)


def decode(text: str) -> bytes:
    """Return the whole bytes in `text` (cleaned); raises ValueError at a foreign character."""
    if not set(text) <= VALUES.keys():
        raise ValueError("not base32")
    size = len(text) * BITS // 8
    whole = text.translate(_TO_STANDARD)
    return base64.b32decode(whole + "A" * (-len(text) % 8))[:size]


def clean(text: str) -> str:
    """Forgive what typing and pasting do: case, separators, line breaks and quote marks, O for 0, I or L for 1.

    Other letters and digits stay, so that the caller can say which one is wrong.
    """
    return "".join(filter(str.isalnum, text.lower())).translate(_MISREAD)


def grouped(text: str, size: int) -> str:
    """Return `text` in groups of `size` characters joined by hyphens."""
    return "-".join(text[at : at + size] for at in range(0, len(text), size))
