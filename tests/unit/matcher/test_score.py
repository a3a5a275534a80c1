"""The score: its components, what it spares, and what it says."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.profiles import Capacity, PersonProfile, VolunteerProfile
from services.matcher.domain.score import Scarcity, ageing, explain, fit, load_of, score, table
from shared.vocabulary import vocabulary
from tests.unit.matcher.worlds import NOW, a_person, a_state, a_volunteer, random_person, random_volunteer

MONDAY = [{"day": "mon", "from": "18:00", "to": "20:00"}]


def values_of(said: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    return {line.name: line.value for line in table(a_person(**said), a_volunteer(**theirs), NOW)}


@given(st.integers(0, 2**32))
def test_a_score_and_all_its_components_lie_between_0_and_1(seed: int) -> None:
    random = Random(seed)
    person, volunteer = (
        PersonProfile.from_data(random_person(random)),
        VolunteerProfile.from_data(random_volunteer(random)),
    )
    lines = table(person, volunteer, NOW)
    assert sum(line.weight for line in lines) == pytest.approx(1.0)
    assert all(0.0 <= line.value <= 1.0 for line in lines)
    fitting = fit(person, volunteer, NOW)
    assert fitting == pytest.approx(sum(line.weight * line.value for line in lines))
    assert 0.0 <= score(fitting, random.random(), random.random()) <= fitting <= 1.0
    assert explain(person, volunteer, NOW).startswith("This peer ")


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
    assert score(0.9, 1.0, 1.0) == pytest.approx(0.7)
    assert score(0.1, 1.0, 1.0) == 0.0
    state = a_state(live_matches=1, month=date(2026, 11, 1), new_in_month=5)
    assert load_of(Capacity(4, 10), state, NOW) == 0.5
    assert load_of(Capacity(4, 10), state, NOW + timedelta(days=8)) == 0.25


def test_whoever_alone_speaks_a_language_is_spared_for_those_who_need_it() -> None:
    scarcity, rare, plain = Scarcity(), a_volunteer(languages=["en", "iu"]), a_volunteer()
    for volunteer in (rare, plain, *[a_volunteer() for _ in range(20)]):
        scarcity.add(volunteer.lived, volunteer.languages)
    assert scarcity.rarity(a_person(), rare) == 1.0
    assert scarcity.rarity(a_person(languages=["iu"]), rare) == 0.0
    assert scarcity.rarity(a_person(), plain) == 0.0


@pytest.mark.parametrize(("hours", "gained"), [(0, 0.0), (4, 0.0), (14, 0.1), (24, 0.2), (200, 0.2)])
def test_waiting_lifts_a_request_and_never_beyond_a_fifth(hours: int, gained: float) -> None:
    assert ageing(timedelta(hours=hours)) == pytest.approx(gained)


def test_the_explanation_is_one_sentence_that_names_no_theme() -> None:
    sentence = explain(a_person(), a_volunteer(), NOW)
    assert sentence == (
        "This peer has lived what was named, is at a similar stage or a little ahead, "
        "works in a care area that meets the wish and has the same profession."
    )
    assert not any(theme.label in sentence for theme in vocabulary().themes.values())


def test_what_was_not_asked_for_is_not_claimed() -> None:
    assert "lived" not in explain(a_person(themes=[]), a_volunteer(), NOW)
    unlike = a_volunteer(profession="dentist", care_area="dermatology", stage="student_clinical", themes=[])
    assert explain(a_person(), unlike, NOW) == "This peer meets every rule, though not much else is alike."
