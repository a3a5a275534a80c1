"""The hard rules: who may never be asked, whatever the score. Of each only its short code may be told.

Each rule is said twice: plainly of one pair, by which what is open between two is judged again, and over the columns of
the whole pool. A missing wish restricts nothing. A missing fact on which an exclusion depends fails closed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from functools import cache

import numpy as np

from services.matcher.domain import columns as pool
from services.matcher.domain.bits import Bools, bits, has_all, has_any, index_of
from services.matcher.domain.look import Look
from services.matcher.domain.profiles import PersonProfile, PoolState, VolunteerProfile
from services.matcher.domain.timing import awake_for
from services.matcher.domain.weeks import is_awake_for
from shared.vocabulary import vocabulary
from shared.vocabulary.times import next_days, shared, spans

FIT = "below_floor"
"""Not a rule about a pair, but the floor under the score; it stands in the order too."""

ASLEEP = "asleep"
NOBODY_FREE = "nobody_free"


IN_THE_POOL = PoolState("active")


class About(Enum):
    """What a rule looks at: the volunteer alone, the two, or the hour, in which case another hour may be better."""

    STANDING = auto()
    PAIR = auto()
    HOUR = auto()


STANDING, PAIR, HOUR = About


@dataclass(frozen=True)
class Pair:
    """A person and a volunteer, judged at `now`. Rules about the pair look neither at the state nor at the hour."""

    person: PersonProfile
    volunteer: VolunteerProfile
    now: datetime
    state: PoolState = IN_THE_POOL
    asked_before: bool = False


@dataclass(frozen=True)
class Rule:
    """`forbids` judges one pair; `passes` says per row of the pool whether it passes, None where every row does."""

    code: str
    about: About
    forbids: Callable[[Pair], bool]
    passes: Callable[[Look], Bools | None]


def why(code: str) -> str:
    """Return what may be told when this rule emptied the set: most rules by their code, a busy pool as nobody_free."""
    about = {rule.code: rule.about for rule in RULES}
    return NOBODY_FREE if about.get(code, PAIR) is not PAIR and code != ASLEEP else code


def pair_rules(person: PersonProfile, volunteer: VolunteerProfile, now: datetime) -> list[str]:
    """Return the codes of the rules that keep these two apart; `now` only says which days come next."""
    pair = Pair(person, volunteer, now)
    return [rule.code for rule in RULES if rule.about is PAIR and rule.forbids(pair)]


def _not_trained(pair: Pair) -> bool:
    until = pair.state.trained_until
    return until is None or until < pair.now.astimezone(UTC).date()


def _same_person(pair: Pair) -> bool:
    return pair.person.identity.meet(pair.volunteer.identity)


def _affiliation_overlap(pair: Pair) -> bool:
    if "affiliation" in pair.person.waive:
        return False
    return not pair.volunteer.affiliations or pair.person.affiliations.meet(pair.volunteer.affiliations)


def _no_affiliation_overlap(look: Look) -> Bools | None:
    if "affiliation" in look.person.waive:
        return None
    return look.without(pool.AFFILIATION, look.person.affiliations) & look.flagged(pool.HAS_AFFILIATIONS)


def _evaluative_role(pair: Pair) -> bool:
    person, bodies = pair.person, pair.volunteer.bodies
    if not bodies:
        return False
    if not person.affiliations or bodies.meet(person.affiliations):
        return True
    return person.is_sheltered and pair.volunteer.examines_or_licenses


def _no_evaluative_role(look: Look) -> Bools:
    if not look.person.affiliations:
        return ~look.flagged(pool.HAS_ROLES)
    passes = look.without(pool.BODY, look.person.affiliations)
    return passes & ~look.flagged(pool.HAS_SHELTERED_ROLES) if look.person.is_sheltered else passes


def _avoided(pair: Pair) -> bool:
    person, volunteer = pair.person, pair.volunteer
    return bool(
        person.avoid.people.meet(volunteer.identity)
        or person.avoid.affiliations.meet(volunteer.affiliations | volunteer.bodies)
        or volunteer.avoid.people.meet(person.identity)
        or volunteer.avoid.affiliations.meet(person.affiliations)
        or (volunteer.avoid.affiliations and not person.affiliations)
    )


def _not_avoided(look: Look) -> Bools:
    person, avoid = look.person, look.person.avoid
    passes = look.without(pool.IDENTITY, avoid.people) & look.without(pool.AVOIDED_PERSON, person.identity)
    passes &= look.without(pool.AFFILIATION, avoid.affiliations) & look.without(pool.BODY, avoid.affiliations)
    if not person.affiliations:
        return passes & ~look.flagged(pool.AVOIDS_AFFILIATIONS)
    return passes & look.without(pool.AVOIDED_AFFILIATION, person.affiliations)


def _no_shared_language(pair: Pair) -> bool:
    return pair.volunteer.languages.isdisjoint(pair.person.languages)


@cache
def _of_another_profession(profession: str) -> Bools:
    """Return a table of profession x stage."""
    alike = _alike("professions", profession)
    return np.repeat(~alike[:, None], len(index_of("stages")), axis=1)


@cache
def _alike(name: str, slug: str) -> Bools:
    """Return per index of a list whether that word may mean the same as `slug`."""
    return np.array([vocabulary().alike(name, slug, other) for other in index_of(name)], np.bool_)


def _of_the_gender(look: Look) -> Bools:
    wish = look.person.gender_wish
    return has_all(look.column("gender"), bits("genders", [wish] if wish else []))


MUST_HAVES: Mapping[str, tuple[Callable[[PersonProfile, VolunteerProfile], bool], Callable[[Look], Bools]]] = {
    "same_profession": (
        lambda person, volunteer: all(
            vocabulary().alike("professions", person.profession, profession) for profession, _ in volunteer.stands
        ),
        lambda look: ~look.stands_in(_of_another_profession(look.person.profession)),
    ),
    "same_care_area": (
        lambda person, volunteer: vocabulary().alike("care_areas", person.care_area, volunteer.care_area),
        lambda look: _alike("care_areas", look.person.care_area)[look.column("care_area")],
    ),
    "language": (
        lambda person, volunteer: person.languages[0] in volunteer.languages,
        lambda look: look.speaking(look.person.languages[:1]),
    ),
    "gender": (lambda person, volunteer: person.gender_wish in (None, volunteer.gender), _of_the_gender),
}
"""Whether a volunteer has what a person may not do without: of one pair, and per row of the pool."""


def _lacks_a_must_have(pair: Pair) -> bool:
    return not all(MUST_HAVES[wish][0](pair.person, pair.volunteer) for wish in pair.person.must_haves)


def _has_must_haves(look: Look) -> Bools | None:
    has = [MUST_HAVES[wish][1](look) for wish in look.person.must_haves]
    return np.asarray(np.logical_and.reduce(has), np.bool_) if has else None


def _not_ready(pair: Pair) -> bool:
    return not pair.person.restricted_themes <= pair.volunteer.ready


def _ready(look: Look) -> Bools | None:
    restricted = look.person.restricted_themes
    return has_all(look.column("ready"), bits("restricted_themes", restricted)) if restricted else None


def _too_far(is_student: bool, stage: str, profession: str, their_stage: str) -> bool:
    """Say whether one is a student and the other above the limit or outside the ladder (which fails closed)."""
    words = vocabulary()
    if is_student == words.is_student(profession, their_stage):
        return False
    limit = words.stages[words.student_limit].order
    ahead = [words.stages[part].order for part in words.parts["stages"][their_stage if is_student else stage]]
    return limit is None or any(order is None or order > limit for order in ahead)


@cache
def _too_far_by_profession_and_stage(is_student: bool, stage: str) -> Bools:
    return np.array(
        [
            [_too_far(is_student, stage, theirs, other) for other in index_of("stages")]
            for theirs in index_of("professions")
        ],
        np.bool_,
    )


def _is_a_student(person: PersonProfile) -> bool:
    return vocabulary().is_student(person.profession, person.stage)


def _too_far_for_a_student(pair: Pair) -> bool:
    person, volunteer = pair.person, pair.volunteer
    if "student_rule" in person.waive:
        return False
    return any(_too_far(_is_a_student(person), person.stage, *stand) for stand in volunteer.stands)


def _near_enough_for_a_student(look: Look) -> Bools | None:
    """Look the rule up in a table of profession x stage; for most people it forbids nothing."""
    if "student_rule" in look.person.waive:
        return None
    far = _too_far_by_profession_and_stage(_is_a_student(look.person), look.person.stage)
    return ~look.stands_in(far) if far.any() else None


def _no_shared_modality(pair: Pair) -> bool:
    mine, theirs = pair.person.modalities, pair.volunteer.modalities
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _shares_a_modality(look: Look) -> Bools | None:
    if not look.person.modalities:
        return None
    modalities = look.column("modalities")
    said = has_any(modalities, bits("modalities", vocabulary().modalities))
    return has_any(modalities, bits("modalities", look.person.modalities)) | ~said


def _no_overlapping_time(pair: Pair) -> bool:
    mine, theirs = pair.person, pair.volunteer.rhythm
    if not (mine.week and theirs.week):
        return False
    within = next_days(pair.now)
    return not shared(spans(mine.week, mine.zone, within), spans(theirs.week, theirs.zone, within))


def _overlaps_in_time(look: Look) -> Bools | None:
    return (look.shared_minutes != 0)[look.column("rhythm")] if look.person.week else None


def marked_otherwise(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    """Tell whether the marks of the two cannot be compared: by other rules, another register, or of no version.

    As a rule this is about the hour: intake is marking everybody anew.
    """
    return person.marks is None or person.marks != volunteer.marks


def _no_capacity(pair: Pair) -> bool:
    return not pair.state.has_capacity(pair.volunteer.capacity, pair.now)


def _has_capacity(look: Look) -> Bools:
    opened = look.column("open_offers").astype(np.int32)
    return np.asarray(
        (opened < vocabulary().defaults.offers.open_per_volunteer)
        & (opened + look.column("live_matches") < look.column("active"))
        & (opened + look.columns.new_this_month(look.now) < look.column("new_per_month")),
        np.bool_,
    )


def _asleep(pair: Pair) -> bool:
    span = awake_for(pair.person.urgency)
    return span is not None and not is_awake_for(pair.volunteer.rhythm, pair.now, span)


def _awake(look: Look) -> Bools | None:
    return None if look.awake_for is None else look.awake(np.arange(len(look.column("alive"))))


RULES = (
    Rule("not_active", STANDING, lambda pair: not pair.state.stands, lambda look: look.column("standing")),
    Rule("not_trained", STANDING, _not_trained, lambda look: look.column("trained_until") >= look.today),
    Rule("unreachable", STANDING, lambda pair: not pair.state.reachable, lambda look: look.column("reachable")),
    Rule("same_person", PAIR, _same_person, lambda look: look.without(pool.IDENTITY, look.person.identity)),
    Rule("affiliation_overlap", PAIR, _affiliation_overlap, _no_affiliation_overlap),
    Rule("evaluative_role", PAIR, _evaluative_role, _no_evaluative_role),
    Rule("avoid_list", PAIR, _avoided, _not_avoided),
    Rule("no_shared_language", PAIR, _no_shared_language, lambda look: look.speaking(look.person.languages)),
    Rule("must_have", PAIR, _lacks_a_must_have, _has_must_haves),
    Rule("restricted_theme", PAIR, _not_ready, _ready),
    Rule("student_rule", PAIR, _too_far_for_a_student, _near_enough_for_a_student),
    Rule("no_shared_modality", PAIR, _no_shared_modality, _shares_a_modality),
    Rule("no_overlapping_time", PAIR, _no_overlapping_time, _overlaps_in_time),
    Rule("asked_before", PAIR, lambda pair: pair.asked_before, lambda look: look.without(pool.REF, look.asked_before)),
    Rule(
        "other_marks",
        HOUR,
        lambda pair: marked_otherwise(pair.person, pair.volunteer),
        lambda look: look.columns.marked_by(look.person.marks),
    ),
    Rule(
        "paused",
        HOUR,
        lambda pair: pair.state.rests(pair.now),
        lambda look: look.column("paused_until") <= look.instant,
    ),
    Rule("no_capacity", HOUR, _no_capacity, _has_capacity),
    Rule(ASLEEP, HOUR, _asleep, _awake),
)
"""Every hard rule, in the order in which they are applied to say why nobody is left."""

ORDER = (
    *(rule.code for rule in RULES if rule.about is not HOUR),
    FIT,
    *(rule.code for rule in RULES if rule.about is HOUR),
)
"""The order with the floor in it: who does not fit is not waited for."""
