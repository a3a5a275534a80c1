"""Places of work and study as they are compared: who must not meet because they share one, or one holds power there.

Places are written freely or taken from the operator's register. Each becomes marks, which intake hashes; the matcher
finds two sides that share a mark. Two places meet if they are the same, if one is part of the other, or if both are
part of a place at a level that the operator compares. Where a text leaves open which of several places is meant, it
means each: to exclude too much is safer than to exclude too little.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain

from services.intake.domain.people.marks import People
from services.intake.domain.place import SAYS_NOTHING, Said, line_of, lines_of
from services.intake.domain.place_names import COMMON, MOST_WORDS, parts_of, runs, site_of, telling_words
from services.intake.domain.register import Place
from shared.vocabulary.spelling import normalise

RULES = 2
"""The version of how marks are made; raise it when they change, and everything stored is hashed again."""

UNIT = "unit"
MISSPELT, SHORTEST_MISSPELT = 0.93, 15
"""From this ratio of `difflib` on, and for names this long, a text is a registered name with a letter wrong."""

BY_PERSON, BY_VOLUNTEER, BY_BOTH = "named by person", "named by volunteer", "shared"
Marks = frozenset[str]


@dataclass(frozen=True)
class Spot:
    """One place: its own mark, those of what it is part of, and those that are out of bounds for all within them."""

    itself: str
    around: Marks
    shared: Marks
    registered: bool


class Register:
    """The operator's places and the levels at which two people may not overlap. Empty, it knows spelling alone."""

    def __init__(self, places: Iterable[Place], levels: Collection[str], country: str = "") -> None:
        """Take checked entries, the levels to compare, and the country of telephone numbers without one."""
        self.people = People(country)
        self.places = tuple(places)
        self._levels = frozenset(levels)
        self._by_slug = {place.slug: place for place in self.places}
        self._by_spelling = _index(self.places, lambda name: [normalise(name)])
        self._by_words = _index(self.places, lambda name: [_name(telling_words(name))])
        self._by_part = _index(self.places, lambda name: map(_name, parts_of(name)))

    def of_person(self, said: Iterable[str | Said]) -> Marks:
        """Return the marks of the places a person belongs to; none where the texts name none."""
        spots = self._narrowed(lines_of(said))
        return _marks(spots, BY_PERSON, BY_VOLUNTEER) | _shared(spots)

    def of_volunteer(self, said: Iterable[str | Said]) -> Marks:
        """Return the marks of the places a volunteer belongs to."""
        spots = self._narrowed(lines_of(said), nothing=frozenset())
        return _marks(spots, BY_VOLUNTEER, BY_PERSON) | _shared(spots)

    def of_body(self, said: str | Said) -> Marks:
        """Return the marks of the body over which a volunteer holds a role: at least one."""
        return _marks(self._spots(line_of(said)), BY_VOLUNTEER, BY_PERSON)

    def avoided_by_person(self, said: Iterable[str | Said]) -> Marks:
        """Return the marks of the places a person wants to meet nobody from."""
        return _marks(self._all(lines_of(said)), BY_PERSON, BY_VOLUNTEER)

    def avoided_by_volunteer(self, said: Iterable[str | Said]) -> Marks:
        """Return the marks of the places a volunteer wants to meet nobody from."""
        return _marks(self._all(lines_of(said)), BY_VOLUNTEER, BY_PERSON)

    def shown(self, said: str | Said) -> str:
        """Return the text to show: the name of the place if a slug of the register was said, else what was said."""
        place = self._by_slug.get(line_of(said).strip())
        return place.name if place else line_of(said)

    def version(self) -> str:
        """Return a short digest that changes when marks made by this register may differ from those made before."""
        made_by = (RULES, self.people.version(), self.places, sorted(self._levels))
        return hashlib.sha256(repr(made_by).encode()).hexdigest()[:16]

    def _narrowed(self, texts: Iterable[str], nothing: Collection[str] = SAYS_NOTHING) -> list[Spot]:
        """Return the places of a list, without the larger one where a part of it is named beside it.

        Two people who name site and employer do not meet by the employer, unless the operator compares employers.
        """
        spots = self._all(texts, nothing)
        return [spot for spot in spots if not (spot.registered and any(spot.itself in each.around for each in spots))]

    def _all(self, texts: Iterable[str], nothing: Collection[str] = SAYS_NOTHING) -> list[Spot]:
        return [spot for text in texts if not _says_nothing(text, nothing) for spot in self._spots(text)]

    def _spots(self, text: str) -> list[Spot]:
        known = self._known(text)
        if known:
            return [self._registered(place) for place in known]
        # A part of a registered name may mean that place, or one that is not registered.
        partly = self._by_part.get(_name(telling_words(text)), [])
        return [*map(self._registered, partly), self._written(text)]

    def _known(self, text: str) -> list[Place]:
        """Return the entries that `text` names: by slug, by a name as it is spelt, else by its telling words."""
        place = self._by_slug.get(text.strip())
        if place:
            return [place]
        name = _name(telling_words(text))
        return self._by_spelling.get(normalise(text)) or self._by_words.get(name, []) or self._misspelt(name)

    def _misspelt(self, name: str) -> list[Place]:
        """Return the entries of which a longer name is a misspelling; none if it is a name of its own."""
        if len(name) < SHORTEST_MISSPELT or name in self._by_part:
            return []
        near = get_close_matches(name, self._by_words, n=3, cutoff=MISSPELT)
        return [place for key in near for place in self._by_words[key]]

    def _registered(self, place: Place) -> Spot:
        above = self._above(place)
        marks = [_slug(each) for each in above]
        last = max((number for number, each in enumerate(above) if each.level in self._levels), default=0)
        return Spot(marks[0], frozenset(marks[1:]), frozenset(marks[: last + 1]), registered=True)

    def _above(self, place: Place) -> list[Place]:
        """Return a place and what it is part of, the smallest first."""
        line = [place]
        while line[-1].parent is not None:
            line.append(self._by_slug[line[-1].parent])
        return line

    def _written(self, text: str) -> Spot:
        """Return a place that the register does not know; it may name one that the register does, or a unit of one."""
        itself, parts, rest = _name(telling_words(text)), set(map(_name, parts_of(text))), site_of(text)
        # A ward's name says little where its site is named beside it: every site has a Ward 5.
        inside = [place for place in self._within(text, parts) if not (rest and place.level == UNIT)]
        larger = [self._registered(place) for place in inside] + (self._spots(rest) if rest else [])
        around = parts.union(*({each.itself, *each.around} for each in larger))
        shared = {itself}.union(*(each.shared for each in larger))
        return Spot(itself, frozenset(around), frozenset(shared), registered=False)

    def _within(self, text: str, parts: Iterable[str]) -> list[Place]:
        plain = tuple(normalise(text).split())
        spelt = (self._by_spelling.get(" ".join(run), []) for run in runs(plain, 1, MOST_WORDS))
        telling = (self._by_words.get(part, []) for part in parts)
        return sorted({*chain.from_iterable((*spelt, *telling))}, key=self.places.index)


def _says_nothing(text: str, nothing: Collection[str]) -> bool:
    """Tell whether a text names no place; `the hospital` and `NHS` name none either, where anything counts as none."""
    said = normalise(text)
    return said in nothing or (bool(nothing) and said.removeprefix("the ") in COMMON)


def _marks(spots: Iterable[Spot], named_here: str, named_there: str) -> Marks:
    """Return what meets the other side if one place is the other, or a part of it, whichever is the larger."""
    return frozenset(
        chain.from_iterable(
            (f"{named_here} {spot.itself}", *(f"{named_there} {mark}" for mark in (spot.itself, *spot.around)))
            for spot in spots
        )
    )


def _shared(spots: Iterable[Spot]) -> Marks:
    return frozenset(f"{BY_BOTH} {mark}" for spot in spots for mark in spot.shared)


def _index(places: Iterable[Place], keys: Callable[[str], Iterable[str]]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in places:
        names = (place.name, *place.other_names)
        for key in dict.fromkeys(chain.from_iterable(map(keys, names))):
            found.setdefault(key, []).append(place)
    return found


def _slug(place: Place) -> str:
    return f"slug {place.slug}"


def _name(words: Iterable[str]) -> str:
    # In any order: `Leeds University` is the `University of Leeds`.
    return " ".join(("name", *sorted(set(words))))


def meets(register: Register, one: str | Said, other: str | Said) -> Marks:
    """Return the marks by which two places are taken for one, whichever of them the person says; none: they are not."""
    ones, others = [one], [other]
    return (register.of_person(ones) & register.of_volunteer(others)) | (
        register.of_person(others) & register.of_volunteer(ones)
    )
