"""Who plays in the demo: invented volunteers and three people who ask. Every word of it is made up."""

from dataclasses import dataclass, field
from typing import Any

from deploy.volunteers import EMPLOYERS

ALL_DAY = ["00:00", "23:59"]
EVERYBODY = {"profession": "physician", "languages": ["en"], "time_zone": "Europe/London"}


@dataclass
class Person:
    """Somebody who asks: the key they keep, when the form was sent, and what was seen of their request since.

    `hops`: what each event about it says -> how many seconds after the form it was first seen.
    """

    name: str
    sent_at: float
    key: str = ""
    peer: str = ""
    why: str = ""
    hops: dict[str, float] = field(default_factory=dict)


def volunteer(number: int, themes: list[str], *, care_area: str, stage: str = "mid_career") -> dict[str, Any]:
    """Return the application of one volunteer, awake at any hour so that the demo can be played at any."""
    return EVERYBODY | {
        "name": f"Volunteer {number}",
        "notify": {"channel": "email", "value": f"volunteer-{number}@example.org", "language": "en"},
        "care_area": care_area,
        "stage": stage,
        "affiliations": [EMPLOYERS[number]],
        "evaluative_roles": [],
        "themes": [{"slug": theme, "years_ago": 5} for theme in themes],
        "values": ["humour_gets_me_through"],
        "conversation": ["just_listen"],
        "waking_hours": ALL_DAY,
        "capacity": {"active": 1, "new_per_month": 5},
        "shows": ["name", "profession", "care_area"],
    }


VOLUNTEERS = [
    volunteer(1, ["adverse_event_error"], care_area="emergency_medicine"),
    volunteer(2, ["adverse_event_error", "burnout"], care_area="critical_care"),
    volunteer(3, ["burnout"], care_area="family_medicine"),
    volunteer(4, ["burnout", "conflict_bullying"], care_area="family_medicine"),
    volunteer(5, ["burnout", "bereavement"], care_area="general_internal_medicine"),
    volunteer(6, ["bereavement"], care_area="pediatrics"),
    volunteer(7, ["bereavement", "burnout"], care_area="pediatrics"),
]


def question(words: str, theme: str, *, care_area: str, stage: str) -> dict[str, Any]:
    return EVERYBODY | {
        "care_area": care_area,
        "stage": stage,
        "affiliations": [{"unit": "Ward 5", **EMPLOYERS[0]}],
        "themes": [theme],
        "urgency": "days",
        "contact": {"channel": "signal", "value": "+44 7700 900000"},
        "words": words,
    }


REGISTRAR = question(
    "I missed something on Tuesday night. I cannot stop replaying it.",
    "adverse_event_error",
    care_area="emergency_medicine",
    stage="senior_training",
)
FAMILY_DOCTOR = question("I have nothing left by noon.", "burnout", care_area="family_medicine", stage="early_career")
PAEDIATRICIAN = question(
    "My father died and I went back to work on Monday.", "bereavement", care_area="pediatrics", stage="mid_career"
)
