"""The vectorised ranking says the same as the plain rules and the plain score, for any world."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matcher.domain.columns import Columns
from services.matcher.domain.profiles import PersonProfile, PoolState, VolunteerProfile
from services.matcher.domain.ranking import Candidate, Ranking
from tests.unit.matcher.oracle import World, a_world, columns_of, fit, plainly_ranked
from tests.unit.matcher.worlds import (
    NOW,
    a_person,
    a_state,
    a_volunteer,
    random_person,
    random_state,
    random_volunteer,
)

EASY = {"must_haves": [], "availability": [], "modalities": [], "affiliations": ["place-0"], "waive": ["student_rule"]}
"""What lets most volunteers pass the rules, so that their order matters."""


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32), size=st.integers(0, 60), limit=st.integers(1, 12), tie=st.integers(0, 2**64 - 1))
def test_the_vectorised_ranking_agrees_with_the_plain_rules(seed: int, size: int, limit: int, tie: int) -> None:
    random = Random(seed)
    world = a_world(random, size)
    person = PersonProfile.from_data(random_person(random) | (EASY if random.random() < 0.5 else {}))
    asked = set(random.sample(sorted(world), min(3, size)))
    expected = plainly_ranked(world, person, asked, tie)
    looked = Ranking(columns_of(world), person, now=NOW, asked_before=asked, tie=tie)
    best = looked.best(limit)
    assert [(one.ref, one.row_version) for one in best] == [(ref, version) for ref, version, _ in expected[:limit]]
    assert [one.score for one in best] == pytest.approx([points for _, _, points in expected[:limit]], abs=1e-9)
    assert (looked.why_nobody() is None) == bool(expected)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_columns_that_were_changed_a_lot_equal_columns_made_anew(seed: int) -> None:
    random = Random(seed)
    columns, world = Columns(), World()
    for step in range(300):
        ref = f"v{random.randint(0, 40)}"
        known = world.get(ref)
        if known and random.random() < 0.2:
            columns.remove(ref)
            del world[ref]
        elif known and random.random() < 0.5:
            world[ref] = (step, known[1], random_state(random))
            assert columns.refresh(ref, step, world[ref][2])
        else:
            world[ref] = (step, VolunteerProfile.from_data(random_volunteer(random)), random_state(random))
            columns.upsert(ref, *world[ref])
    person = PersonProfile.from_data(random_person(random))
    assert len(columns) == len(world)
    assert Ranking(columns, person, now=NOW).best(50) == Ranking(columns_of(world), person, now=NOW).best(50)


def best_of(world: World, person: PersonProfile, **more: Any) -> list[Candidate]:
    return Ranking(columns_of(world), person, now=NOW, **more).best()


def test_a_sleeper_comes_last_while_somebody_awake_fits() -> None:
    world: World = {
        "sleeper": (1, a_volunteer(time_zone="Pacific/Auckland"), a_state()),
        "awake": (1, a_volunteer(profession="nurse", themes=[]), a_state()),
    }
    assert [(one.ref, one.awake) for one in best_of(world, a_person())] == [("awake", True), ("sleeper", False)]
    assert [one.ref for one in best_of(world, a_person(urgency="today"))] == ["awake"]


def test_with_nobody_awake_the_hour_of_the_first_waking_is_known() -> None:
    world: World = {"sleeper": (1, a_volunteer(time_zone="Pacific/Auckland"), a_state())}
    looked = Ranking(columns_of(world), a_person(urgency="today"), now=NOW)
    assert looked.best() == []
    assert looked.why_nobody() == "asleep"
    # Noon in UTC is one in the morning in Auckland, where this volunteer sleeps until eight.
    wakes_at = looked.somebody_wakes_at()
    assert wakes_at is not None
    assert wakes_at.isoformat() == "2026-11-23T19:00:00+00:00"


@pytest.mark.parametrize(
    ("said", "state", "code"),
    [
        ({"affiliations": ["hospital-b"]}, a_state(), "affiliation_overlap"),
        ({"affiliations": ["hospital-b"], "languages": ["fr"]}, a_state(), "affiliation_overlap"),
        ({"themes": ["addiction_recovery"]}, a_state(live_matches=1), "restricted_theme"),
        ({}, a_state(live_matches=1), "nobody_free"),
        ({}, a_state(state="suspended"), "nobody_free"),
        ({}, a_state(), None),
    ],
)
def test_the_rule_that_leaves_nobody_is_named(said: dict[str, Any], state: PoolState, code: str | None) -> None:
    world: World = {"v": (1, a_volunteer(), state)}
    assert Ranking(columns_of(world), a_person(**said), now=NOW).why_nobody() == code


def test_a_poor_fit_stays_below_the_floor() -> None:
    stranger = a_volunteer(profession="dentist", care_area="dermatology", stage="student_clinical", themes=[])
    person = a_person(waive=["student_rule"], values=["faith_matters"])
    assert fit(person, stranger, NOW) < 0.25
    assert Ranking(columns_of({"v": (1, stranger, a_state())}), person, now=NOW).why_nobody() == "below_floor"


def test_an_empty_pool_has_nobody_free() -> None:
    looked = Ranking(Columns(), a_person(), now=NOW)
    assert (looked.best(), looked.why_nobody(), looked.somebody_wakes_at()) == ([], "nobody_free", None)


def test_ties_are_broken_by_the_number_passed_in() -> None:
    world: World = {f"v{number}": (1, a_volunteer(), a_state()) for number in range(30)}
    firsts = {best_of(world, a_person(), tie=tie)[0].ref for tie in range(40)}
    assert len(firsts) > 10
    assert best_of(world, a_person(), tie=7) == best_of(world, a_person(), tie=7)


def test_an_older_version_changes_nothing() -> None:
    columns = columns_of({"v": (5, a_volunteer(), a_state())})
    columns.upsert("v", 4, a_volunteer(languages=["fr"]), a_state())
    assert columns.refresh("v", 4, a_state(reachable=False))
    assert not columns.refresh("unknown", 1, a_state())
    assert columns.version("v") == 5
    assert [one.row_version for one in Ranking(columns, a_person(), now=NOW).best()] == [5]
