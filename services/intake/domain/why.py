"""Why this peer, in one plain sentence for the person. Made here, from the two profiles; no score leaves the matcher.

It says how near the two are and never what the volunteer lived: that is the volunteer's to tell.
"""

from collections.abc import Mapping
from typing import Any

from shared.vocabulary import Vocabulary, vocabulary

NEAR = 0.5
"""From this nearness on, two care areas or two themes count as related."""

NEAR_STAGE = 0.7
"""The nearness of a stage one step behind: everything from here on is called near."""

Profile = Mapping[str, Any]


def why_this_peer(person: Profile, volunteer: Profile) -> str:
    """Return one sentence, e.g. `This peer knows something like it from their own life and works in a related area.`"""
    words = vocabulary()
    reasons = [
        reason
        for reason in (
            _experience(words, person, volunteer),
            _work(words, person, volunteer),
            _stage(words, person, volunteer),
            _common_ground(person, volunteer),
        )
        if reason
    ]
    reasons = reasons or ["is free at a time that suits you and speaks a language of yours"]
    return f"This peer {_joined(reasons)}."


def _experience(words: Vocabulary, person: Profile, volunteer: Profile) -> str | None:
    too_recent = words.themes_not_before_years
    lived = [each["slug"] for each in volunteer["themes"] if each["years_ago"] >= too_recent]
    ready = [slug for slug in volunteer["ready_for"] if slug in volunteer["trained_for"]]
    nearest = max((words.theme_nearness(a, b) for a in person["themes"] for b in lived), default=0.0)
    if nearest == 1.0:
        return "has lived through something that you named"
    if set(person["themes"]) & set(ready):
        return "is ready and trained for something that you named"
    return "knows something like it from their own life" if nearest >= NEAR else None


def _work(words: Vocabulary, person: Profile, volunteer: Profile) -> str | None:
    same_profession = person["profession"] == volunteer["profession"]
    nearness = words.care_area_nearness(person["care_area"], volunteer["care_area"])
    if nearness == 1.0:
        return "has your profession and your care area" if same_profession else "works in your care area"
    if nearness >= NEAR:
        return "has your profession, in a related area" if same_profession else "works in a related area"
    return "has your profession" if same_profession else None


def _stage(words: Vocabulary, person: Profile, volunteer: Profile) -> str | None:
    if person["stage"] == volunteer["stage"]:
        return "is where you are on the way"
    near = words.stage_nearness(person["stage"], volunteer["stage"]) >= NEAR_STAGE
    return "is only a little way from where you are" if near else None


def _common_ground(person: Profile, volunteer: Profile) -> str | None:
    if set(person["values"]) & set(volunteer["values"]):
        return "holds dear something that you hold dear"
    return "likes the kind of conversation you asked for" if _talks_alike(person, volunteer) else None


def _talks_alike(person: Profile, volunteer: Profile) -> bool:
    return bool(set(person["conversation"]) & set(volunteer["conversation"]))


def _joined(reasons: list[str]) -> str:
    return reasons[0] if len(reasons) == 1 else f"{', '.join(reasons[:-1])} and {reasons[-1]}"
