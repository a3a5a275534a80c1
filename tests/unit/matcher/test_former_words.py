"""The matcher reads a former word of an old profile as any of its parts, on either side."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.matcher.domain.columns import Columns
from services.matcher.domain.hard_rules import pair_rules
from services.matcher.domain.ranking import Ranking
from tests.unit.matcher.worlds import NOW, a_person, a_state, a_volunteer

ANY = {"waive": ["student_rule"], "most_important": None}


def fit(person: dict[str, Any], volunteer: dict[str, Any]) -> float:
    """Return the fit of a volunteer who stands alone in the pool."""
    columns = Columns()
    columns.upsert("v", 1, a_volunteer(**volunteer), a_state())
    [one] = Ranking(columns, a_person(**ANY | person), now=NOW).best()
    return one.score


def lived(*slugs: str) -> dict[str, Any]:
    return {"themes": [{"slug": slug, "years_ago": 3} for slug in slugs]}


@pytest.mark.parametrize(
    ("person", "volunteer"),
    [
        ("public_shaming", "whistle_blowing"),
        ("public_shaming", "shamed_in_public"),
        ("visa_immigration", "img_migration"),
        ("img_migration", "img_migration"),
    ],
)
def test_somebody_who_chose_a_former_theme_shares_each_of_its_parts(person: str, volunteer: str) -> None:
    same = fit({"themes": ["burnout"]}, lived("burnout"))
    # One who has lived a second part alone is spared for those who ask for it.
    assert fit({"themes": [person]}, lived(volunteer)) == pytest.approx(same, abs=0.11)
    assert fit({"themes": [person]}, lived("burnout")) < same - 0.3


@pytest.mark.parametrize("part", ["career_break", "on_leave", "returning"])
def test_a_former_stage_is_as_near_as_the_nearest_of_its_parts(part: str) -> None:
    same = fit({"stage": part}, {"stage": part})
    assert fit({"stage": part}, {"stage": "career_break_or_return"}) == pytest.approx(same)
    assert fit({"stage": "career_break_or_return"}, {"stage": part}) == pytest.approx(same)


@pytest.mark.parametrize(
    "stage",
    [
        *("winding_down", "locum", "between_posts", "requalifying", "on_leave", "career_break", "suspended"),
        *("returning", "left_clinical_work", "retired", "left_or_retired", "career_break_or_return"),
    ],
)
def test_a_student_meets_nobody_off_the_ladder_or_far_ahead(stage: str) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    student = {"profession": "medical_student", "stage": "student_clinical"}
    assert "student_rule" in pair_rules(a_person(**student), a_volunteer(stage=stage), now)


@pytest.mark.parametrize(
    "stage", ["locum", "between_posts", "requalifying", "on_leave", "career_break", "suspended", "returning"]
)
def test_who_may_be_in_training_is_sheltered_from_those_who_examine_or_license(stage: str) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    examiner = a_volunteer(evaluative_roles=[{"role": "examiner", "body": "college"}])
    assert "evaluative_role" in pair_rules(a_person(stage=stage, themes=["burnout"]), examiner, now)


@pytest.mark.parametrize(
    "theme", ["audit_billing_inquiry", "shamed_in_public", "whistle_blowing", "return_after_sanction", "public_shaming"]
)
def test_who_is_being_blamed_is_sheltered_too(theme: str) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    board = a_volunteer(evaluative_roles=[{"role": "board_or_college_staff_or_investigator", "body": "college"}])
    assert "evaluative_role" in pair_rules(a_person(stage="late_career", themes=[theme]), board, now)


def test_a_theme_about_a_suicide_is_told_only_to_those_who_are_trained_for_it() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    person = a_person(themes=["patient_suicide"])
    assert "restricted_theme" in pair_rules(person, a_volunteer(**lived("patient_suicide")), now)
    trained = a_volunteer(ready_for=["patient_suicide"], trained_for=["patient_suicide"])
    assert "restricted_theme" not in pair_rules(person, trained, now)
