"""The operator's register of places: what belongs to what, and by which names each is known.

It is a YAML file, `affiliations:` and a list of entries {slug, name, level, town, other_names, parent, other_parents};
the last four may be left out. deploy/affiliations.example.yaml is one. `alongside register import` makes one.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.vocabulary import VocabularyError, vocabulary
from shared.vocabulary.reading import read
from shared.vocabulary.spelling import normalise

SLUG = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


class RegisterError(ValueError):
    """The register is wrong; the message names the entry."""


@dataclass(frozen=True)
class Place:
    """One entry: a unit, site, employer, programme or university, and the slugs of what it is part of, if anything.

    Several may bear one name: it is unique with the town, and means each of them without it.
    """

    slug: str
    name: str
    level: str
    parent: str | None = None
    other_names: tuple[str, ...] = ()
    town: str = ""
    other_parents: tuple[str, ...] = ()

    @property
    def parents(self) -> tuple[str, ...]:
        return (*([self.parent] if self.parent else ()), *self.other_parents)


@dataclass(frozen=True)
class _Document:
    affiliations: tuple[Place, ...]


def read_places(document: Any) -> tuple[Place, ...]:
    """Return the checked entries of a parsed register, none for an empty document; raises RegisterError."""
    if document is None:
        return ()
    try:
        places = read(_Document, document, "register").affiliations
    except VocabularyError as error:
        raise RegisterError(str(error)) from None
    for place in places:
        _check(place)
    _check_names(places)
    _check_parents(places)
    return places


def read_levels(text: str) -> frozenset[str]:
    """Return the levels in a text such as `site,programme`; the vocabulary's if it is empty. Raises RegisterError."""
    levels = [each.strip() for each in text.split(",")] if text else vocabulary().compared_levels
    for level in levels:
        if level not in vocabulary().affiliation_levels:
            raise RegisterError(f"{level!r} is no level; choose among {', '.join(vocabulary().affiliation_levels)}")
    return frozenset(levels)


def _check(place: Place) -> None:
    if SLUG.fullmatch(place.slug) is None:
        raise RegisterError(f"{place.slug}: a slug consists of small letters, digits and _")
    if not all(map(normalise, (place.name, *place.other_names))):
        raise RegisterError(f"{place.slug}: each name is a text with a letter or a digit in it")
    if place.level not in vocabulary().affiliation_levels:
        raise RegisterError(f"{place.slug}: {place.level!r} is no level")


def _check_names(places: Iterable[Place]) -> None:
    """Refuse a slug, or a name with its town, that two entries have."""
    slugs: set[str] = set()
    names: dict[tuple[str, str], str] = {}
    for place in places:
        if place.slug in slugs:
            raise RegisterError(f"{place.slug}: two entries have this slug")
        slugs.add(place.slug)
        other = names.setdefault((normalise(place.name), normalise(place.town)), place.slug)
        if other != place.slug:
            raise RegisterError(f"{place.slug}: {other} has the same name {'and town' if place.town else ''}".rstrip())


def _check_parents(places: Collection[Place]) -> None:
    by_slug = {place.slug: place for place in places}
    for place in places:
        for parent in place.parents:
            if parent not in by_slug:
                raise RegisterError(f"{place.slug}: its parent {parent} is no entry of the register")
    sound: set[str] = set()
    for place in places:
        _check_line(place, by_slug, (), sound)


def _check_line(place: Place, by_slug: Mapping[str, Place], below: tuple[str, ...], sound: set[str]) -> None:
    """Refuse a place that is part of itself. `below` leads up to it, `sound` are those that were looked at before."""
    if place.slug in below:
        raise RegisterError(f"{place.slug}: it is part of itself, by its parent {place.parents[0]}")
    if place.slug not in sound:
        for parent in place.parents:
            _check_line(by_slug[parent], by_slug, (*below, place.slug), sound)
        sound.add(place.slug)
