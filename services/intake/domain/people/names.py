"""The names of people as people write them: which words of a text are a name, and by which keys it is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import combinations, pairwise

from anyascii import anyascii

from services.intake.domain.people.sounds import (
    consonants_of,
    has_letters,
    has_no_vowels,
    initial_of,
    key_of,
    letters_of,
    without_umlauts,
)
from services.intake.domain.people.words import (
    AMBIGUOUS,
    BEFORE_WORKPLACES,
    NEVER_NAMES,
    PARTICLES,
    PRONOUNS,
    SELDOM_NAMES,
    SHORT_FORMS,
)

MOST_WORDS = 6
"""Of a longer text only so many words are looked at: each pair of them costs a hash."""

LONGEST_INITIALS = 3
SHORTEST_NUMBERED = 4
"""Fewer letters with a number are a grade or a ward, as in ST5."""

_SEVERAL = re.compile(
    r"[;&\n]|\s/\s|\b(?:and|und|or|oder|et|née?|geb\.|geborene?|born|formerly|previously|aka|alias)\b"
    r"|,(?=\s*(?:dr|prof|mr|mrs|ms|frau|herr|sister|nurse)\b)",
    re.I,
)
_GROUP = re.compile(r"[(\[][^)\]]*[)\]]|\w+(?:\s*/\s*\w+)+")
_NUMBERED = re.compile(r"\b(?:ward|room|bay|floor|level|theatre|bleep|pager|year|station|zimmer)\s*\d+\w*", re.I)
_HONOURED = re.compile(r"(?:医生|醫生|医师|先生|女士|主任|教授|博士|护士|さん|씨|선생님|교수님|의사)\s*$")
"""Forms of address that follow a name without a space."""

_SPACE = re.compile(r"[\s,;:|/\\()\[\]{}<>\"“”„«»&*_=!?#+\u2013\u2014]+")
_HYPHEN = re.compile("[-\u2010\u2011\u2012\u2212]")
_APOSTROPHE = re.compile("['’‘ʼ`´′]")
_ARTICLE = re.compile("^ال(?=...)")
_PREFIX = re.compile("(?:[ae]l|.*')$", re.I)
_POSSESSIVE = re.compile("['’]s$", re.I)
_CAMEL = re.compile("(?<=[a-z]{2})(?=[A-Z][a-z]{2})")
_SYLLABLE = re.compile("[A-Z][^A-Z]*")


class Kind(Enum):
    """What a part of a text is: nothing of a name, the beginning of a workplace, or a piece of a name."""

    NEVER = auto()
    WORKPLACE = auto()
    INITIAL = auto()
    PARTICLE = auto()
    SELDOM = auto()
    NAME = auto()


@dataclass(frozen=True)
class Word:
    """A word of a name: the keys of its spellings and of the names it is short for.

    `initials` are that of the word and that of the particle before it. `bare`: only its consonants were written.
    """

    keys: tuple[str, ...]
    letters: str
    initials: str
    consonants: str
    bare: bool


@dataclass(frozen=True)
class Name:
    """What a text holds of a name.

    `beside` are words that are seldom names and count only beside one. `joined` has each two neighbours written as one;
    `in_one` the letters of the first and last word together, in either order. `alone`: beside initials there is but one
    name, and all who bear it may be meant.
    """

    words: tuple[Word, ...]
    beside: tuple[Word, ...]
    joined: tuple[Word, ...]
    in_one: tuple[str, ...]
    initials: tuple[str, ...]
    alone: bool

    @property
    def pairs(self) -> list[tuple[Word, Word]]:
        """Each two words, and each two neighbours with every other word."""
        one_by_one = [(word, {number}) for number, word in enumerate(self.words)]
        as_one = [(word, {number, number + 1}) for number, word in enumerate(self.joined)]
        return [(one, other) for (one, at), (other, too) in combinations([*one_by_one, *as_one], 2) if not at & too]


def people_in(text: str) -> list[str]:
    """Return a text, and its parts where it may speak of several people or of a former name."""
    parts = [part for part in _SEVERAL.split(text) if has_letters(part)]
    return [text, *parts] if len(parts) > 1 else [text]


def names_one(text: str) -> bool:
    """Tell whether a text holds a name; a word that is seldom one counts as in `Dr Head`, and not as in `my Chef`."""
    parts = _judged_together(list(_parts(text)))
    described = any(part.kind is Kind.NEVER and part.written.islower() for part in parts)
    kinds = {part.kind for part in parts if part.kind is Kind.NAME or (part.written.istitle() and not described)}
    return not kinds.isdisjoint((Kind.NAME, Kind.SELDOM))


@dataclass(frozen=True)
class _Part:
    """A piece of a text, as it is written and in plain letters, with the particles before it."""

    written: str
    plain: str
    kind: Kind
    token: int
    particles: str
    initials: str

    @property
    def word(self) -> Word:
        spellings = (self.plain, self.particles + self.plain, *SHORT_FORMS.get(self.plain, ()))
        return Word(
            keys=tuple(dict.fromkeys(map(key_of, spellings))),
            letters=without_umlauts(self.plain),
            initials=initial_of(self.plain) + initial_of(self.particles),
            consonants=consonants_of(self.plain),
            bare=has_no_vowels(self.written),
        )


def read_name(text: str) -> Name:
    """Return the name in a text that holds no address and no number; one without words if the text names nobody."""
    parts = _judged_together(list(_parts(text)))
    named = [part for part in parts if part.kind is Kind.NAME]
    beside = [part for part in parts if part.kind is Kind.SELDOM]
    if not named:
        named, beside = beside, []
    named = named[:MOST_WORDS]
    first, last = (named[0].plain, named[-1].plain) if len(named) > 1 else ("", "")
    return Name(
        tuple(part.word for part in named),
        tuple(part.word for part in beside[:MOST_WORDS]),
        tuple(replace(one, plain=one.plain + other.plain, particles="").word for one, other in pairwise(named)),
        tuple({without_umlauts(first + last), without_umlauts(last + first)} - {""}),
        tuple(dict.fromkeys(initial for part in parts for initial in part.initials)),
        len({part.token for part in named if not part.initials}) == 1,
    )


def _parts(text: str) -> Iterator[_Part]:
    """Yield the parts of a text; after a workplace begins, nothing is more than seldom a name."""
    particles, at_work, named, shouted = "", False, False, text.upper() == text
    for token, written, hyphened in _pieces(text):
        plain = letters_of(written)
        kind = _kind(written, plain, shouted=shouted)
        if hyphened and kind in (Kind.PARTICLE, Kind.WORKPLACE):
            kind = Kind.NAME
        if kind is Kind.WORKPLACE:
            at_work, kind = named, Kind.NEVER if named or written.islower() else Kind.NAME
        if kind is Kind.PARTICLE and written.istitle() and not named:
            yield _Part(written, plain, Kind.SELDOM, token, "", "")
        if kind is Kind.NAME and at_work:
            kind = Kind.SELDOM
        yield _Part(written, plain, kind, token, particles, _initials(written, plain, kind, shouted=shouted))
        named = named or kind in (Kind.NAME, Kind.SELDOM)
        particles = particles + plain if kind in (Kind.PARTICLE, Kind.INITIAL) and plain in PARTICLES else ""


def _judged_together(parts: list[_Part]) -> list[_Part]:
    """Return the parts by what else there is: a particle before nothing is a name, as in `Li Na`.

    Beside a word with a capital letter one without is seldom a name, as in `Beispiel is nasty`.
    """
    capital = {part.token for part in parts if part.kind is Kind.NAME and not part.written.islower()}
    if capital:
        small = {part.token for part in parts if part.written.islower()} - capital
        parts = [
            replace(part, kind=Kind.SELDOM) if part.kind is Kind.NAME and part.token in small else part
            for part in parts
        ]
    for number in reversed(range(len(parts))):
        if parts[number].kind is Kind.PARTICLE:
            return [*parts[:number], replace(parts[number], kind=Kind.NAME), *parts[number + 1 :]]
        if parts[number].kind in (Kind.NAME, Kind.SELDOM):
            break
    return parts


def _kind(written: str, plain: str, *, shouted: bool) -> Kind:
    if plain in BEFORE_WORKPLACES:
        return Kind.WORKPLACE
    if plain in NEVER_NAMES or (sum(map(str.isalpha, plain)) < SHORTEST_NUMBERED and _numbered(plain)):
        return Kind.NEVER
    if plain in SELDOM_NAMES or (plain in AMBIGUOUS and not (shouted or written.istitle())):
        return Kind.SELDOM
    if len(written) == 1 and written.upper() != written.lower():
        return Kind.INITIAL
    return Kind.PARTICLE if plain in PARTICLES else Kind.NAME


def _numbered(plain: str) -> bool:
    return any(map(str.isdigit, plain))


def _initials(written: str, plain: str, kind: Kind, *, shouted: bool) -> str:
    """Return the initials that a part is: `A`, and `AM` as well, which may be a name."""
    short = len(written) <= LONGEST_INITIALS and written.isupper() and written.isascii() and not shouted
    if kind is Kind.INITIAL or (kind is Kind.NAME and short):
        return "".join(map(initial_of, plain if written.isascii() else plain[0]))
    return ""


def _pieces(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the words of a text, the number of the token that they are part of, and whether they are names within it.

    Li-de and Le-Müller are made of names, Al-Hassan and O'Brien-Müller of one and a particle.
    """
    cleaned = _HONOURED.sub("", _NUMBERED.sub(" ", _GROUP.sub(_without_pronouns, text)))
    number = 0
    for token in filter(has_letters, _SPACE.split(cleaned)):
        number += 1
        if (letters := letters_of(token)) in NEVER_NAMES or letters in SELDOM_NAMES:
            yield number, token, False
            continue
        syllables = _SYLLABLE.findall(anyascii(token)) if token.upper() == token.lower() else []
        if len(syllables) > 1:
            yield from ((number + each, syllable, False) for each, syllable in enumerate(syllables))
            number += len(syllables)
            continue
        pieces = _CAMEL.sub(".", _HYPHEN.sub(".", _ARTICLE.sub("", _POSSESSIVE.sub("", token)))).split(".")
        words = [each for piece in pieces for each in _unprefixed(piece) if has_letters(each)]
        yield from ((number, word, word.istitle() and not _PREFIX.match(word)) for word in words[:-1])
        yield from ((number, word, len(words) > 1) for word in words[-1:])


def _unprefixed(piece: str) -> list[str]:
    """Return O' and Brien for O'Brien, and else a word without its apostrophes."""
    prefix, *rest = _APOSTROPHE.split(piece)
    if rest and letters_of(prefix) in PARTICLES:
        return [f"{prefix}'", "".join(rest)]
    return ["".join((prefix, *rest))]


def _without_pronouns(group: re.Match[str]) -> str:
    return " " if PRONOUNS.issuperset(map(letters_of, re.split(r"\W+", group[0].strip("()[] ")))) else group[0]
