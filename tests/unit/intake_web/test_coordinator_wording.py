"""What the coordinator reads about a request that waits."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain.flood import MANY_AT_ONCE
from services.intake.domain.volunteers import VolunteerState
from services.intake.texts import texts
from services.intake.texts.saying import ago
from services.matcher.domain import hard_rules
from tests.unit.intake_web.coordinator_samples import RULES
from tests.unit.intake_web.drawn import pages

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_every_rule_that_can_leave_nobody_has_plain_words_and_one_suggestion() -> None:
    assert set(RULES) == {hard_rules.why(code) for code in hard_rules.ORDER} | {MANY_AT_ONCE}
    for each in (*RULES, "unnamed"):
        for part in ("why", "suggestion"):
            said = texts().say(f"coordinator.rules.{each}.{part}")
            assert said.endswith(".")
            assert "_" not in said


def test_a_rule_without_words_of_its_own_is_still_said() -> None:
    assert "The search says: new rule." in pages()["coordinator full"]
    assert "The search has not said why." in pages()["coordinator full"]


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(minutes=-5), "less than an hour ago"),
        (timedelta(minutes=59), "less than an hour ago"),
        (timedelta(hours=1), "an hour ago"),
        (timedelta(hours=47), "47 hours ago"),
        (timedelta(hours=48), "2 days ago"),
        (timedelta(days=9, hours=23), "9 days ago"),
    ],
)
def test_an_age_is_said_in_words(age: timedelta, said: str) -> None:
    assert ago(NOW - age, NOW) == said


def test_every_state_of_a_volunteer_has_a_word() -> None:
    for state in VolunteerState:
        assert texts().say(f"coordinator.states.{state}")
