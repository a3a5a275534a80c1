"""Volunteers for a stack that is being tried: they apply and are approved by the API, as real ones would."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from deploy.client import Client
from deploy.embedded.supervisor import Stack
from shared.clock import SystemClock
from shared.vocabulary import DAYS, vocabulary

TRAINED_FOR = timedelta(days=365)
EMPLOYERS = [
    {"organisation": organisation, "town": town}
    for organisation, town in (
        ("Larkhaven General Hospital", "Larkhaven"),
        ("St Osyth's Infirmary", "Millbeck"),
        ("Harrowdene Hospital", "Harrowdene"),
        ("Tarnside Children's Hospital", "Tarnside"),
        ("Quillmouth Medical Centre", "Quillmouth"),
        ("Ashwick Royal Infirmary", "Ashwick"),
        ("Dunfell University Hospital", "Dunfell"),
        ("Wyvern Park Hospital", "Crestley"),
        ("Ottermere Community Hospital", "Ottermere"),
        ("Brambleford Hospice", "Brambleford"),
        ("Eastlow Clinic", "Eastlow"),
        ("Silverholt Psychiatric Hospital", "Silverholt"),
    )
]
"""Invented, like everything else here."""


def invite(stack: Stack, forms: Iterable[Mapping[str, Any]]) -> list[str]:
    """Have volunteers apply with `forms`, approve all who have applied, and return the new ones' keys in order.

    Raises UnexpectedAnswer when intake refuses one.
    """
    client, token = Client(stack.intake_url), stack.coordinator_token
    keys = [client.ask("POST", "/volunteers", form)["volunteer_key"] for form in forms]
    trained_until = SystemClock().now().date() + TRAINED_FOR
    approval = {"trained_until": trained_until.isoformat(), "trained_for": []}
    for volunteer in client.ask("GET", "/coordinator/volunteers", key=token)["volunteers"]:
        if volunteer["status"] == "applied":
            client.ask("POST", f"/coordinator/volunteers/{volunteer['volunteer']}/approve", approval, key=token)
    return keys


def invented(number: int, chance: random.Random) -> dict[str, Any]:
    """Return the application of one volunteer in independent practice; every word of it is made up."""
    words = vocabulary()

    def some(names: Sequence[str], most: int) -> list[str]:
        return chance.sample(names, chance.randint(1, most))

    open_themes = [name for name, theme in words.themes.items() if not theme.restricted]
    professions = [name for name in words.professions if name not in words.student_professions]
    return {
        "name": f"Volunteer {number + 1}",
        "notify": {"channel": "email", "value": f"volunteer-{number + 1}@example.org", "language": "en"},
        "profession": chance.choice(professions),
        "care_area": chance.choice(list(words.care_areas)),
        "stage": chance.choice([name for name, stage in words.stages.items() if stage.band == "independent"]),
        "languages": ["en"],
        "time_zone": "Europe/London",
        "affiliations": [chance.choice(EMPLOYERS)],
        "evaluative_roles": [],
        "themes": [{"slug": name, "years_ago": chance.randint(2, 15)} for name in some(open_themes, 4)],
        "values": some(list(words.values), words.values_at_most),
        "conversation": some(list(words.conversation), 3),
        "modalities": some(list(words.modalities), 3),
        "availability": [{"day": day, "from": "18:00", "to": "21:00"} for day in some(DAYS, 5)],
        "shows": ["profession", "stage"],
    }
