"""From a place as it was said to the organisations it names, each by what tells it from others."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from services.intake.domain.places.spelling import plain
from services.intake.domain.places.towns import Town, is_on_the_map, on_the_map
from services.intake.domain.places.words import SHORTEST_MISSPELT, Kind, Word, Words, divide, one_off

LONGEST_ACRONYM = 6
HOSPITAL, UNIVERSITY = "hospital", "university"
Texts = tuple[str, ...]

_SEPARATORS = re.compile(
    r"[,;:/|()\[\]{}\n、。•·<>\u2013\u2014]|\s-+\s|\s(?:at|@|bei|beim|chez|presso)\s", re.IGNORECASE
)
_FOOTNOTE = re.compile(r"\s\d{1,3}(?=\s+,)")
_AND = re.compile(r"\s(?:and|&|und|et|y|e|och|og)\s", re.IGNORECASE)
_SAYS_WHAT = frozenset((Kind.HOSPITAL, Kind.UNIVERSITY))
_TELLS = frozenset((Kind.RARE, Kind.NAME, Kind.CHAIN))
_UNITS = frozenset((Kind.UNIT, Kind.NAMED_UNIT, Kind.SUBJECT))
_OF = frozenset(("of", "de", "des", "der", "del", "di", "da"))
_PARTS = frozenset((Kind.BODY, Kind.UNIT, Kind.NAMED_UNIT))
SPECIAL = frozenset(("children", "women", "heart", "cancer", "eye", "dental", "mental", "rehabilitation", "military"))
"""For whom or what a hospital is: another of its town is not for them, though it may be Royal, too."""

_OF_A_HOSPITAL = frozenset(("university", "affiliated", "children", "women", "heart", "cancer", "eye", "surgical"))
"""What a hospital of a university may be, while the university is not."""


@dataclass(frozen=True)
class Organisation:
    """What tells an organisation from others.

    `rare` and `names` are its telling words, `chains` the families that it is one of, `weak` says of which sort it is,
    `numbers` which of several (an empty one: none is said), `towns` are in its name, `outside` where it is said to
    stand, in `regions`; `around` are the regions of those towns where none was said. `initials` are those of its name.
    `is_of_town`: it is the university of its town by name; `may_hold`: there may be sites within it; `is_larger`: the
    place that was said is a part of it.
    """

    family: str
    rare: Texts = ()
    names: Texts = ()
    chains: Texts = ()
    weak: Texts = ()
    numbers: Texts = ("",)
    towns: Texts = ()
    outside: Texts = ()
    regions: Texts = ()
    around: Texts = ()
    initials: Texts = ()
    is_of_town: bool = False
    may_hold: bool = True
    is_larger: bool = False

    @property
    def tells(self) -> bool:
        """Whether anything but its kind is said of it."""
        said = self.rare or self.names or self.chains or self.weak or self.towns or any(self.numbers)
        return bool(said or (self.family and self.outside))


@dataclass(frozen=True)
class Part:
    """What stands between two separators, divided into words; `as_town`: the same where all of it may be a town."""

    words: Words
    as_town: Words = ()

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of words that it has."""
        return frozenset(word.kind for word in self.words)

    def has(self, kinds: Iterable[Kind]) -> bool:
        """Tell whether a word of one of these kinds is in it."""
        return not self.kinds.isdisjoint(kinds)

    @property
    def is_location(self) -> bool:
        """Whether it says where a place is, and nothing else."""
        says_more = (*_SAYS_WHAT, *_TELLS, *_UNITS, Kind.BODY, Kind.WEAK, Kind.SAINT)
        return Kind.TOWN in self.kinds and not self.has(says_more)

    @property
    def tells(self) -> bool:
        """Whether it says more than of which kind a place is."""
        return self.has((*_TELLS, Kind.TOWN, Kind.WEAK))


@dataclass(frozen=True)
class Cut:
    """A place in parts: those that name it, those that name what it is part of, and where it is said to stand."""

    sites: Sequence[Part]
    larger: Sequence[Part]
    outside: Words

    @property
    def organisations(self) -> list[Organisation]:
        """The organisations that are named, in every way in which a word can be read; none if no place is."""
        found = [each for site in self.sites for each in _readings(site.words, self.outside)]
        around = [each for part in self.larger for each in _readings(part.words, self.outside)]
        around += [each for site in self.sites for each in _universities_within(site.words, self.outside)]
        # University Hospital, Saarland University: without a town of its own it is the university's.
        found += [
            replace(site, towns=university.towns, around=())
            for site in found
            for university in around
            if university.towns and not (site.rare or site.names or site.chains or site.towns)
        ]
        found += [replace(each, is_larger=True, initials=()) for each in around]
        return [each for each in found if each.tells]


def cut(organisation: str, *, unit: str = "", town: str = "") -> Cut:
    """Return the parts of a place as it was said; in one line, it is all `organisation`."""
    parts = parts_of(organisation) or parts_of(unit)
    places = [Part(divide(piece, on_its_own=True)) for piece in _SEPARATORS.split(plain(town))]
    parts = [_located(part, parts[:number]) for number, part in enumerate(parts)]
    sites, larger = _chosen(parts)
    places += [part for part in parts if part not in sites and part.is_location]
    outside = tuple(word for part in places for word in part.words if word.kind is Kind.TOWN)
    return Cut(sites, larger, outside)


def parts_of(text: str) -> list[Part]:
    """Return the parts of a text."""
    parts: list[Part] = []
    for piece in _SEPARATORS.split(_FOOTNOTE.sub(" ", plain(text))):
        words, alone = _whole_of(divide(piece)), divide(piece, on_its_own=True)
        is_town = all(word.kind in (Kind.TOWN, Kind.STOP, Kind.NUMBER) or len(word.text) == 1 for word in alone)
        parts += _joined_by_and(piece) or ([Part(_as_acronym(words), alone if is_town else ())] if words else [])
    return parts


def _whole_of(words: Words) -> Words:
    """Return the hospital in `Heart Institute of X Hospital` and in `X Hospital Cancer Center`."""
    kinds = [word.kind for word in words]
    if Kind.HOSPITAL not in kinds:
        return words
    hospital = kinds.index(Kind.HOSPITAL)
    for at in (at for at, word in enumerate(words[:hospital]) if word.text in _OF):
        if _PARTS.intersection(kinds[:at]) and Part(words[at:]).tells:
            return _whole_of(words[at + 1 :])
    after = words[hospital + 1 :]
    if not Part(words[:hospital]).tells or (after and after[0].kind is Kind.STOP):
        return words
    return (*words[: hospital + 1], *(word for word in after if word.text not in SPECIAL))


def _located(part: Part, before: Sequence[Part]) -> Part:
    """Return a part as the town that it may be, if a place is named before it: `Mercy Hospital, Victoria`."""
    named = any(each.has((*_SAYS_WHAT, Kind.BODY)) or (each.has(_TELLS) and not each.has(_UNITS)) for each in before)
    return Part(part.as_town) if part.as_town and named else part


def _joined_by_and(piece: str) -> list[Part]:
    """Return the organisations of `One Hospital and Other University`; none if the piece is one name."""
    parts = [Part(divide(each)) for each in _AND.split(piece)]
    return parts if len(parts) > 1 and all(part.has(_SAYS_WHAT) and part.tells for part in parts) else []


def _as_acronym(words: Words) -> Words:
    """Return `U of T` as the one word that it is."""
    letters = "".join(word.initials for word in words)
    single = all(len(word.text) == 1 or word.kind is Kind.STOP for word in words)
    return (Word(Kind.RARE, letters, letters[:1]),) if single and len(letters) > 2 else words


def _chosen(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Return the parts that name the place itself, and those that name a larger one around it."""
    hospitals = [part for part in parts if Kind.HOSPITAL in part.kinds]
    universities = [part for part in parts if Kind.UNIVERSITY in part.kinds and Kind.HOSPITAL not in part.kinds]
    others = [part for part in parts if not part.has(_SAYS_WHAT) and not part.is_location]
    bodies = [part for part in others if Kind.BODY in part.kinds and part.has((*_TELLS, Kind.TOWN, Kind.NUMBER))]
    named = [part for part in others if part.has((*_TELLS, Kind.WEAK)) and Kind.NAMED_UNIT not in part.kinds]
    brands = [part for part in others if part.has(_TELLS) and not part.has(_UNITS) and Kind.BODY not in part.kinds]
    telling = [part for part in hospitals if part.tells]
    if telling:
        around = [part for part in universities if part.tells] + [part for part in bodies if not part.has(_UNITS)]
        return telling + (brands if not any(part.has(_TELLS) for part in telling) else []), around
    if universities:
        beside = [part for part in bodies if not part.has(_UNITS)]
        return universities + beside + (brands if not any(part.tells for part in universities) else []), []
    if bodies or hospitals:
        return bodies or hospitals[:1] + brands, []
    return [part for part in named if not part.has(_UNITS)] or named or [
        part for part in parts if Kind.TOWN in part.kinds
    ], []


def _readings(words: Words, outside: Words) -> list[Organisation]:
    """Return an organisation as it is named, and as it would be if a longer word were a town with a letter wrong."""
    meant = tuple(_town_meant(word, last) for word, last in zip(words, (None, *words), strict=False))
    return [_organisation(each, outside) for each in dict.fromkeys((words, meant, _as_towns(words), _as_short(words)))]


def _as_short(words: Words) -> Words:
    """Return a small town as the name that it may be, where nothing but a unit stands beside it: `Glenfield ICU`."""
    beside = (*_UNITS, Kind.NUMBER, Kind.TITLE, Kind.STOP)
    towns = [word for word in words if word.kind not in beside]
    if len(towns) != 1 or towns[0].kind is not Kind.TOWN or _is_known(on_the_map(towns[0].text)):
        return words
    return tuple(replace(word, kind=Kind.RARE) if word is towns[0] else word for word in words)


def _town_meant(word: Word, last: Word | None) -> Word:
    """Return the town that a word means with a letter wrong, or as Polish and Czech have it after `w` and `v`."""
    if word.kind is not Kind.RARE or not word.text.isascii():
        return word
    near = (each for each in one_off(word.text) if len(word.text) >= SHORTEST_MISSPELT and is_on_the_map(each))
    if last and last.text in ("w", "we", "v", "ve"):
        endings = (word.text[:-cut] + end for cut in range(1, 4) for end in ("", "a", "o", "e", "y", "ha"))
        meant = next((each for each in endings if len(each) >= 4 and is_on_the_map(each)), None)
        return replace(word, kind=Kind.TOWN, text=meant) if meant else word
    return next((replace(word, kind=Kind.TOWN, text=each) for each in near if _is_known(on_the_map(each))), word)


def _is_known(town: Town) -> bool:
    return town.is_big or bool(town.regions)


def _as_towns(words: Words) -> Words:
    """Return `Victoria University` as the University of Victoria."""
    if Kind.HOSPITAL in (kinds := {word.kind for word in words}) or Kind.UNIVERSITY not in kinds or Kind.TOWN in kinds:
        return words
    return tuple(
        replace(word, kind=Kind.TOWN) if word.kind is Kind.NAME and is_on_the_map(word.text) else word for word in words
    )


def _organisation(words: Words, outside: Words) -> Organisation:
    words = _without_numbered_units(words)
    kinds = frozenset(word.kind for word in words)
    inside = [(word, on_the_map(word.text)) for word in words if word.kind is Kind.TOWN and not word.is_outside]
    beside = _agreeing([on_the_map(word.text) for word in (*outside, *(word for word in words if word.is_outside))])
    regions = _once(code for each in beside for code in each.regions if not each.towns) or _once(
        code for each in beside for code in each.regions
    )
    # Beside a city's name a village's is another name: Leeds Beckett University.
    in_city = any(town.is_big for _, town in inside)
    villages = [word for word, town in inside if in_city and not (town.is_big or town.regions)]
    texts = {kind: _once(word.text for word in words if word.kind is kind and len(word.text) > 1) for kind in kinds}
    weak = texts.get(Kind.WEAK, ())
    return Organisation(
        family=_family(kinds),
        rare=_once((*texts.get(Kind.RARE, ()), *(word.text for word in villages))),
        names=texts.get(Kind.NAME, ()),
        chains=texts.get(Kind.CHAIN, ()),
        weak=_once((*weak, UNIVERSITY)) if kinds >= _SAYS_WHAT else weak,
        numbers=_numbers(words),
        towns=_once(
            name for word, each in inside if word not in villages for name in each.towns[:1] or each.regions[:2]
        ),
        outside=_once(name for each in beside for name in each.towns),
        regions=regions,
        around=regions or _once(code for each in beside for code in each.inside),
        initials=_initials(words, outside),
        is_of_town=_is_of_town(words),
        may_hold=Kind.HOSPITAL not in kinds,
    )


def _is_of_town(words: Words) -> bool:
    """Tell whether it is the university of a town: `University of Leeds`, `Universidad X de Leeds`, no `Leeds X`."""
    after = (
        words[[word.kind for word in words].index(Kind.UNIVERSITY) :] if Kind.UNIVERSITY in Part(words).kinds else ()
    )
    links = (Kind.UNIVERSITY, Kind.STOP)
    return any(one.kind in links and other.kind is Kind.TOWN for one, other in pairwise(after))


def _agreeing(beside: Sequence[Town]) -> list[Town]:
    """Return what is said on the map, without a town that only another region has: a suburb is called the same."""
    said = {code for each in beside for code in each.regions if not each.towns and "-" in code}
    return [each for each in beside if not (said and each.inside and said.isdisjoint((*each.inside, *each.regions)))]


def _family(kinds: frozenset[Kind]) -> str:
    if Kind.HOSPITAL in kinds:
        return HOSPITAL
    if Kind.UNIVERSITY in kinds:
        return UNIVERSITY
    return HOSPITAL if Kind.BODY in kinds else ""


def _without_numbered_units(words: Words) -> Words:
    """Leave out the 5 of `Ward 5`, and the 1 of `Hospital 1 Department of Surgery`."""
    beside = zip((None, *words), words, (*words[1:], None), strict=False)
    units = (Kind.UNIT, Kind.NAMED_UNIT)
    return tuple(
        word
        for before, word, after in beside
        if word.kind is not Kind.NUMBER or not ((before and before.kind in units) or (after and after.kind in units))
    )


def _numbers(words: Words) -> Texts:
    """Return which of several it is: the 3 of `Third Hospital`."""
    return _once(word.text for word in words if word.kind is Kind.NUMBER and len(word.text) <= 3) or ("",)


def _universities_within(words: Words, outside: Words) -> list[Organisation]:
    """Return the university that a hospital is of by its name: `Hospital of X University`, `X University Hospital`."""
    kinds = [word.kind for word in words]
    if Kind.HOSPITAL not in kinds:
        return []
    within = words
    if Kind.UNIVERSITY in kinds:
        hospital, university = kinds.index(Kind.HOSPITAL), kinds.index(Kind.UNIVERSITY)
        before = words[: university + 1]
        within = words[hospital:] if hospital < university else before if Part(before).tells else words
    elif not any(word.kind is Kind.WEAK and word.text == UNIVERSITY for word in words):
        return []
    left_out = (Kind.NUMBER, Kind.HOSPITAL)
    telling = tuple(word for word in within if word.text not in _OF_A_HOSPITAL and word.kind not in left_out)
    return _readings((*telling, Word(Kind.UNIVERSITY, UNIVERSITY)), outside)


def _initials(words: Words, outside: Words) -> Texts:
    """Return the initials that a name is known by, 3 to 6: with and without its small words, or its last word."""
    named = [word for word in words if word.kind not in (Kind.NUMBERED, Kind.NUMBER, Kind.TITLE) and word.initials]
    named = named[1:] if named and named[0].text == "the" else named
    large = [word.initials for word in named if word.kind is not Kind.STOP]
    whole = "".join(large)
    beside = "".join(word.initials for word in outside[:1])
    found = (whole, "".join(large[:-1]), "".join(word.initials for word in named), whole + beside)
    return _once(each for each in found if 3 <= len(each) <= LONGEST_ACRONYM and each.isascii())


def _once(texts: Iterable[str]) -> Texts:
    return tuple(dict.fromkeys(texts))
