"""A place of work or study as somebody says it: in parts, or in one line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.vocabulary.spelling import normalise


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


SAYS_NOTHING = frozenset(
    {
        *("", "none", "no", "na", "n a", "nil", "unknown", "private", "confidential", "anonymous", "not applicable"),
        *("rather not say", "id rather not say", "i would rather not say", "i rather not say", "prefer not to say"),
        *("prefer not to answer", "i prefer not to say", "retired", "unemployed", "self employed", "freelance"),
        *("hospital", "university", "nhs", "trust", "tbd", "x", "my hospital", "prefer not to disclose"),
    }
)


def line_of(said: str | Said) -> str:
    """Return a place in one line."""
    return said.line if isinstance(said, Said) else said


def lines_of(said: Iterable[str | Said]) -> list[str]:
    """Return places in one line each."""
    return [line_of(each) for each in said]


def names_a_place(said: str | Said) -> bool:
    """Tell whether this names a place at all; `the hospital`, `rather not say` and a unit or town alone do not."""
    return normalise(line_of(said)).removeprefix("the ") not in SAYS_NOTHING
