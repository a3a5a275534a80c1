"""The ranking said plainly, volunteer by volunteer: what the vectorised one is held against."""

from random import Random

from services.matcher.domain.columns import Columns
from services.matcher.domain.hard_rules import IN_THE_POOL, broken_rules
from services.matcher.domain.profiles import PersonProfile, PoolState, VolunteerProfile
from services.matcher.domain.score import Scarcity, fit, load_of, salt_of, score, tie_break
from services.matcher.domain.weeks import is_awake
from shared.vocabulary import vocabulary
from tests.unit.matcher.worlds import NOW, random_state, random_volunteer

World = dict[str, tuple[int, VolunteerProfile, PoolState]]


def columns_of(world: World) -> Columns:
    columns = Columns()
    for ref, (version, volunteer, state) in world.items():
        columns.upsert(ref, version, volunteer, state)
    return columns


def plainly_ranked(world: World, person: PersonProfile, asked: set[str], tie: int) -> list[tuple[str, int, float]]:
    """Rank with the plain functions: (ref, version, score), best first."""
    scarcity = Scarcity()
    for _, volunteer, state in world.values():
        if state.state in IN_THE_POOL:
            scarcity.add(volunteer.lived, volunteer.languages)
    found = []
    for ref, (version, volunteer, state) in world.items():
        fitting = fit(person, volunteer, NOW)
        allowed = not broken_rules(person, ref, volunteer, state, now=NOW, asked_before=asked)
        if allowed and fitting >= vocabulary().defaults.score.floor:
            points = score(fitting, load_of(volunteer.capacity, state, NOW), scarcity.rarity(person, volunteer))
            asleep = not is_awake(volunteer.rhythm, NOW)
            found.append(((asleep, -points, tie_break(salt_of(ref), tie)), (ref, version, points)))
    return [entry for _, entry in sorted(found)]


def a_world(random: Random, size: int) -> World:
    return {
        f"v{number}": (number, VolunteerProfile.from_data(random_volunteer(random)), random_state(random))
        for number in range(size)
    }
