"""The words that names of places are made of, from words.yaml, and how a text is divided into them.

A word of the lexicon, a town or a region may consist of several words of the text; the longest is taken.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from importlib import resources
from string import ascii_lowercase
from typing import Any

import yaml

from services.intake.domain.places.spelling import plain, spell, words_of
from services.intake.domain.places.towns import is_on_the_map, on_the_map

LONGEST = 6
"""No name of the lexicon or of a town has more words."""

SHORT_REGION = 3
"""A region's name of so few letters, `MA` or `NSW`, is one only where a town stands."""

SHORTEST_MISSPELT = 7
"""Shorter words are a letter off from too many others."""

_NUMBER = re.compile(r"\d+|[a-z]?\d{1,3}[a-z]?")
"""Which of several something is: `Ward 5`, `Ward 5B`, `Ward B12`."""

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_LONGEST_UNSPACED = 10


class Kind(Enum):
    """What a word does in the name of a place."""

    HOSPITAL = "hospital"
    UNIVERSITY = "university"
    BODY = "body"
    WEAK = "weak"
    NAME = "name"
    CHAIN = "chain"
    NUMBER = "number"
    NUMBERED = "numbered"
    SAINT = "saint"
    TOWN = "town"
    UNIT = "unit"
    NAMED_UNIT = "named_unit"
    SUBJECT = "subject"
    TITLE = "title"
    STOP = "stop"
    RARE = "rare"


@dataclass(frozen=True)
class Word:
    """A word as it is compared. Of a town, `text` is what it is looked up by.

    `initials` are those of the words that it stood for in the text. `is_outside`: it says where the place stands.
    """

    kind: Kind
    text: str
    initials: str = ""
    is_outside: bool = False


Words = tuple[Word, ...]


@cache
def lexicon() -> Mapping[str, Words]:
    """Return the words of each spelling, the spelling's own words joined."""
    found: dict[str, Words] = {}
    for spellings, words in _entries(_document()):
        for spelling in spellings.split(","):
            key = _key(spelling)
            if key:
                found.setdefault(key, words or (Word(Kind.NAME, key),))
    return found


@cache
def says_nothing() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the texts that say that there is no place, and what says so within a text; their words joined."""
    whole, within = (map(_key, _document()[each].split(",")) for each in ("nothing", "refuses"))
    return frozenset(whole), tuple(within)


@cache
def short_forms() -> Mapping[str, Sequence[str]]:
    """Return the words that a short form stands for."""
    return {_key(short): words_of(plain(full)) for short, full in _document()["short"].items()}


@cache
def _document() -> Any:
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _entries(document: Any) -> Iterator[tuple[str, Words]]:
    for kind in ("saint", "numbered", "stop"):
        for spelling in document[kind].split(","):
            yield spelling, (Word(Kind(kind), _key(spelling)),)
    for section in ("hospital", "university", "body", "weak", "number"):
        for word, spellings in document[section].items():
            yield spellings, tuple(_word(section, each) for each in str(word).split())
    for kind in ("chain", "named_unit", "unit", "title"):
        for spelling in document[kind].split(","):
            yield spelling, (Word(Kind(kind), _key(spelling)),)
    yield from ((spelling, ()) for spelling in document["name"].split(","))
    for spelling in document["subject"].split(","):
        yield spelling, (Word(Kind.SUBJECT, _key(spelling)),)


def _word(section: str, word: str) -> Word:
    if section in ("hospital", "university"):
        return Word(Kind(word) if word == section else Kind.WEAK, word)
    return Word(Kind(section), word)


def _key(text: str) -> str:
    return "".join(words_of(plain(text)))


def divide(text: str, *, on_its_own: bool = False) -> Words:
    """Return the words of a piece of plain text without separators; `on_its_own`: it stands where a town stands."""
    whole = [each for word in words_of(text) for each in short_forms().get(word, (word,))]
    spelt = _with_streets([part for word in whole for part in _parts(word)])
    found: list[Word] = []
    at = 0
    while at < len(spelt):
        words, taken = _longest(spelt, at, found, on_its_own)
        found += words
        at += taken
    return _with_letter(_with_numbered(found))


def _with_streets(spelt: Sequence[str]) -> list[str]:
    """Return `Harley St Clinic` as `Harley Street Clinic`: a saint's name would follow."""
    ends = (Kind.HOSPITAL, Kind.UNIVERSITY, Kind.BODY)
    following = (lexicon().get(word, (None,))[0] for word in (*spelt[1:], ""))
    return [
        "street" if at and word == "st" and (at + 1 == len(spelt) or (after and after.kind in ends)) else word
        for at, (word, after) in enumerate(zip(spelt, following, strict=False))
    ]


def _with_numbered(words: Sequence[Word]) -> Words:
    """Return the ward of `Ward 5 Glenfield` as a unit that has no name."""
    beside = zip((None, *words), words, (*words[1:], None), strict=False)
    return tuple(
        replace(word, kind=Kind.UNIT)
        if word.kind is Kind.NAMED_UNIT and any(each and each.kind is Kind.NUMBER for each in (before, after))
        else word
        for before, word, after in beside
    )


def _with_letter(words: Sequence[Word]) -> Words:
    """Return `Hospital A` as one of several hospitals, as `Hospital 1` is."""
    if len(words) > 1 and len(words[-1].text) == 1 and words[-2].kind in (Kind.HOSPITAL, Kind.UNIVERSITY, Kind.BODY):
        return (*words[:-1], replace(words[-1], kind=Kind.NUMBER))
    return tuple(words)


def _longest(spelt: Sequence[str], at: int, before: Sequence[Word], on_its_own: bool) -> tuple[Words, int]:
    """Return what the longest name at a position stands for, and of how many words it is."""
    last = before[-1] if before else None
    for size in range(min(LONGEST, len(spelt) - at), 0, -1):
        key, initials = "".join(spelt[at : at + size]), "".join(word[0] for word in spelt[at : at + size])
        if size == 1 and last and last.kind is Kind.SAINT and len(key) > 1:
            return (Word(Kind.NAME, key, initials),), 1
        known = lexicon().get(key)
        if is_on_the_map(key) and _is_a_town(spelt[at : at + size], known, before, on_its_own):
            return (Word(Kind.TOWN, key, initials, last is not None and last.text in _OUTSIDE),), size
        if known:
            return (replace(known[0], initials=initials), *known[1:]), size
    word = spelt[at]
    return (Word(Kind.NUMBER if _NUMBER.fullmatch(word) else Kind.RARE, word, word[0]),), 1


_OUTSIDE = frozenset(("in", "at", "near", "i", "w", "we", "v", "ve", "en", "em", "a"))
_WHOLE = frozenset((Kind.HOSPITAL, Kind.UNIVERSITY, Kind.BODY))
_BEFORE_TOWN = frozenset((*_OUTSIDE, "of", "de", "di", "von", "van"))


def _is_a_town(spelt: Sequence[str], known: Words | None, before: Sequence[Word], on_its_own: bool) -> bool:
    """Tell whether a name that is on the map stands for it: `Mary` does only alone, or in `University of Mary`."""
    may_be = known is None or known[0].kind is Kind.NAME
    if on_its_own:
        is_weak = known is not None and known[0].kind in (Kind.WEAK, Kind.CHAIN)
        return may_be or (is_weak and on_the_map("".join(spelt)).is_big)
    last = before[-1].text if before else ""
    if len(spelt) == 1:
        is_long = len(spelt[0]) > SHORT_REGION or not spelt[0].isascii() or on_the_map(spelt[0]).is_big
        return is_long and (known is None or (may_be and last in _BEFORE_TOWN))
    kinds = [lexicon().get(word, (Word(Kind.RARE, ""),))[0].kind for word in spelt]
    if kinds[0] is Kind.SAINT:
        said = [word.kind for word in before]
        return last in _OUTSIDE or (Kind.HOSPITAL in said and not {Kind.NAME, Kind.RARE}.isdisjoint(said))
    return (
        known is None
        and _WHOLE.isdisjoint(kinds)
        and (last in _BEFORE_TOWN or not {Kind.WEAK, Kind.NAME}.issuperset(kinds))
    )


def _parts(word: str) -> list[str]:
    """Return the parts of a word that several were written in: `Kinderspital`, and what is written without spaces."""
    if _UNSPACED.fullmatch(word):
        return list(_unspaced(word))
    if word in lexicon() or is_on_the_map(word):
        return [word]
    end = next((end for end in _compound_ends() if word.endswith(end) and len(word) >= len(end) + 3), "")
    if end:
        return [spell(word.removesuffix(end)), end]
    return [corrected(word)]


def _unspaced(word: str) -> Iterator[str]:
    rest = ""
    while word:
        size = next((size for size in range(_LONGEST_UNSPACED, 0, -1) if _is_known(word[:size])), 0)
        if size and rest:
            yield rest
            rest = ""
        if size:
            yield word[:size]
        else:
            rest += word[0]
        word = word[size or 1 :]
    if rest:
        yield rest


def _is_known(text: str) -> bool:
    return text in lexicon() or (len(text) > 1 and is_on_the_map(text))


@cache
def _compound_ends() -> tuple[str, ...]:
    ends = [key for key, words in lexicon().items() if words[0].kind is Kind.HOSPITAL and key.isascii()]
    return (*sorted((end for end in ends if 6 <= len(end) <= 12), key=len, reverse=True), "klinik", "medizin", "umc")


def corrected(word: str) -> str:
    """Return a longer word of the lexicon that this is a letter off from, or the word itself."""
    if len(word) < SHORTEST_MISSPELT or not word.isascii():
        return word
    near = (_misspelt()[each] for each in _shortened(word) if each in _misspelt())
    return next((each for each in near if word in one_off(each)), word)


@cache
def _misspelt() -> Mapping[str, str]:
    """Return the longer words of the lexicon by what is left of them without a letter."""
    long = [key for key in lexicon() if len(key) >= SHORTEST_MISSPELT and key.isascii()]
    return {short: key for key in long if lexicon()[key][0].kind is not Kind.NAME for short in _shortened(key)}


def _shortened(word: str) -> list[str]:
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def one_off(word: str) -> Iterator[str]:
    """Yield every word that has one letter more, less, other or two swapped."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in ascii_lowercase)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in ascii_lowercase)
