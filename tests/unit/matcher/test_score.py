"""The score: its components, and what it spares."""

from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.columns import Columns
from services.matcher.domain.look import Look
from services.matcher.domain.profiles import PersonProfile, PoolState, VolunteerProfile
from services.matcher.domain.score import Score
from tests.unit.matcher.worlds import NOW, a_person, a_state, a_volunteer, random_person, random_volunteer

MONDAY = [{"day": "mon", "from": "18:00", "to": "20:00"}]
FIRST = np.array([0])


def score_of(person: PersonProfile, *volunteers: VolunteerProfile, state: PoolState | None = None) -> Score:
    """Return the score over a pool of these volunteers, the first of whom is in `state`."""
    columns = Columns()
    for number, volunteer in enumerate(volunteers):
        columns.upsert(f"v{number}", 1, volunteer, state if state and not number else a_state())
    return Score(Look(columns, person, now=NOW))


def components(person: PersonProfile, volunteer: VolunteerProfile) -> dict[str, float]:
    found = score_of(person, volunteer).components(FIRST)
    return {name: float(np.broadcast_to(value, 1)[0]) for name, value in found.items()}


def values_of(said: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    return components(a_person(**said), a_volunteer(**theirs))


def left_of(fitting: float, score: Score) -> float:
    return float(score.scores(FIRST, np.array([fitting]))[0])


@given(st.integers(0, 2**32))
def test_a_score_and_all_its_components_lie_between_0_and_1(seed: int) -> None:
    random = Random(seed)
    person, volunteer = (
        PersonProfile.from_data(random_person(random)),
        VolunteerProfile.from_data(random_volunteer(random)),
    )
    score = score_of(person, volunteer)
    assert all(0.0 <= value <= 1.0 for value in components(person, volunteer).values())
    assert 0.0 <= left_of(fitting := float(score.fits(FIRST)[0]), score) <= fitting <= 1.0


def test_the_most_important_theme_counts_twice() -> None:
    theirs = {"themes": [{"slug": "burnout", "years_ago": 2}]}
    themes = ["burnout", "bereavement"]
    assert values_of({"themes": themes}, theirs)["experience"] == 1 / 2
    assert values_of({"themes": themes, "most_important": "burnout"}, theirs)["experience"] == 2 / 3
    assert values_of({"themes": themes, "most_important": "bereavement"}, theirs)["experience"] == 1 / 3


def test_what_is_less_than_a_year_ago_is_not_used() -> None:
    assert values_of({}, {"themes": [{"slug": "burnout", "years_ago": 0.9}]})["experience"] == 0.0
    assert values_of({}, {"themes": [{"slug": "burnout", "years_ago": 1}]})["experience"] == 1.0


def test_a_restricted_theme_counts_only_for_those_ready_for_it() -> None:
    said = {"themes": ["own_illness_injury"]}
    lived = {"themes": [{"slug": "mental_illness_recovery", "years_ago": 5}]}
    ready = {"ready_for": ["mental_illness_recovery"], "trained_for": ["mental_illness_recovery"]}
    assert values_of(said, lived)["experience"] == 0.0
    assert values_of(said, lived | ready)["experience"] == 0.5


@pytest.mark.parametrize(
    ("wish", "value"), [("same", 0.64), ("related", 0.8), ("different", 0.2), ("no_preference", 1.0)]
)
def test_the_wish_turns_the_care_area(wish: str, value: float) -> None:
    got = values_of({"care_area_wish": wish}, {"care_area": "prehospital_transport"})["care_area"]
    assert got == pytest.approx(value)


def test_values_conversation_and_gender_count_only_when_asked_for() -> None:
    theirs = {"values": ["faith_matters"], "conversation": ["just_listen"], "gender": "woman"}
    assert values_of({}, theirs)["values_and_conversation"] == 1.0
    said = {"values": ["faith_matters", "craft_and_skill"], "conversation": ["just_listen"], "gender_wish": "man"}
    assert values_of(said, theirs)["values_and_conversation"] == pytest.approx((0.5 + 1.0 + 0.0) / 3)


def test_two_shared_hours_are_enough() -> None:
    assert values_of({"availability": MONDAY}, {"availability": MONDAY})["availability"] == 1.0
    half = [{"day": "mon", "from": "19:00", "to": "23:00"}]
    assert values_of({"availability": MONDAY}, {"availability": half})["availability"] == 0.5
    assert values_of({"availability": MONDAY}, {"availability": []})["availability"] == 1.0


def test_the_loaded_and_the_rare_are_spared_by_at_most_a_fifth() -> None:
    rare = a_volunteer(languages=["en", "iu"], capacity={"active": 4, "new_per_month": 10})
    full = score_of(a_person(), rare, state=a_state(live_matches=4))
    assert left_of(0.9, full) == pytest.approx(0.7)
    assert left_of(0.1, full) == 0.0


@pytest.mark.parametrize(("month", "load"), [(date(2026, 11, 1), 0.5), (date(2026, 10, 1), 0.25)])
def test_load_is_that_of_the_present_or_of_this_month_whichever_is_more(month: date, load: float) -> None:
    volunteer = a_volunteer(capacity={"active": 4, "new_per_month": 10})
    state = a_state(live_matches=1, month=month, new_in_month=5)
    plain = score_of(a_person(languages=["en"]), volunteer, *[a_volunteer()] * 20, state=state)
    assert left_of(1.0, plain) == pytest.approx(1.0 - 0.1 * load)


def test_the_only_speaker_of_a_language_is_spared_for_those_who_need_it() -> None:
    rare, plain, others = a_volunteer(languages=["en", "iu"]), a_volunteer(), [a_volunteer()] * 20
    assert left_of(1.0, score_of(a_person(), rare, *others)) == pytest.approx(0.9)
    assert left_of(1.0, score_of(a_person(languages=["iu"]), rare, *others)) == 1.0
    assert left_of(1.0, score_of(a_person(), plain, rare, *others)) == 1.0
