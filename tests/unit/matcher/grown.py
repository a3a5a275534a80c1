"""Run with a vocabulary that has grown: ranks by every word, and by the plain rules as well.

Prints, as JSON, how many volunteers of each list's words were found, and how many rankings agreed.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from services.matcher.domain.columns import Columns
from services.matcher.domain.profiles import PersonProfile, VolunteerProfile
from services.matcher.domain.ranking import Ranking
from shared.vocabulary import vocabulary
from tests.unit.matcher.oracle import World, columns_of, plainly_ranked
from tests.unit.matcher.worlds import NOW, a_person, a_state, a_volunteer, random_person, random_state, random_volunteer

Said = dict[str, Any]


def ready(slug: str) -> Said:
    return {"ready_for": [slug], "trained_for": [slug]} if vocabulary().themes[slug].restricted else {}


LISTS: dict[str, tuple[Callable[[str], Said], Callable[[str], Said]]] = {
    "themes": (
        lambda slug: {"themes": [slug]},
        lambda slug: {"themes": [{"slug": slug, "years_ago": 2}]} | ready(slug),
    ),
    "values": (lambda slug: {"values": [slug]}, lambda slug: {"values": [slug]}),
    "conversation": (lambda slug: {"conversation": [slug]}, lambda slug: {"conversation": [slug]}),
    "modalities": (lambda slug: {"modalities": [slug]}, lambda slug: {"modalities": [slug]}),
    "genders": (lambda slug: {"gender_wish": slug, "must_haves": ["gender"]}, lambda slug: {"gender": slug}),
    "professions": (
        lambda slug: {"profession": slug, "must_haves": ["same_profession"]},
        lambda slug: {"profession": slug},
    ),
    "care_areas": (
        lambda slug: {"care_area": slug, "must_haves": ["same_care_area"]},
        lambda slug: {"care_area": slug},
    ),
}
"""A list of the vocabulary, how a person asks for one of its words, and how a volunteer has it."""


def by_every_word(name: str) -> int:
    """Ask for each word of a list in a pool where one volunteer has it; return how often that one came first."""
    asked, has = LISTS[name]
    words, columns = list(getattr(vocabulary(), name)), Columns()
    for number, slug in enumerate(words):
        columns.upsert(f"v{number}", 1, a_volunteer(**has(slug)), a_state())
    anybody: Said = {"waive": ["student_rule"], "themes": []}
    people = [a_person(**(anybody | asked(slug))) for slug in words]
    best = [Ranking(columns, person, now=NOW).best(1) for person in people]
    return sum(one.ref == f"v{number}" for number, ranked in enumerate(best) for one in ranked)


def as_the_plain_rules_say(random: Random, rankings: int) -> int:
    """Rank for random people whose words lie anywhere in the lists; return how often both agreed."""
    professions, agreed = list(vocabulary().professions), 0
    for _ in range(rankings):
        world: World = {
            f"v{number}": (
                1,
                VolunteerProfile.from_data(random_volunteer(random) | {"profession": random.choice(professions)}),
                random_state(random),
            )
            for number in range(60)
        }
        person = PersonProfile.from_data(
            random_person(random) | {"profession": random.choice(professions), "must_haves": []}
        )
        expected = [(ref, round(points, 9)) for ref, _, points in plainly_ranked(world, person, set(), 7)]
        ranked = Ranking(columns_of(world), person, now=NOW, tie=7).best(60)
        agreed += [(one.ref, round(one.score, 9)) for one in ranked] == expected
    return agreed


if __name__ == "__main__":
    found = {name: by_every_word(name) for name in LISTS}
    print(json.dumps(found | {"agreed": as_the_plain_rules_say(Random(5), 5)}))
