"""Made-up people and volunteers as opened profiles, for the matcher's tests. Everything comes from the seed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from services.matcher.domain.profiles import PersonProfile, PoolState, VolunteerProfile
from shared.vocabulary import vocabulary
from tests.support.people import a_person_opened, a_volunteer_opened

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday noon."""

IN_EMERGENCIES = {"profession": "physician", "care_area": "emergency_medicine", "stage": "mid_career"}
ZONES = ("America/Toronto", "Europe/London", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Auckland")


def person_data(**said: Any) -> dict[str, Any]:
    """Return a physician in emergency medicine who named one workplace, with what the test says instead."""
    return a_person_opened(**IN_EMERGENCIES | said)


def volunteer_data(**said: Any) -> dict[str, Any]:
    """Return a colleague from elsewhere who fits, with what the test says instead."""
    return a_volunteer_opened(**IN_EMERGENCIES | said)


def a_person(**said: Any) -> PersonProfile:
    """Return `person_data` as a profile."""
    return PersonProfile.from_data(person_data(**said))


def a_volunteer(**said: Any) -> VolunteerProfile:
    """Return `volunteer_data` as a profile."""
    return VolunteerProfile.from_data(volunteer_data(**said))


def a_state(**said: Any) -> PoolState:
    """Return the state of somebody who may be asked, with what the test says instead."""
    return replace(PoolState("active", trained_until=date(2027, 6, 30)), **said)


def _some(random: Random, choices: Any, most: int) -> list[Any]:
    listed = list(choices)
    return random.sample(listed, random.randint(0, min(most, len(listed))))


def _blocks(random: Random) -> list[dict[str, str]]:
    hours = ("00:00", "07:15", "09:00", "12:30", "18:00", "21:45", "24:00")
    return [
        {
            "day": random.choice(("mon", "tue", "sat", "sun")),
            "from": random.choice(hours[:-1]),
            "to": random.choice(hours),
        }
        for _ in range(random.choice((0, 0, 1, 3)))
    ]


def _avoid(random: Random) -> dict[str, list[str]]:
    return {"affiliations": _some(random, PLACES, 1), "people": _some(random, PEOPLE, 1)}


OPEN_THEMES = [slug for slug, theme in vocabulary().themes.items() if not theme.restricted]
PLACES = [f"place-{number}" for number in range(30)]
PEOPLE = [f"identity-{number}" for number in range(60)]


def random_person(random: Random) -> dict[str, Any]:
    """Return any person a form could make, dense in everything the rules look at."""
    words = vocabulary()
    themes = _some(random, words.themes if random.random() < 0.3 else OPEN_THEMES, 3)
    return person_data(
        profession=random.choice(list(words.professions)[:4]),
        care_area=random.choice(list(words.care_areas)),
        stage=random.choice(list(words.stages)),
        languages=random.sample(["en", "fr-CA", "es"], random.randint(1, 3)),
        time_zone=random.choice(ZONES),
        affiliations=_some(random, PLACES, 2),
        themes=themes,
        most_important=random.choice([None, *themes]),
        values=_some(random, words.values, 3),
        conversation=_some(random, words.conversation, 2),
        modalities=_some(random, words.modalities, 2),
        availability=_blocks(random),
        urgency=random.choice(list(words.urgencies)),
        care_area_wish=random.choice(list(words.care_area_wishes)),
        gender_wish=random.choice([None, *words.genders]),
        must_haves=_some(random, words.must_haves, 1) if random.random() < 0.3 else [],
        waive=_some(random, words.waivers, 2),
        avoid=_avoid(random),
        identity=_some(random, PEOPLE, 1),
    )


def random_volunteer(random: Random) -> dict[str, Any]:
    """Return any volunteer a form could make, dense in everything the rules look at."""
    words = vocabulary()
    restricted = [slug for slug, theme in words.themes.items() if theme.restricted]
    roles = [{"role": role, "body": random.choice(PLACES)} for role in _some(random, words.evaluative_roles, 1)]
    return volunteer_data(
        profession=random.choice(list(words.professions)[:4]),
        care_area=random.choice(list(words.care_areas)),
        stage=random.choice(list(words.stages)),
        languages=random.sample(["en-GB", "fr", "es", "de"], random.randint(1, 3)),
        time_zone=random.choice(ZONES),
        affiliations=random.sample(PLACES, random.randint(1, 2)),
        evaluative_roles=roles,
        themes=[{"slug": slug, "years_ago": random.choice((0.5, 1, 4))} for slug in _some(random, words.themes, 4)],
        ready_for=_some(random, restricted, 6),
        trained_for=_some(random, restricted, 6),
        values=_some(random, words.values, 3),
        conversation=_some(random, words.conversation, 2),
        modalities=_some(random, words.modalities, 2),
        availability=_blocks(random),
        waking_hours=random.choice((["08:00", "21:30"], ["20:00", "11:00"], ["06:00", "06:00"])),
        gender=random.choice([None, *words.genders]),
        avoid=_avoid(random),
        capacity={"active": random.randint(0, 3), "new_per_month": random.randint(1, 4)},
        identity=_some(random, PEOPLE, 2),
        earlier=[
            {"profession": random.choice(list(words.professions)[:4]), "stage": random.choice(list(words.stages))}
            for _ in range(random.choice((0, 0, 0, 0, 1, 2)))
        ],
    )


def random_state(random: Random) -> PoolState:
    """Return any state, mostly one in which somebody may be asked."""
    return PoolState(
        state=random.choice(("active", "active", "active", "active", "paused", "suspended")),
        trained_until=random.choice((None, date(2026, 11, 22), *[date(2026, 11, 23), date(2027, 1, 1)] * 3)),
        paused_until=random.choice((None, None, None, NOW, NOW + timedelta(seconds=1))),
        cool_until=random.choice((None, None, None, NOW + timedelta(hours=3))),
        reachable=random.random() < 0.9,
        open_offers=random.choice((0, 0, 0, 1)),
        live_matches=random.choice((0, 0, 1, 2)),
        month=random.choice((date(2026, 11, 1), date(2026, 10, 1))),
        new_in_month=random.choice((0, 0, 1)),
    )
