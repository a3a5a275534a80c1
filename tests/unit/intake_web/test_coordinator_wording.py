"""What the coordinator reads about a request that waits."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain.flood import MANY_AT_ONCE
from services.intake.domain.volunteers import VolunteerState
from services.intake.web.coordinator_wording import RULES, STATES, UNNAMED, ago, rule
from services.matcher.domain import hard_rules

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_every_rule_that_can_leave_nobody_has_plain_words_and_one_suggestion() -> None:
    assert set(RULES) == {hard_rules.why(code) for code in hard_rules.ORDER} | {MANY_AT_ONCE}
    for each in (*RULES.values(), UNNAMED):
        assert each.why.endswith(".")
        assert each.suggestion.endswith(".")
        assert "_" not in each.why + each.suggestion


def test_a_rule_without_words_of_its_own_is_still_said() -> None:
    assert rule("new_rule").why == "The search says: new rule."
    assert rule(None) is UNNAMED


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
    assert set(STATES) == set(VolunteerState)
