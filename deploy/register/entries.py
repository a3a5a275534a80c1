"""What the readers of public registers have in common."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], None]
"""Told of everything that is left out, and why."""


class BadFile(ValueError):
    """A file is not what it was said to be; the message names it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation of a public register. `key` is its id there; `parents`, of which it is part, are keys as well.

    `level` is empty where it is a site unless sites belong to it.
    """

    key: str
    name: str
    town: str = ""
    region: str = ""
    country: str = ""
    level: str = ""
    slug: str = ""
    types: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


SMALL_WORDS = frozenset({"a", "and", "at", "de", "for", "in", "la", "le", "of", "on", "the", "upon", "with"})
SHORT_WORDS = frozenset({"CTR", "DR", "FT", "HSP", "MT", "ST"})
"""Words without a vowel that are no acronyms."""


def readable(text: str) -> str:
    """Return a name without double spaces, and one that is all capitals as people write it: `St Mary's NHS Trust`."""
    text = " ".join(text.split())
    if not text.isupper():
        return text
    words = re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)*", lambda found: _word(found[0]), text)
    return words[:1].upper() + words[1:]


def _word(word: str) -> str:
    if word.lower() in SMALL_WORDS:
        return word.lower()
    is_acronym = word not in SHORT_WORDS and re.search("[AEIOUY]", word) is None and word.isascii()
    return word if is_acronym or re.fullmatch("I{2,3}|IV", word) else word.capitalize()
