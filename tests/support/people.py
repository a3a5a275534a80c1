"""Sample people: forms and opened profiles that are right as they stand, with what a test says instead."""

from typing import Any

Said = dict[str, Any]

EVENING = {"day": "mon", "from": "18:00", "to": "21:00"}
BOARD = {"organisation": "Tarnside Nursing Board", "unit": "Fitness to practise", "town": "Tarnside"}
COLLEGE = {"organisation": "Quillmouth College", "town": "Quillmouth"}
AWAKE_ALL_DAY = ["00:00", "23:59"]


def by_email(address: str) -> Said:
    """Return where notices go."""
    return {"channel": "email", "value": address, "language": "en"}


def lived(*slugs: str, years_ago: float = 4) -> list[Said]:
    """Return themes as a volunteer names them."""
    return [{"slug": slug, "years_ago": years_ago} for slug in slugs]


def at_work(stage: str) -> Said:
    """Return what everybody says of their work: a nurse in critical care in England."""
    return {
        "profession": "nurse",
        "care_area": "critical_care",
        "stage": stage,
        "languages": ["en"],
        "time_zone": "Europe/London",
    }


WISHES: Said = {
    "values": ["humour_gets_me_through"],
    "conversation": ["just_listen"],
    "modalities": ["phone"],
    "availability": [EVENING],
    "avoid": {"affiliations": [BOARD], "people": ["A Name"]},
    "contact": {"channel": "phone", "value": "020"},
}
NOTHING_WISHED: Said = {
    "values": [],
    "conversation": [],
    "modalities": [],
    "availability": [],
    "avoid": {"affiliations": [], "people": []},
}


def a_request(**said: Any) -> Said:
    """Return the form of a person who says no more than is asked for."""
    return at_work("early_career") | {"affiliations": ["Larkhaven Infirmary"]} | said


def a_full_request(**said: Any) -> Said:
    """Return the form of a person who leaves no field out."""
    return a_request(
        **WISHES
        | {
            "themes": ["burnout", "bereavement"],
            "most_important": "burnout",
            "urgency": "days",
            "care_area_wish": "same",
            "gender_wish": "woman",
            "must_haves": ["language"],
            "waive": ["affiliation"],
            "at_once": True,
            "programme_code": "a code",
            "notify": by_email("person@example.org"),
            "words": "some words",
        }
        | said
    )


def an_application(**said: Any) -> Said:
    """Return the form of a volunteer who says no more than is asked for."""
    usual = {
        "name": "A Volunteer",
        "notify": by_email("volunteer@example.org"),
        "affiliations": ["Quillmouth Clinic"],
        "evaluative_roles": [],
    }
    return at_work("mid_career") | usual | said


def a_full_application(**said: Any) -> Said:
    """Return the form of a volunteer who leaves no field out."""
    return an_application(
        **WISHES
        | {
            "evaluative_roles": [{"role": "examiner", "body": COLLEGE}],
            "themes": lived("burnout"),
            "ready_for": ["suicidality_survivor"],
            "waking_hours": ["06:00", "20:00"],
            "gender": "woman",
            "capacity": {"active": 3, "new_per_month": 4},
            "shows": ["name"],
            "proof": "a proof",
        }
        | said
    )


def a_person_opened(**said: Any) -> Said:
    """Return the opened profile of a person without wishes; places and people are marks."""
    usual = {
        "affiliations": ["hospital-a"],
        "themes": ["burnout"],
        "most_important": None,
        "urgency": "days",
        "care_area_wish": "related",
        "gender_wish": None,
        "must_haves": [],
        "waive": [],
        "identity": ["person"],
        "marks": "these",
    }
    return at_work("early_career") | NOTHING_WISHED | usual | said


def a_volunteer_opened(**said: Any) -> Said:
    """Return the opened profile of a volunteer from elsewhere; places and people are marks."""
    usual = {
        "affiliations": ["hospital-b"],
        "evaluative_roles": [],
        "themes": lived("burnout", years_ago=3),
        "ready_for": [],
        "trained_for": [],
        "waking_hours": ["08:00", "21:30"],
        "gender": None,
        "capacity": {"active": 1, "new_per_month": 2},
        "identity": ["volunteer"],
        "marks": "these",
    }
    return at_work("mid_career") | NOTHING_WISHED | usual | said
