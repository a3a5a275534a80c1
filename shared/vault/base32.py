"""Crockford's base32, for everything that a person may have to copy or type."""

from shared.refs import ALPHABET

BITS = 5
VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MISREAD = str.maketrans("oil", "011")


def encode(data: bytes, length: int) -> str:
    """Return the first `length` * 5 bits of `data` as lower-case characters; missing bits are zero."""
    bits = length * BITS
    spare = len(data) * 8 - bits
    number = int.from_bytes(data) >> spare if spare >= 0 else int.from_bytes(data) << -spare
    return "".join(ALPHABET[number >> at & 31] for at in range(bits - BITS, -1, -BITS))


def decode(text: str) -> bytes:
    """Return the whole bytes in `text` (cleaned); raises ValueError at a foreign character."""
    number = 0
    for character in text:
        if character not in VALUES:
            raise ValueError(f"{character!r} is not a base32 character")
        number = number << BITS | VALUES[character]
    size = len(text) * BITS // 8
    return (number >> len(text) * BITS - size * 8).to_bytes(size)


def clean(text: str) -> str:
    """Forgive what typing and pasting do: case, separators, line breaks and quote marks, O for 0, I or L for 1.

    Other letters and digits stay, so that the caller can say which one is wrong.
    """
    return "".join(filter(str.isalnum, text.lower())).translate(_MISREAD)


def grouped(text: str, size: int) -> str:
    """Return `text` in groups of `size` characters joined by hyphens."""
    return "-".join(text[at : at + size] for at in range(0, len(text), size))
