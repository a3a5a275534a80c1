"""The ranking said plainly, volunteer by volunteer: what the vectorised one is held against."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import add
from random import Random

from services.matcher.domain.columns import Columns, salt_of
from services.matcher.domain.hard_rules import RULES, Pair
from services.matcher.domain.profiles import Capacity, PersonProfile, PoolState, VolunteerProfile
from services.matcher.domain.score import rarity_of
from services.matcher.domain.weeks import is_awake
from shared.vocabulary import vocabulary
from shared.vocabulary.times import SHORTEST, Span, next_days, shared, spans
from tests.unit.matcher.worlds import NOW, random_state, random_volunteer

NUMBER_OF_TIES = 1 << 64


def broken_rules(
    person: PersonProfile,
    volunteer: VolunteerProfile,
    state: PoolState,
    *,
    now: datetime = NOW,
    asked_before: bool = False,
) -> list[str]:
    """Return the codes of all hard rules that forbid asking this volunteer now; the floor is not judged here."""
    pair = Pair(person, volunteer, now, state, asked_before)
    return [rule.code for rule in RULES if rule.forbids(pair)]


def fit(person: PersonProfile, volunteer: VolunteerProfile, now: datetime) -> float:
    """Return how well the two fit, in [0, 1], before anybody is spared."""
    words = vocabulary()
    values = {
        "experience": experience(person, volunteer),
        "values_and_conversation": values_and_conversation(person, volunteer),
        "stage": words.nearness.stages[person.stage, volunteer.stage],
        "care_area": care_area(person.care_area_wish, words.nearness.care_areas[person.care_area, volunteer.care_area]),
        "profession": words.nearness.professions[person.profession, volunteer.profession],
        "availability": availability(person, volunteer, now),
    }
    return min(1.0, added(weight * values[name] for name, weight in words.defaults.score.weights.items()))


def added(values: Iterable[float]) -> float:
    """Add up in order, as the columns do; `sum` of later Pythons compensates."""
    return reduce(add, values, 0.0)


def experience(person: PersonProfile, volunteer: VolunteerProfile) -> float:
    """Return the weighted mean, over the person's themes, of the nearest thing the volunteer has lived."""
    total = weight = 0.0
    for theme in person.themes:
        counts = vocabulary().defaults.score.most_important_counts if theme == person.most_important else 1.0
        total += counts * max((vocabulary().nearness.themes[theme, lived] for lived in volunteer.lived), default=0.0)
        weight += counts
    return total / weight if weight else 1.0


def values_and_conversation(person: PersonProfile, volunteer: VolunteerProfile) -> float:
    """Return the mean, over what the person asked for, of the share that the volunteer meets."""
    met = [
        len(wanted & has) / len(wanted)
        for wanted, has in ((person.values, volunteer.values), (person.conversation, volunteer.conversation))
        if wanted
    ]
    met += [float(volunteer.gender == person.gender_wish)] if person.gender_wish else []
    return added(met) / len(met) if met else 1.0


def care_area(wish: str, near: float) -> float:
    """Return how well a care area meets the wish: `same` squares the nearness, `different` turns it round."""
    return {"same": near * near, "related": near, "different": 1.0 - near, "no_preference": 1.0}[wish]


def availability(person: PersonProfile, volunteer: VolunteerProfile, now: datetime) -> float:
    """Return the share of enough shared time in the next two weeks; 1 where either side said nothing."""
    if not (person.week and volunteer.rhythm.week):
        return 1.0
    mine = spans(person.week, person.zone, next_days(now))
    theirs = spans(volunteer.rhythm.week, volunteer.rhythm.zone, next_days(now))
    enough = 2 * vocabulary().defaults.score.enough_shared.total_seconds() / 60
    return min(1.0, _length(shared(mine, theirs)) / max(1, min(enough, _length(mine))))


def _length(found: Iterable[Span]) -> int:
    """Return how many minutes lie in spans that are long enough to talk."""
    return sum(end - start for start, end in found if end - start >= SHORTEST)


def load_of(capacity: Capacity, state: PoolState, now: datetime) -> float:
    """Return how much of a volunteer's capacity is used, in [0, 1]: at present or in this month."""
    present = (state.open_offers + state.live_matches) / max(1, capacity.active)
    month = (state.open_offers + state.new_this_month(now)) / max(1, capacity.new_per_month)
    return min(1.0, max(present, month))


def rarity(counts: Counter[str], person: PersonProfile, volunteer: VolunteerProfile) -> float:
    """Return 1/n for the scarcest thing this volunteer has, n volunteers have, and this person did not ask for."""
    unasked = (volunteer.lived | volunteer.languages) - {*person.themes, *person.languages}
    return rarity_of(min((counts[word] for word in unasked), default=0))


def score(fitting: float, load: float, rare: float) -> float:
    """Return the score in [0, 1] by which volunteers are ranked."""
    figures = vocabulary().defaults.score
    return max(0.0, fitting - (figures.spare_load * load + figures.spare_rarity * rare))


def tie_break(salt: int, number: int) -> int:
    """Return 64 bits by which volunteers of one score are ordered, lowest first: splitmix64 of salt + number."""
    mixed = (salt + number) % NUMBER_OF_TIES
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % NUMBER_OF_TIES
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % NUMBER_OF_TIES
    return mixed ^ mixed >> 31


World = dict[str, tuple[int, VolunteerProfile, PoolState]]
Ranked = list[tuple[str, int, float]]


def columns_of(world: World) -> Columns:
    columns = Columns()
    for ref, (version, volunteer, state) in world.items():
        columns.upsert(ref, version, volunteer, state)
    return columns


def plainly_ranked(world: World, person: PersonProfile, asked: Collection[str], tie: int) -> Ranked:
    """Rank with the plain functions: (ref, version, score), best first."""
    standing = [volunteer for _, volunteer, state in world.values() if state.stands]
    counts = Counter(word for volunteer in standing for word in volunteer.lived | volunteer.languages)
    found = []
    for ref, (version, volunteer, state) in world.items():
        fitting = fit(person, volunteer, NOW)
        allowed = not broken_rules(person, volunteer, state, asked_before=ref in asked)
        if allowed and fitting >= vocabulary().defaults.score.floor:
            points = score(fitting, load_of(volunteer.capacity, state, NOW), rarity(counts, person, volunteer))
            asleep = not is_awake(volunteer.rhythm, NOW)
            found.append(((asleep, -points, tie_break(salt_of(ref), tie)), (ref, version, points)))
    return [entry for _, entry in sorted(found)]


def a_world(random: Random, size: int) -> World:
    return {
        f"v{number}": (number, VolunteerProfile.from_data(random_volunteer(random)), random_state(random))
        for number in range(size)
    }
