"""A register of places for tests, none at all, and whether two people's places meet in it."""

from typing import Any

from services.intake.domain.affiliations import Register
from services.intake.domain.register import read_levels, read_places

PLACES: dict[str, Any] = {
    "affiliations": [
        {"slug": "northern", "name": "Northern Care NHS Trust", "level": "employer"},
        {
            "slug": "st_marys",
            "name": "St Mary's Hospital, Leeds",
            "level": "site",
            "parent": "northern",
            "other_names": ["SMH", "Queen Mary's"],
        },
        {"slug": "ward_5", "name": "Ward 5", "level": "unit", "parent": "st_marys", "other_names": ["Kestrel Ward"]},
        {"slug": "heron", "name": "Heron Ward", "level": "unit", "parent": "st_marys"},
        {"slug": "st_johns", "name": "St John's Hospital, Leeds", "level": "site", "parent": "northern"},
        {"slug": "leeds_uni", "name": "University of Leeds", "level": "university"},
        {"slug": "leeds_medicine", "name": "Medicine at Leeds", "level": "programme", "parent": "leeds_uni"},
        {"slug": "leeds_nursing", "name": "Nursing at Leeds", "level": "programme", "parent": "leeds_uni"},
        {"slug": "leeds_general", "name": "Leeds University Hospital", "level": "site"},
    ]
}


NONE = Register((), read_levels(""))


REGISTER = Register(read_places(PLACES), read_levels(""))


def meet(register: Register, one: str | list[str], other: str | list[str]) -> bool:
    """Tell whether two people of these places are kept apart; the same whichever of them asks."""
    ones, others = ([each] if isinstance(each, str) else each for each in (one, other))
    found = bool(register.of_person(ones) & register.of_volunteer(others))
    assert found == bool(register.of_person(others) & register.of_volunteer(ones))
    return found
