"""The card: all that a volunteer reads of a person before the person's yes. Coarse, so that it fits many people.

It has two halves. The person's half is made when they ask and sealed as `person.card`; what of it a volunteer sees
depends on what that volunteer named themselves, and is decided when the card is shown.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.intake.domain.times import Block, shared_times
from shared.vocabulary import vocabulary
from shared.vocabulary.languages import spoken

THEMES_SHOWN = 2


def person_half(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return the person's half of the card, made of their profile: families, groups and bands instead of exact words.

    The theme that matters most comes first. Restricted themes lie apart: no card ever names one.
    """
    words = vocabulary()
    themes = sorted(profile["themes"], key=lambda slug: slug != profile["most_important"])
    restricted = [slug for slug in themes if words.is_restricted(slug)]
    return {
        "profession_family": words.family_label(profile["profession"]),
        "care_area_group": words.group_label(profile["care_area"]),
        "stage_band": words.band_label(profile["stage"]),
        "themes": [slug for slug in themes if slug not in restricted],
        "restricted": restricted,
        **{name: profile[name] for name in ("languages", "modalities", "availability", "time_zone")},
    }


def card_for(half: Mapping[str, Any], volunteer: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the card as the volunteer with this profile sees it, in labels; times are in the volunteer's own zone.

    `ready_for`: it is about a restricted theme too, one that the volunteer is ready for.

    Of themes, languages, modalities and times only those appear that the volunteer named too; an empty list of
    modalities on either side, or of the volunteer's times, means any. Times are those of the days after `now`.
    """
    words = vocabulary()
    lived = words.parts_of("themes", (each["slug"] for each in volunteer["themes"]))
    ready = words.parts_of("themes", volunteer["ready_for"])
    in_common = {
        "themes": [slug for slug in half["themes"] if lived & words.parts_of("themes", [slug])][:THEMES_SHOWN],
        "restricted": [slug for slug in half["restricted"] if words.parts_of("themes", [slug]) <= ready],
        "languages": _spoken_by_both(half["languages"], volunteer["languages"]),
        "modalities": _in_common(half["modalities"], volunteer["modalities"]),
    }
    return _shown({**half, **in_common}, volunteer["availability"], volunteer["time_zone"], now)


def card_preview(half: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the most that any volunteer can see: every open theme, though each sees only two that they named too."""
    return _shown(half, [], half["time_zone"], now)


def _shown(half: Mapping[str, Any], theirs: list[Block], zone: str, now: datetime) -> dict[str, Any]:
    words = vocabulary()
    return {
        **{name: half[name] for name in ("profession_family", "care_area_group", "stage_band")},
        "themes": [words.labels["themes"][slug] for slug in half["themes"]],
        "ready_for": bool(half["restricted"]),
        "languages": list(half["languages"]),
        "modalities": [words.modalities[slug] for slug in half["modalities"]],
        "times": shared_times(half["availability"], half["time_zone"], theirs, zone, now),
    }


def _spoken_by_both(person: list[str], volunteer: list[str]) -> list[str]:
    spoken_too = set(map(spoken, volunteer))
    return [tag for tag in person if spoken(tag) in spoken_too]


def _in_common(person: list[str], volunteer: list[str]) -> list[str]:
    """Return what both named; where one names nothing, the other's list holds."""
    if not person or not volunteer:
        return person or volunteer
    return [each for each in person if each in volunteer]
