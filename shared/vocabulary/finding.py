"""Finding a word by what people type: any word of its label or of its other names, in UK or US spelling.

`services/intake/web/static/alongside.js` does the same on the pages, over the names that `plain_names` makes; a test in
a browser compares the two.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from shared.vocabulary.spelling import normalise

Names = Mapping[str, Sequence[str]]
"""Slug -> its names, plain."""

SAYS_NOTHING = frozenset(("and", "of", "the", "in", "for", "to", "with"))
"""Words of which a name is rid, like a typed text."""

TELLS_LITTLE = """
adult acute advanced bank care clinical clinic community department floor general health hospital lab laboratory medical
medicine nurse nursing other practice practitioner service special specialist student surgery surgical team temp therapy
unit ward work
"""
"""Words that alone do not make a longer text mean a word: `sports medicine` is not `medicine`."""

_SPELLED = ((re.compile("ae|oe"), "e"), (re.compile("our"), "or"), (re.compile("z"), "s"), (re.compile("ll"), "l"))
_LONE_LETTERS = re.compile(r"\b(\w) (?=\w\b)", re.ASCII)
_ENDING = re.compile(
    r"^(.{4,}?)(?:icists?|icians?|ians?|ists?|ical|ics?|er(?:y|ies)|eons?|ings?|ies|es?|y|s)$|^(.{6,})ers?$"
)


def plain(text: str) -> str:
    """Return the telling words of a text in one spelling: `Obs & Gynaecology` -> `obs gynecology`, `A&E` -> `ae`."""
    words = [word for word in normalise(text).split() if word not in SAYS_NOTHING]
    # Letters that stand alone are an abbreviation: A & E, E.N.T.
    joined = _LONE_LETTERS.sub(r"\1", " ".join(words))
    return " ".join(map(_one_spelling, joined.split()))


def plain_names(label: str, other_names: Iterable[str]) -> tuple[str, ...]:
    """Return the different plain forms of a word's names, the label's first."""
    return tuple(dict.fromkeys(filter(None, map(plain, (label, *other_names)))))


def found(text: str, names: Names) -> list[str]:
    """Return the slugs that `text` may mean, the likeliest first; empty if none.

    First those that are called so, then those of which one name has every word that was typed, or words that begin
    so, then those one name of which is in the text.
    """
    return [slug for slug, _ in _ranked(text, names)]


def meant(text: str, names: Names) -> str | None:
    """Return the one slug that `text` means: the only one that is called just so, else the only one found at all."""
    ranked = _ranked(text, names)
    likely = [slug for slug, rank in ranked if rank == ranked[0][1]] if ranked and ranked[0][1][0] == 0 else ranked
    return ranked[0][0] if len(likely) == 1 else None


_Rank = tuple[int, int, int]


def _ranked(text: str, names: Names) -> list[tuple[str, _Rank]]:
    typed = plain(text).split()
    best = ((slug, min(_ranks(typed, of_slug), default=None)) for slug, of_slug in names.items() if typed)
    return sorted(((slug, rank) for slug, rank in best if rank is not None), key=lambda each: each[1])


def _ranks(typed: list[str], names: Iterable[str]) -> Iterator[_Rank]:
    """Yield how well each name fits, the smaller the better: (kind, then what decides within the kind)."""
    stems = tuple(map(_stem, typed))
    different, begins = frozenset(stems), [(stem, f" {word}") for word, stem in zip(typed, stems, strict=True)]
    for name in names:
        spaced, in_order, own = _taken_apart(name)
        if own.isdisjoint(different) and begins[0][1] not in spaced:
            continue
        if own == different:
            # A school nurse is not at nursing school.
            yield 0, in_order != stems, 0
        elif all(stem in own or beginning in spaced for stem, beginning in begins):
            yield 1, sum(stem not in own for stem in stems), len(in_order)
        elif own <= different and (telling := len(own - _TELLS_LITTLE)):
            # The last word of an English name says what it is: `abdominal radiology` is radiology.
            yield 2, -telling, -max(at for at, stem in enumerate(stems) if stem in own)


@cache
def _taken_apart(name: str) -> tuple[str, tuple[str, ...], frozenset[str]]:
    """Return a name of the vocabulary with a space before each word, its stems in order, and as a set."""
    stems = tuple(map(_stem, name.split()))
    return f" {name}", stems, frozenset(stems)


def _one_spelling(word: str) -> str:
    if len(word) > 3:
        for pattern, spelled in _SPELLED:
            word = pattern.sub(spelled, word)
    return word


def _stem(word: str) -> str:
    """Return a word without its ending: radiology, radiologist, radiologists -> radiolog."""
    return _ENDING.sub(r"\1\2", word)


_TELLS_LITTLE = frozenset(map(_stem, TELLS_LITTLE.split()))
