"""The hard rules: who may never be asked, whatever the score. Of each only its short code may be told.

A missing wish restricts nothing. A missing fact on which an exclusion depends fails closed.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from services.matcher.domain.profiles import Capacity, PersonProfile, PoolState, VolunteerProfile
from services.matcher.domain.timing import awake_for
from services.matcher.domain.weeks import is_awake_for, utc_week
from shared.vocabulary import vocabulary

STANDING = ("not_active", "not_trained", "unreachable")
"""Rules about the volunteer alone that say: not in the pool at present."""

BETWEEN = (
    "same_person",
    "affiliation_overlap",
    "evaluative_role",
    "avoid_list",
    "no_shared_language",
    "must_have",
    "restricted_theme",
    "student_rule",
    "no_shared_modality",
    "no_overlapping_time",
    "asked_before",
)
"""Rules between this person and this volunteer."""

FIT = "below_floor"
"""Not a hard rule of the pair, but the floor under the score; it stands here for its place in the order."""

ASLEEP = "asleep"
FREE = ("paused", "no_capacity", ASLEEP)
"""Rules about the hour: the same volunteer may be asked later."""

ORDER = (*STANDING, *BETWEEN, FIT, *FREE)
"""The order in which rules are applied to say why nobody is left."""

NOBODY_FREE = "nobody_free"

IN_THE_POOL = ("active", "paused")


def why(code: str) -> str:
    """Return what may be told when this rule emptied the set: most rules by their code, a busy pool as nobody_free."""
    return NOBODY_FREE if code in (*STANDING, "paused", "no_capacity") else code


def broken_rules(
    person: PersonProfile,
    ref: str,
    volunteer: VolunteerProfile,
    state: PoolState,
    *,
    now: datetime,
    asked_before: Collection[str] = (),
) -> list[str]:
    """Return the codes of all hard rules that forbid asking this volunteer now; empty means allowed.

    `asked_before` holds the refs asked before for this request. The floor under the score is not judged here.
    """
    found = standing_rules(state, now) + pair_rules(person, volunteer, now)
    if ref in asked_before:
        found.append("asked_before")
    if is_paused(state, now):
        found.append("paused")
    if not has_capacity(volunteer.capacity, state, now):
        found.append("no_capacity")
    awake = awake_for(person.urgency)
    if awake is not None and not is_awake_for(volunteer.rhythm, now, awake):
        found.append(ASLEEP)
    return found


def standing_rules(state: PoolState, now: datetime) -> list[str]:
    """Return the codes of the rules that keep a volunteer out of the pool for everybody."""
    today = now.astimezone(UTC).date()
    broken = (
        state.state not in IN_THE_POOL,
        state.trained_until is None or state.trained_until < today,
        not state.reachable,
    )
    return [code for code, is_broken in zip(STANDING, broken, strict=True) if is_broken]


def pair_rules(person: PersonProfile, volunteer: VolunteerProfile, now: datetime) -> list[str]:
    """Return the codes of the rules that keep these two apart; `now` only sets the zones' offsets."""
    found = [code for code, breaks in PAIR_RULES if breaks(person, volunteer)]
    if person.week and volunteer.rhythm.week:
        mine, theirs = (
            utc_week(person.week, person.zone, now),
            utc_week(volunteer.rhythm.week, volunteer.rhythm.zone, now),
        )
        if not mine & theirs:
            found.append("no_overlapping_time")
    return found


def is_paused(state: PoolState, now: datetime) -> bool:
    """Say whether a volunteer rests: paused without or before the end, or cooling down after an ignored offer."""
    if state.state == "paused" and state.paused_until is None:
        return True
    return any(until is not None and until > now for until in (state.paused_until, state.cool_until))


def has_capacity(capacity: Capacity, state: PoolState, now: datetime) -> bool:
    """Say whether one more offer may be made; an open offer reserves a place, now and in the month."""
    return (
        state.open_offers < vocabulary().defaults.offers.open_per_volunteer
        and state.open_offers + state.live_matches < capacity.active
        and state.open_offers + state.new_this_month(now) < capacity.new_per_month
    )


def is_sheltered(person: PersonProfile) -> bool:
    """Say whether nobody who examines or licenses may be asked: student, trainee, blamed, or no theme named."""
    words = vocabulary()
    return (
        words.is_student(person.profession, person.stage)
        or words.is_trainee(person.stage)
        or not person.themes
        or any(words.sheltered_cluster in words.themes[theme].clusters for theme in person.themes)
    )


def examines_or_licenses(volunteer: VolunteerProfile) -> bool:
    """Say whether the volunteer holds a role from which students, trainees and the blamed are sheltered."""
    roles = vocabulary().evaluative_roles
    return any(roles[held.role].sheltered for held in volunteer.evaluative_roles)


def restricted_themes(person: PersonProfile) -> frozenset[str]:
    """Return the person's themes that only a volunteer who is ready for them may hear."""
    themes = vocabulary().themes
    return frozenset(theme for theme in person.themes if themes[theme].restricted)


def too_far_for_a_student(profession: str, stage: str, other_profession: str, other_stage: str) -> bool:
    """Say whether one is a student and the other above the limit or outside the ladder (which fails closed)."""
    words = vocabulary()
    students = words.is_student(profession, stage), words.is_student(other_profession, other_stage)
    if students[0] == students[1]:
        return False
    limit = words.stages[words.student_limit].order
    ahead = words.stages[other_stage if students[0] else stage].order
    return limit is None or ahead is None or ahead > limit


def _same_person(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    return bool(person.identity & volunteer.identity)


def _affiliation_overlap(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    if "affiliation" in person.waive:
        return False
    return not volunteer.affiliations or bool(person.affiliations & volunteer.affiliations)


def _evaluative_role(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    if not volunteer.evaluative_roles:
        return False
    if not person.affiliations or any(held.body in person.affiliations for held in volunteer.evaluative_roles):
        return True
    return is_sheltered(person) and examines_or_licenses(volunteer)


def _avoid_list(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    bodies = {held.body for held in volunteer.evaluative_roles}
    return bool(
        person.avoid.people & volunteer.identity
        or person.avoid.affiliations & (volunteer.affiliations | bodies)
        or volunteer.avoid.people & person.identity
        or volunteer.avoid.affiliations & person.affiliations
        or (volunteer.avoid.affiliations and not person.affiliations)
    )


def _no_shared_language(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    return volunteer.languages.isdisjoint(person.languages)


def _must_have(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    lacks = {
        "same_profession": volunteer.profession != person.profession,
        "same_care_area": volunteer.care_area != person.care_area,
        "language": person.languages[0] not in volunteer.languages,
        "gender": person.gender_wish is not None and volunteer.gender != person.gender_wish,
    }
    return any(lacks[wish] for wish in person.must_haves)


def _restricted_theme(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    return not restricted_themes(person) <= volunteer.ready


def _student_rule(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    if "student_rule" in person.waive:
        return False
    return too_far_for_a_student(person.profession, person.stage, volunteer.profession, volunteer.stage)


def _no_shared_modality(person: PersonProfile, volunteer: VolunteerProfile) -> bool:
    return bool(person.modalities and volunteer.modalities) and person.modalities.isdisjoint(volunteer.modalities)


PAIR_RULES: tuple[tuple[str, Callable[[PersonProfile, VolunteerProfile], bool]], ...] = (
    ("same_person", _same_person),
    ("affiliation_overlap", _affiliation_overlap),
    ("evaluative_role", _evaluative_role),
    ("avoid_list", _avoid_list),
    ("no_shared_language", _no_shared_language),
    ("must_have", _must_have),
    ("restricted_theme", _restricted_theme),
    ("student_rule", _student_rule),
    ("no_shared_modality", _no_shared_modality),
)
"""Each rule between two profiles and the predicate that says it is broken."""
