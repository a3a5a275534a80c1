"""The names of places as people write them: which words tell one from another, and what a name says it is part of.

Spelling is taken away, and so are the words that people write or leave out. That makes some names alike that are not:
`University of Leeds` and `Leeds Hospital`. To exclude too much is safer than to exclude too little, and the operator's
register tells such places apart.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from shared.vocabulary.spelling import normalise

Words = tuple[str, ...]

SAME_WORD = {
    **dict.fromkeys(("saint", "sainte", "ste", "street"), "st"),
    **dict.fromkeys(("hosp", "hopital", "ospedale", "krankenhaus", "klinikum"), "hospital"),
    **dict.fromkeys(("uni", "univ", "universite", "universita", "universitat", "universidad"), "university"),
    **dict.fromkeys(("dept", "dpt", "dep"), "department"),
    **dict.fromkeys(("centre", "ctr", "cntr"), "center"),
    **{"med": "medical", "gen": "general", "mt": "mount", "natl": "national", "intl": "international"},
}
COMMON = frozenset(
    ("hospital", "university", "nhs", "trust", "foundation", "ft", "the", "of", "and", "at", "in", "for", "s")
)
"""Words that tell no place from another: people write them or leave them out."""

SUBJECTS = frozenset(
    {
        *(
            "school",
            "faculty",
            "college",
            "institute",
            "academy",
            "medical",
            "medicine",
            "nursing",
            "nurse",
            "midwifery",
        ),
        *("dental", "dentistry", "pharmacy", "health", "science", "student", "graduate", "postgraduate"),
    }
)
"""Words for what is taught or done at a place, and by whom: what is left without them is the place.

`Leeds School of Medicine` and `medical student at Leeds` are of the `University of Leeds`, and of whatever else is
`Leeds`.
"""

OFTEN_MISSPELT = ("hospital", "university", "foundation", "infirmary", "department")
ALIKE = 0.87
"""From this ratio of `difflib` on a word is one of these, with a letter too many, too few, wrong or swapped."""

SEATS = frozenset(("hospital", "university", "trust", "infirmary", "clinic"))
"""Words that name a whole institution: what is written before it is a part of it."""

UNITS = frozenset(
    ("ward", "unit", "department", "division", "section", "team", "floor", "theatre", "icu", "itu", "hdu", "ed", "er")
)
"""Words that name a part of a site rather than a site."""

SHORTEST_MISSPELT = 7

SEPARATORS = re.compile(r"[,;:/|()\[\]\u2013\u2014]|\s-\s|\sat\s", re.IGNORECASE)
INITIALS = re.compile(r"\b\w( \w)+\b")
"""What normalising makes of `N.H.S.`."""

SHORTEST_RUN, LONGEST_RUN = 2, 6
"""Within a longer name, one word alone is no name: `Leeds` is in too many."""

MOST_WORDS = 20
"""Of a longer name only so many words are looked at for names within it: each costs a hash in the profile."""


def telling_words(text: str) -> Words:
    """Return the words of a name that tell it from others, each in one spelling; all of them if none does."""
    words = _words(text)
    return tuple(word for word in words if word not in COMMON) or words


def parts_of(text: str) -> Iterator[Words]:
    """Yield the telling words of every name that a longer name holds: what it names is in each of these, or is it.

    They are its runs of two words or more, what `... University` or `University of ...` in it names, and what is left
    of it without the words for a subject.
    """
    telling = telling_words(text)
    place = tuple(word for word in telling if word not in SUBJECTS)
    if place and place != telling:
        yield place
    yield from (run for run in runs(telling[:MOST_WORDS], SHORTEST_RUN, LONGEST_RUN) if run != telling)
    for name in _institutions(text):
        told = tuple(word for word in name if word not in COMMON)
        if told and told != telling:
            yield told


def _institutions(text: str) -> Iterator[Words]:
    for piece in map(_words, (text, *SEPARATORS.split(text))):
        for at, word in enumerate(piece):
            if word in SEATS:
                yield piece[: at + 1]
                if piece[at + 1 : at + 2] == ("of",):
                    yield piece[at:]


def runs(words: Words, shortest: int, longest: int) -> Iterator[Words]:
    """Yield the runs of neighbouring words in `words` that have so many words."""
    for begin in range(len(words)):
        for end in range(begin + shortest, min(begin + longest, len(words)) + 1):
            yield words[begin:end]


def site_of(text: str) -> str:
    """Return the site in `Ward 5, Site`, `Site (intensive care unit)` or `Medicine, Site Hospital`; else nothing."""
    pieces = [piece.strip() for piece in SEPARATORS.split(text) if piece.strip()]
    seats = [number for number, piece in enumerate(pieces) if not SEATS.isdisjoint(_words(piece))]
    rest = [piece for piece in map(_without_unit, pieces[seats[0] if seats else 0 :]) if piece]
    return ", ".join(rest) if rest != pieces else ""


def _without_unit(piece: str) -> str:
    """Return `Site Hospital` for `Site Hospital Ward 5`, nothing for `Ward 5`, and anything else as it is."""
    words = _words(piece)
    if UNITS.isdisjoint(words):
        return piece
    seat = next((number for number, word in enumerate(words) if word in SEATS), None)
    return "" if seat is None or not UNITS.isdisjoint(words[:seat]) else " ".join(words[: seat + 1])


def _words(text: str) -> Words:
    joined = INITIALS.sub(lambda found: found[0].replace(" ", ""), normalise(text))
    return tuple(_usual(SAME_WORD.get(stem, stem)) for stem in map(_stem, joined.split()))


def _usual(word: str) -> str:
    if len(word) < SHORTEST_MISSPELT:
        return word
    return next(iter(get_close_matches(word, OFTEN_MISSPELT, n=1, cutoff=ALIKE)), word)


def _stem(word: str) -> str:
    # `Mary's`, `Marys` and `Mary` are one: what ends in s is compared without it.
    stem = word.rstrip("s")
    return stem if len(stem) > 2 else word
