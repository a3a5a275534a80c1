"""Why this peer: the reasons, as codes that have words. Made from the two profiles; no score leaves the matcher.

They say how near the two are and never what the volunteer lived: that is the volunteer's to tell.
"""

from collections.abc import Mapping
from typing import Any

from shared.vocabulary import Vocabulary, vocabulary

NEAR = 0.5
"""From this nearness on, two care areas or two themes count as related."""

NEAR_STAGE = 0.7
"""The nearness of a stage one step behind: everything from here on is called near."""

Profile = Mapping[str, Any]


def why_this_peer(person: Profile, volunteer: Profile) -> list[str]:
    """Return at least one reason, e.g. `["knows", "related_area"]`."""
    words = vocabulary()
    reasons = (
        _experience(words, person, volunteer),
        _work(words, person, volunteer),
        _stage(words, person, volunteer),
        _common_ground(person, volunteer),
    )
    return [reason for reason in reasons if reason] or ["free"]


def _experience(words: Vocabulary, person: Profile, volunteer: Profile) -> str | None:
    ready = words.parts_of("themes", volunteer["ready_for"]) & words.parts_of("themes", volunteer["trained_for"])
    # As the matcher counts them: a restricted theme stays out unless the volunteer is ready to speak of it.
    lived = [
        slug
        for each in volunteer["themes"]
        for slug in words.parts["themes"][each["slug"]]
        if each["years_ago"] >= words.themes_not_before_years and (slug in ready or not words.is_restricted(slug))
    ]
    nearest = max((words.near("themes", a, b) for a in person["themes"] for b in lived), default=0.0)
    if nearest == 1.0:
        return "lived"
    if ready & words.parts_of("themes", person["themes"]):
        return "trained"
    return "knows" if nearest >= NEAR else None


def _work(words: Vocabulary, person: Profile, volunteer: Profile) -> str | None:
    same_profession = words.alike("professions", person["profession"], volunteer["profession"])
    nearness = words.near("care_areas", person["care_area"], volunteer["care_area"])
    if nearness == 1.0:
        return "same_work" if same_profession else "same_area"
    if nearness >= NEAR:
        return "same_profession_near" if same_profession else "related_area"
    return "same_profession" if same_profession else None


def _stage(words: Vocabulary, person: Profile, volunteer: Profile) -> str | None:
    if words.alike("stages", person["stage"], volunteer["stage"]):
        return "same_stage"
    near = words.near("stages", person["stage"], volunteer["stage"]) >= NEAR_STAGE
    return "near_stage" if near else None


def _common_ground(person: Profile, volunteer: Profile) -> str | None:
    return next((name for name in ("values", "conversation") if set(person[name]) & set(volunteer[name])), None)
