"""Who plays in the demo: invented volunteers and three people who ask. Every word of it is made up."""

from typing import Any

ALL_DAY = ["00:00", "23:59"]


def volunteer(number: int, themes: list[str], *, care_area: str, stage: str = "mid_career") -> dict[str, Any]:
    """Return the application of one volunteer, awake at any hour so that the demo can be played at any."""
    return {
        "name": f"Volunteer {number}",
        "notify": {"channel": "email", "value": f"volunteer-{number}@example.org", "language": "en"},
        "profession": "physician",
        "care_area": care_area,
        "stage": stage,
        "languages": ["en"],
        "time_zone": "Europe/London",
        "affiliations": [f"Hospital {number}"],
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


def person(words: str, themes: list[str], *, care_area: str, stage: str) -> dict[str, Any]:
    return {
        "profession": "physician",
        "care_area": care_area,
        "stage": stage,
        "languages": ["en"],
        "time_zone": "Europe/London",
        "affiliations": ["Hospital Zero"],
        "themes": themes,
        "urgency": "days",
        "contact": {"channel": "signal", "value": "+44 7700 900000"},
        "words": words,
    }


REGISTRAR = person(
    "I missed something on Tuesday night. I cannot stop replaying it.",
    ["adverse_event_error"],
    care_area="emergency_medicine",
    stage="senior_training",
)
FAMILY_DOCTOR = person("I have nothing left by noon.", ["burnout"], care_area="family_medicine", stage="early_career")
PAEDIATRICIAN = person(
    "My father died and I went back to work on Monday.", ["bereavement"], care_area="pediatrics", stage="mid_career"
)
