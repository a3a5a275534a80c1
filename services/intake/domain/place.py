"""A place of work or study as somebody says it: in parts, or in one line."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.intake.domain.places.cutting import UNIVERSITY, Cut, Organisation, cut
from services.intake.domain.places.spelling import plain, words_of
from services.intake.domain.places.towns import is_on_the_map, on_the_map
from services.intake.domain.places.words import says_nothing

ARTICLES = ("a ", "an ", "ein ", "eine ", "un ", "une ", "uno ", "una ", "et ", "ett ", "en ", "een ", "um ", "uma ")
"""What begins like this names no place, unless a name follows: a hospital in London."""

SLUG = "_"
"""What people do not write, and slugs of the register have."""


@dataclass(frozen=True)
class Said:
    """A place in parts: the organisation, and perhaps the unit within it and the town that it stands in."""

    organisation: str
    unit: str = ""
    town: str = ""

    @property
    def line(self) -> str:
        """The place in one line, the smallest part first, as people write it."""
        return ", ".join(part for part in (self.unit, self.organisation, self.town) if part.strip())


def place_of(said: str | Mapping[str, str]) -> str | Said:
    """Return a place out of JSON: a text, or an object with its parts. An organisation alone is a text in one line."""
    if isinstance(said, str):
        return said
    place = Said(**said)
    return place if (place.unit + place.town).strip() else place.organisation


def line_of(said: str | Said) -> str:
    """Return a place in one line."""
    return said.line if isinstance(said, Said) else said


def cut_of(said: str | Said) -> Cut:
    """Return the parts of a place, as they were said or as a line is divided into them."""
    return cut(said.organisation, unit=said.unit, town=said.town) if isinstance(said, Said) else cut(said)


def names_a_place(said: str | Said) -> bool:
    """Tell whether this names a place at all; `the hospital`, `rather not say` and a unit or town alone do not."""
    text = said.organisation if isinstance(said, Said) else said
    whole, within = says_nothing()
    spelt = _spelt(text)
    if spelt in whole or any(refusal in spelt for refusal in within):
        return False
    parts = cut_of(said)
    # `Medical Arts Hospital, Rhinelander` names one by its kind and town, `a hospital, London` names none.
    is_located = bool(parts.outside) and _spelt(text.partition(",")[0]) not in whole
    is_named = _is_called if text.lower().startswith(ARTICLES) else _is_named
    return SLUG in text or any(is_named(each, is_located) for each in parts.organisations)


def _spelt(text: str) -> str:
    return "".join(words_of(plain(text)))


def _is_called(one: Organisation, _: bool) -> bool:
    is_region = all(is_on_the_map(word) and on_the_map(word).regions for word in one.rare)
    return bool((one.rare and not is_region) or one.names or one.chains or any(one.numbers))


def _is_named(one: Organisation, is_located: bool) -> bool:
    if _is_called(one, is_located):
        return True
    if one.weak:
        return bool(one.towns) or one.weak != ("private",)
    if one.family:
        return bool(one.towns) or one.family == UNIVERSITY or is_located
    # A town alone is no place of work, but a small one may be what a hospital is called by: Glenfield.
    return any(map(_is_small, one.towns))


def _is_small(town: str) -> bool:
    known = on_the_map(town)
    return "-" not in town and len(town) > 2 and not known.is_big and not known.regions
