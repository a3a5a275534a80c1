"""How well a volunteer fits a person: a score in [0, 1] from weighted components, sparing loaded and rare ones.

All arithmetic is in the order written here, so that the vectorised ranking gets the same bits.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from services.matcher.domain.profiles import Capacity, PersonProfile, PoolState, VolunteerProfile
from services.matcher.domain.weeks import SLOT_MINUTES, utc_week
from shared.vocabulary import vocabulary

NUMBER_OF_TIES = 1 << 64


@dataclass(frozen=True)
class Component:
    """One line of a score's table; weight and value in [0, 1]. What was not `asked` is met by everybody (value 1)."""

    name: str
    weight: float
    value: float
    asked: bool


def table(person: PersonProfile, volunteer: VolunteerProfile, now: datetime) -> tuple[Component, ...]:
    """Return the components of the fit, in the order in which they are added up; `now` sets the zones' offsets."""
    weights = vocabulary().defaults.score.weights
    values = {
        "experience": (experience(person, volunteer), bool(person.themes)),
        "values_and_conversation": (values_and_conversation(person, volunteer), bool(list(wishes(person)))),
        "stage": (vocabulary().stage_nearness(person.stage, volunteer.stage), True),
        "care_area": (
            care_area(person.care_area_wish, person.care_area, volunteer.care_area),
            person.care_area_wish != "no_preference",
        ),
        "profession": (vocabulary().profession_nearness(person.profession, volunteer.profession), True),
        "availability": (availability(person, volunteer, now), bool(person.week and volunteer.rhythm.week)),
    }
    return tuple(Component(name, weight, *values[name]) for name, weight in weights.items())


def fit(person: PersonProfile, volunteer: VolunteerProfile, now: datetime) -> float:
    """Return how well the two fit, in [0, 1], before anybody is spared; the floor is held against this."""
    total = 0.0
    for component in table(person, volunteer, now):
        total += component.weight * component.value
    return min(total, 1.0)


def spared(load: float, rarity: float) -> float:
    """Return what is taken off the fit of a loaded or rare volunteer; both in [0, 1]."""
    figures = vocabulary().defaults.score
    return figures.spare_load * load + figures.spare_rarity * rarity


def score(fitting: float, load: float, rarity: float) -> float:
    """Return the score in [0, 1] by which volunteers are ranked."""
    return max(0.0, fitting - spared(load, rarity))


def theme_weights(person: PersonProfile) -> dict[str, float]:
    """Return how much each of the person's themes counts; the most important one counts more."""
    more = float(vocabulary().defaults.score.most_important_counts)
    return {theme: more if theme == person.most_important else 1.0 for theme in person.themes}


def experience(person: PersonProfile, volunteer: VolunteerProfile) -> float:
    """Return the weighted mean, over the person's themes, of the nearest thing the volunteer has lived."""
    total = weight = 0.0
    for theme, counts in theme_weights(person).items():
        nearest = max((vocabulary().theme_nearness(theme, lived) for lived in volunteer.lived), default=0.0)
        total += counts * nearest
        weight += counts
    return total / weight if weight else 1.0


def wishes(person: PersonProfile) -> Iterator[str]:
    """Yield which of values, conversation and gender the person asked for."""
    if person.values:
        yield "values"
    if person.conversation:
        yield "conversation"
    if person.gender_wish:
        yield "gender"


def values_and_conversation(person: PersonProfile, volunteer: VolunteerProfile) -> float:
    """Return the mean, over what the person asked for, of the share that the volunteer meets."""
    met = {
        "values": lambda: len(person.values & volunteer.values) / len(person.values),
        "conversation": lambda: len(person.conversation & volunteer.conversation) / len(person.conversation),
        "gender": lambda: float(volunteer.gender == person.gender_wish),
    }
    total, asked = 0.0, 0
    for wish in wishes(person):
        total += met[wish]()
        asked += 1
    return total / asked if asked else 1.0


def care_area(wish: str, mine: str, theirs: str) -> float:
    """Return how well a care area meets the wish: `same` squares the nearness, `different` turns it round."""
    near = vocabulary().care_area_nearness(mine, theirs)
    return {"same": near * near, "related": near, "different": 1.0 - near, "no_preference": 1.0}[wish]


def enough_slots(person: PersonProfile) -> int:
    """Return how many shared slots of a week are enough; never more than the person has, never 0."""
    enough = vocabulary().defaults.score.enough_shared // timedelta(minutes=SLOT_MINUTES)
    return max(1, min(enough, person.week.bit_count()))


def availability(person: PersonProfile, volunteer: VolunteerProfile, now: datetime) -> float:
    """Return the share of enough shared time in a week; 1 where either side said nothing."""
    if not (person.week and volunteer.rhythm.week):
        return 1.0
    shared = utc_week(person.week, person.zone, now) & utc_week(volunteer.rhythm.week, volunteer.rhythm.zone, now)
    return min(1.0, shared.bit_count() / enough_slots(person))


def load_of(capacity: Capacity, state: PoolState, now: datetime) -> float:
    """Return how much of a volunteer's places is used, in [0, 1]: at present or in this month, whichever is more."""
    present = (state.open_offers + state.live_matches) / max(1, capacity.active)
    month = (state.open_offers + state.new_this_month(now)) / max(1, capacity.new_per_month)
    return min(1.0, max(present, month))


class Scarcity:
    """How many volunteers of the pool have lived each theme and speak each language."""

    def __init__(self) -> None:
        self.themes: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()

    def add(self, lived: Iterable[str], languages: Iterable[str]) -> None:
        """Count a volunteer in."""
        self.themes.update(lived)
        self.languages.update(languages)

    def take_away(self, lived: Iterable[str], languages: Iterable[str]) -> None:
        """Count a volunteer out."""
        self.themes.subtract(lived)
        self.languages.subtract(languages)

    def rarity(self, person: PersonProfile, volunteer: VolunteerProfile) -> float:
        """Return 1/n for the scarcest thing this volunteer has, n volunteers have, and this person did not ask for."""
        unasked = [self.themes[theme] for theme in volunteer.lived - set(person.themes)]
        unasked += [self.languages[language] for language in volunteer.languages - set(person.languages)]
        return rarity_of(min(unasked, default=0))


def rarity_of(count: int) -> float:
    """Return 1/count, or 0 for what is not rare (or counted by nobody)."""
    return 1.0 / count if 0 < count < vocabulary().defaults.score.rare_below else 0.0


def salt_of(ref: str) -> int:
    """Return 64 bits that stand for a ref wherever a tie is broken."""
    return int.from_bytes(blake2b(ref.encode(), digest_size=8).digest(), "little")


def tie_break(salt: int, number: int) -> int:
    """Return 64 bits by which volunteers of one score are ordered, lowest first: splitmix64 of salt + number."""
    mixed = (salt + number) % NUMBER_OF_TIES
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % NUMBER_OF_TIES
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % NUMBER_OF_TIES
    return mixed ^ mixed >> 31


def ageing(waited: timedelta) -> float:
    """Return what waiting adds to a request's place in the queue (not to any volunteer): 0 to 0.2 from 4 h to 24 h."""
    figures = vocabulary().defaults.ageing
    share = (waited - figures.starts) / (figures.ends - figures.starts)
    return figures.at_most * min(1.0, max(0.0, share))


CLAUSES = (
    ("experience", 0.75, "has lived what was named"),
    ("experience", 0.25, "has lived something close to what was named"),
    ("values_and_conversation", 0.5, "cares about similar things or talks in the way that was asked for"),
    ("stage", 0.9, "is at a similar stage or a little ahead"),
    ("care_area", 0.5, "works in a care area that meets the wish"),
    ("profession", 1.0, "has the same profession"),
    ("profession", 0.4, "has a related profession"),
    ("availability", 0.75, "is free at the same times"),
)
"""Component, least value, and what may then be said; the first that holds per component is said."""


def explain(person: PersonProfile, volunteer: VolunteerProfile, now: datetime) -> str:
    """Return one plain sentence saying why this peer; it names no theme, institution or person."""
    asked = {component.name: component.value for component in table(person, volunteer, now) if component.asked}
    said: dict[str, str] = {}
    for name, least, clause in CLAUSES:
        if asked.get(name, 0.0) >= least:
            said.setdefault(name, clause)
    if not said:
        return "This peer meets every rule, though not much else is alike."
    *first, last = said.values()
    return f"This peer {', '.join(first)}{' and ' if first else ''}{last}."
