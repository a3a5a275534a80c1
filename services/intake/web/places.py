"""What a script suggests while somebody names a place: the operator's register, in a list that is the same for all."""

from collections.abc import Mapping, Sequence

from services.intake.domain.register import Place

UNIT = "unit"
"""The level of what belongs into the input for a unit. All others are organisations."""


def names_of(places: Sequence[Place]) -> dict[str, list[list[str]]]:
    """Return the names to suggest for each part of a place.

    An organisation comes with its town, a unit with the name and the town of the organisation that it is part of.
    """
    by_slug = {place.slug: place for place in places}
    return {
        "organisation": [[place.name, place.town] for place in places if place.level != UNIT],
        "unit": [[place.name, *_organisation(place, by_slug)] for place in places if place.level == UNIT],
        "town": [[town] for town in sorted({place.town for place in places if place.town})],
    }


def _organisation(place: Place, by_slug: Mapping[str, Place]) -> tuple[str, str]:
    while place.level == UNIT:
        if place.parent is None:
            return "", ""
        place = by_slug[place.parent]
    return place.name, place.town
