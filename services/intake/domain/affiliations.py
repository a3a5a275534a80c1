"""Places of work and study as they are compared: who must not meet because they share one, or one holds power there.

Places are written freely or taken from the operator's register. Each becomes marks, which intake hashes; the matcher
finds two sides that share a mark. Two places meet if they are the same, if one is part of the other, or if both are
part of a place at a level that the operator compares. Where a text leaves open which of several places is meant, it
means each: to exclude too much is safer than to exclude too little.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, zip_longest

from services.intake.domain.people.marks import People
from services.intake.domain.place import Said, cut_of, line_of, names_a_place
from services.intake.domain.places.cutting import Cut, Organisation, Part, cut
from services.intake.domain.places.marks import MOST, Marks, Side, marks_of
from services.intake.domain.places.spelling import plain, words_of
from services.intake.domain.places.words import Kind
from services.intake.domain.register import Place
from shared.vocabulary.spelling import normalise

RULES = 6
"""The version of how marks are made; raise it when they change, and everything stored is hashed again."""

UNIT = "unit"

BY_PERSON, BY_VOLUNTEER, BY_BOTH = "named by person", "named by volunteer", "shared"
Key = frozenset[str]


@dataclass(frozen=True)
class Spot:
    """One place of the register: its own mark, those of what it is part of, and those that no two within may share."""

    place: Place
    itself: str
    around: Marks
    shared: Marks


@dataclass(frozen=True)
class Named:
    """What a text names: places of the register, those that it is within, and what it says if it is none of them."""

    spots: tuple[Spot, ...]
    within: tuple[Spot, ...] = ()
    written: tuple[Organisation, ...] = ()


class Register:
    """The operator's places and the levels at which two people may not overlap. Empty, it knows spelling alone."""

    def __init__(self, places: Iterable[Place], levels: Collection[str], country: str = "") -> None:
        """Take checked entries, the levels to compare, and the country of telephone numbers without one."""
        self.people = People(country)
        self.places = tuple(places)
        self._levels = frozenset(levels)
        self._by_slug = {place.slug: place for place in self.places}
        self._by_spelling = _index(self.places, _spellings)
        self._texts: dict[tuple[str, Side], list[str]] = {}

    def of_person(self, said: Iterable[str | Said]) -> Marks:
        """Return the marks of the places a person belongs to; none where nothing that is said names one."""
        named = _narrowed(self._all_named(said))
        return self._marks(named, Side.PERSON) | _shared(named)

    def of_volunteer(self, said: Iterable[str | Said]) -> Marks:
        """Return the marks of the places a volunteer belongs to."""
        said = list(said)
        named = _narrowed(map(self._named, said))
        return self._marks(named, Side.VOLUNTEER) | _shared(named) or frozenset(map(_as_text, said))

    def of_body(self, said: str | Said) -> Marks:
        """Return the marks of the body over which a volunteer holds a role: at least one."""
        return self._marks([self._named(said)], Side.VOLUNTEER) or frozenset([_as_text(said)])

    def avoided_by_person(self, said: Iterable[str | Said]) -> Marks:
        """Return the marks of the places a person wants to meet nobody from."""
        return self._marks(self._all_named(said), Side.PERSON)

    def avoided_by_volunteer(self, said: Iterable[str | Said]) -> Marks:
        """Return the marks of the places a volunteer wants to meet nobody from."""
        return self._marks(self._all_named(said), Side.VOLUNTEER)

    def shown(self, said: str | Said) -> str:
        """Return the text to show: a slug of the register by the name of its place, anything else as it was said."""
        if isinstance(said, Said):
            place = self._by_slug.get(said.organisation.strip())
            return Said(place.name, said.unit, said.town).line if place else said.line
        place = self._by_slug.get(said.strip())
        return place.name if place else said

    def knows(self, said: str | Said) -> bool:
        """Tell whether this is a slug or a name of the register."""
        return bool(self._known(said))

    def version(self) -> str:
        """Return a short digest that changes when marks made by this register may differ from those made before."""
        return self._version

    @cached_property
    def _version(self) -> str:
        made_by = (RULES, self.people.version(), self.places, sorted(self._levels))
        return hashlib.sha256(repr(made_by).encode()).hexdigest()[:16]

    def _all_named(self, said: Iterable[str | Said]) -> list[Named]:
        return [self._named(each) for each in said if self.knows(each) or names_a_place(each)]

    def _named(self, said: str | Said) -> Named:
        known = self._known(said)
        if known:
            return Named(tuple(map(self._spot, known)))
        parts = cut_of(said)
        sites = {site: self._known_part(site, parts) for site in parts.sites}
        known = [place for places in sites.values() for place in places]
        # Beside a place of the register others may be named, and what is larger: their words tell still.
        unknown = [site for site, places in sites.items() if not places and (not known or Kind.HOSPITAL in site.kinds)]
        within = [place for part in parts.larger for place in self._known_part(part, parts)]
        written = Cut(unknown, parts.larger, parts.outside).organisations
        return Named(tuple(map(self._spot, known)), tuple(map(self._spot, within)), tuple(written))

    def _known(self, said: str | Said) -> list[Place]:
        """Return the entries of this slug or this very name, with its town or without."""
        place = self._by_slug.get((said.organisation if isinstance(said, Said) else said).strip())
        if place:
            return [place]
        if isinstance(said, Said):
            said = f"{said.organisation} {said.town}"
        return self._by_spelling.get(normalise(said)) or self._by_spelling.get(_spelt(said), [])

    def _known_part(self, part: Part, parts: Cut) -> list[Place]:
        """Return the entries that a part of a text names, however they are spelt."""
        keys = _keys(part, parts)
        return next((self._by_name[key] for key in keys[:1] if key in self._by_name), [])

    def _spot(self, place: Place) -> Spot:
        above = self._above(place)
        within = [each for each in above if any(one.level in self._levels for one in self._above(each))]
        marks = [f"slug {each.slug}" for each in above]
        return Spot(place, marks[0], frozenset(marks[1:]), frozenset(f"slug {each.slug}" for each in (place, *within)))

    def _above(self, place: Place) -> list[Place]:
        """Return a place and all that it is part of, the nearest first."""
        line = [place]
        for each in line:
            line += [self._by_slug[parent] for parent in each.parents if self._by_slug[parent] not in line]
        return line

    def _marks(self, named: Iterable[Named], side: Side) -> Marks:
        """Return what meets the other side if one place is the other, or a part of it, whichever is the larger."""
        marks: set[str] = set()
        here, there = (BY_PERSON, BY_VOLUNTEER) if side is Side.PERSON else (BY_VOLUNTEER, BY_PERSON)
        for each in named:
            slugs = {f"{here} {spot.itself}" for spot in each.spots}
            slugs |= {f"{there} {mark}" for spot in (*each.spots, *each.within) for mark in (spot.itself, *spot.around)}
            texts = [self._text_marks(spot.place, side) for spot in each.spots]
            texts += [marks_of(each.written, side, registered=False if self.places else None)]
            # Of the marks by words the most telling are kept; those of the register never give way.
            room = max(0, MOST - len(slugs) - len(_shared([each])))
            ranked = dict.fromkeys(mark for rank in zip_longest(*texts) for mark in rank if mark)
            marks |= slugs.union(islice(ranked, room))
        return frozenset(marks)

    @cached_property
    def _by_name(self) -> dict[object, list[Place]]:
        return _index(self.places, _names)

    def _text_marks(self, place: Place, side: Side) -> list[str]:
        """Return the marks by which a place of the register meets what is written by those who do not know it."""
        key = (place.slug, side)
        if key not in self._texts:
            self._texts[key] = marks_of(self._called(place), side, registered=True)
        return self._texts[key]

    def _called(self, place: Place) -> list[Organisation]:
        """Return a place as those may call it who do not know the register; a unit by the site that it is in."""
        above = self._above(place)
        own = 2 if place.level == UNIT else 1
        return [
            replace(each, is_larger=each.is_larger or number >= own)
            for number, one in enumerate(above)
            for parts in _cuts(one)
            for each in parts.organisations
        ]


def meets(register: Register, one: str | Said, other: str | Said) -> Marks:
    """Return the marks by which two places are taken for one, whichever of them the person says; none: they are not."""
    ones, others = [one], [other]
    return (register.of_person(ones) & register.of_volunteer(others)) | (
        register.of_person(others) & register.of_volunteer(ones)
    )


def _narrowed(named: Iterable[Named]) -> list[Named]:
    """Return the places of a list, without the larger one where a part of it is named beside it.

    Two people who name site and employer do not meet by the employer, unless the operator compares employers.
    """
    listed = list(named)
    around = frozenset().union(*(spot.around for each in listed for spot in each.spots))
    return [
        Named(tuple(spot for spot in each.spots if spot.itself not in around), each.within, each.written)
        for each in listed
    ]


def _shared(named: Iterable[Named]) -> Marks:
    return frozenset(f"{BY_BOTH} {mark}" for each in named for spot in each.spots for mark in spot.shared)


def _index(places: Iterable[Place], keys: Callable[[Place], Iterable[object]]) -> dict[object, list[Place]]:
    found: dict[object, list[Place]] = {}
    for place in places:
        for key in dict.fromkeys(keys(place)):
            found.setdefault(key, []).append(place)
    return found


def _all_names(place: Place) -> tuple[str, ...]:
    return place.name, *place.other_names


def _spellings(place: Place) -> Iterable[str]:
    """Return each name, alone and with the town, as it is written and in one spelling of many."""
    texts = [text for name in _all_names(place) for text in (name, f"{name} {place.town}")]
    return *map(normalise, texts), *map(_spelt, texts)


def _names(place: Place) -> Iterable[Key]:
    return (key for parts in _cuts(place) for site in parts.sites for key in _keys(site, parts))


def _cuts(place: Place) -> list[Cut]:
    """Return each name of a place in parts. The town that is said with its first name is that of all."""
    first, *others = (cut(name, town=place.town) for name in _all_names(place))
    return [first, *(replace(each, outside=each.outside or first.outside) for each in others)]


def _keys(part: Part, parts: Cut) -> list[Key]:
    """Return what tells a part, with the towns that stand beside it and without."""
    for one in Cut([part], [], parts.outside).organisations[:1]:
        telling = (*one.rare, *one.names, *one.chains, *one.weak, *one.numbers, *one.towns, f"kind {one.family}")
        return [frozenset((*telling, *one.outside)), frozenset(telling)]
    return []


def _spelt(text: str) -> str:
    return "".join(words_of(plain(text)))


def _as_text(said: str | Said) -> str:
    return f"text {line_of(said)}"
