"""Every hard rule, one at a time, on a pair that otherwise fits."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.matcher.domain.columns import Columns
from services.matcher.domain.hard_rules import pair_rules, why
from services.matcher.domain.profiles import Capacity, PersonProfile, PoolState, VolunteerProfile
from services.matcher.domain.ranking import Ranking
from tests.unit.matcher.oracle import broken_rules
from tests.unit.matcher.worlds import NOW, a_person, a_state, a_volunteer

EXAMINER = [{"role": "examiner", "body": "college"}]
MANAGER = [{"role": "line_manager", "body": "hospital-b"}]
ONCE_LATE_CAREER = [{"profession": "physician", "stage": "late_career"}]
ONCE_A_STUDENT = [{"profession": "nursing_student", "stage": "early_career"}]


def rules(
    person: PersonProfile, volunteer: VolunteerProfile, state: PoolState | None = None, *, asked_before: bool = False
) -> list[str]:
    """Return the broken rules, having seen that the vectorised ranking forbids and names the same."""
    state = state or a_state()
    found = broken_rules(person, volunteer, state, asked_before=asked_before)
    columns = Columns()
    columns.upsert("v", 1, volunteer, state)
    looked = Ranking(columns, person, now=NOW, asked_before={"v"} if asked_before else ())
    assert [one.ref for one in looked.best()] == ([] if found else ["v"])
    assert looked.why_nobody() == (why(found[0]) if found else None)
    return found


def test_a_pair_that_fits_breaks_no_rule() -> None:
    assert rules(a_person(), a_volunteer()) == []


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (a_state(state="applied"), "not_active"),
        (a_state(state="suspended"), "not_active"),
        (a_state(trained_until=None), "not_trained"),
        (a_state(trained_until=date(2026, 11, 22)), "not_trained"),
        (a_state(reachable=False), "unreachable"),
        (a_state(state="paused"), "paused"),
        (a_state(paused_until=NOW + timedelta(seconds=1)), "paused"),
        (a_state(cool_until=NOW + timedelta(seconds=1)), "paused"),
        (a_state(open_offers=1), "no_capacity"),
        (a_state(live_matches=1), "no_capacity"),
        (a_state(month=date(2026, 11, 1), new_in_month=2), "no_capacity"),
    ],
)
def test_a_volunteers_state_can_forbid_asking(state: PoolState, code: str) -> None:
    assert rules(a_person(), a_volunteer(), state) == [code]


def test_training_counts_on_its_last_day_and_a_pause_ends_at_its_time() -> None:
    assert rules(a_person(), a_volunteer(), a_state(state="paused", trained_until=NOW.date(), paused_until=NOW)) == []


def test_new_matches_are_counted_by_the_month_which_turns_at_midnight_in_utc() -> None:
    november = a_state(month=date(2026, 11, 1), new_in_month=2)
    last, first = datetime(2026, 11, 30, 23, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    usual = Capacity(active=1, new_per_month=2)
    assert not november.has_capacity(usual, last)
    assert november.has_capacity(usual, first)
    assert november.has_capacity(usual, first.astimezone(ZoneInfo("America/New_York")))


def test_one_open_offer_per_volunteer_whatever_the_capacity() -> None:
    roomy = a_volunteer(capacity={"active": 5, "new_per_month": 9})
    assert rules(a_person(), roomy, a_state(live_matches=4)) == []
    assert rules(a_person(), roomy, a_state(open_offers=1)) == ["no_capacity"]


@pytest.mark.parametrize(
    ("said", "theirs", "code"),
    [
        ({"identity": ["same"]}, {"identity": ["other", "same"]}, "same_person"),
        ({"affiliations": ["x", "hospital-b"]}, {}, "affiliation_overlap"),
        ({}, {"affiliations": []}, "affiliation_overlap"),
        ({}, {"evaluative_roles": [{"role": "line_manager", "body": "hospital-a"}]}, "evaluative_role"),
        ({"affiliations": []}, {"evaluative_roles": MANAGER}, "evaluative_role"),
        ({"stage": "student_clinical", "waive": ["student_rule"]}, {"evaluative_roles": EXAMINER}, "evaluative_role"),
        ({"stage": "early_training"}, {"evaluative_roles": EXAMINER}, "evaluative_role"),
        ({"themes": ["complaint_regulator"]}, {"evaluative_roles": EXAMINER}, "evaluative_role"),
        ({"themes": []}, {"evaluative_roles": EXAMINER}, "evaluative_role"),
        ({"avoid": {"people": ["volunteer"]}}, {}, "avoid_list"),
        ({"avoid": {"affiliations": ["hospital-b"]}}, {}, "avoid_list"),
        ({"avoid": {"affiliations": ["college"]}}, {"evaluative_roles": EXAMINER}, "avoid_list"),
        ({}, {"avoid": {"people": ["person"]}}, "avoid_list"),
        ({}, {"avoid": {"affiliations": ["hospital-a"]}}, "avoid_list"),
        ({"affiliations": []}, {"avoid": {"affiliations": ["hospital-a"]}}, "avoid_list"),
        ({"languages": ["fr"]}, {"languages": ["en", "de"]}, "no_shared_language"),
        ({"must_haves": ["same_profession"]}, {"profession": "nurse"}, "must_have"),
        ({"must_haves": ["same_care_area"]}, {"care_area": "critical_care"}, "must_have"),
        ({"must_haves": ["language"], "languages": ["fr", "en"]}, {}, "must_have"),
        ({"must_haves": ["gender"], "gender_wish": "woman"}, {"gender": "man"}, "must_have"),
        ({"must_haves": ["gender"], "gender_wish": "woman"}, {"gender": None}, "must_have"),
        ({"themes": ["addiction_recovery"]}, {}, "restricted_theme"),
        ({"themes": ["addiction_recovery"]}, {"ready_for": ["addiction_recovery"]}, "restricted_theme"),
        ({"themes": ["addiction_recovery"]}, {"trained_for": ["addiction_recovery"]}, "restricted_theme"),
        ({"stage": "student_clinical"}, {}, "student_rule"),
        ({"profession": "nursing_student"}, {"stage": "left_or_retired"}, "student_rule"),
        ({}, {"stage": "student_clinical"}, "student_rule"),
        ({"stage": "student_clinical"}, {"stage": "early_career", "earlier": ONCE_LATE_CAREER}, "student_rule"),
        ({"stage": "late_career"}, {"earlier": [*ONCE_LATE_CAREER, *ONCE_A_STUDENT]}, "student_rule"),
        (
            {"must_haves": ["same_profession"]},
            {"earlier": [{"profession": "nurse", "stage": "mid_career"}]},
            "must_have",
        ),
        ({"modalities": ["phone"]}, {"modalities": ["video", "walk"]}, "no_shared_modality"),
        (
            {"availability": [{"day": "mon", "from": "18:00", "to": "18:30"}]},
            {"availability": [{"day": "mon", "from": "18:30", "to": "19:00"}]},
            "no_overlapping_time",
        ),
    ],
)
def test_a_pair_is_kept_apart(said: dict[str, Any], theirs: dict[str, Any], code: str) -> None:
    assert rules(a_person(**said), a_volunteer(**theirs)) == [code]


@pytest.mark.parametrize(
    ("said", "theirs"),
    [
        ({"affiliations": ["hospital-b"], "waive": ["affiliation"]}, {}),
        ({"stage": "student_clinical", "waive": ["student_rule"]}, {}),
        ({"stage": "student_clinical"}, {"stage": "early_career"}),
        ({"stage": "student_clinical", "waive": ["student_rule"]}, {"earlier": ONCE_LATE_CAREER}),
        ({"must_haves": ["same_profession"]}, {"earlier": ONCE_LATE_CAREER}),
        ({"affiliations": []}, {}),
        ({}, {"evaluative_roles": EXAMINER}),
        ({"languages": ["en-CA"]}, {"languages": ["en-GB"]}),
        ({"must_haves": ["gender"]}, {"gender": "man"}),
        ({"modalities": ["phone"]}, {"modalities": []}),
        ({"availability": [{"day": "mon", "from": "18:00", "to": "19:00"}]}, {"availability": []}),
        (
            {"themes": ["addiction_recovery"]},
            {"ready_for": ["addiction_recovery"], "trained_for": ["addiction_recovery"]},
        ),
    ],
)
def test_what_was_waived_or_never_said_restricts_nothing(said: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert rules(a_person(**said), a_volunteer(**theirs)) == []


def test_waiving_the_affiliation_does_not_waive_the_role() -> None:
    person = a_person(affiliations=["hospital-b"], waive=["affiliation"])
    assert rules(person, a_volunteer(evaluative_roles=MANAGER)) == ["evaluative_role"]


def test_nobody_is_asked_twice_for_one_request() -> None:
    assert rules(a_person(), a_volunteer(), asked_before=True) == ["asked_before"]


def test_today_asks_only_those_awake() -> None:
    sleeper = a_volunteer(time_zone="Pacific/Auckland")
    assert rules(a_person(urgency="today"), sleeper) == ["asleep"]
    assert rules(a_person(urgency="days"), sleeper) == []


@pytest.mark.parametrize(
    ("mine", "theirs"), [("new", "old"), ("old", "new"), (None, "new"), ("new", None), (None, None)]
)
def test_marks_of_other_versions_or_of_none_are_never_compared(mine: str | None, theirs: str | None) -> None:
    same_place = {"affiliations": ["hospital-b"], "waive": ["affiliation"]}
    person, volunteer = a_person(marks=mine, **same_place), a_volunteer(marks=theirs)
    assert rules(person, volunteer) == ["other_marks"]
    # That is soon over, so it ends nothing that is open, and it is told as a pool that is busy now.
    assert pair_rules(person, volunteer, NOW) == []
    assert why("other_marks") == "nobody_free"


def test_a_busy_pool_is_told_as_nobody_free() -> None:
    assert [why(code) for code in ("no_capacity", "paused", "not_trained")] == ["nobody_free"] * 3
    assert why("must_have") == "must_have"
