"""How long a request waits for its turn when very many ask at once."""

from datetime import timedelta

import pytest

from services.intake.domain.flood import LONGEST_WAIT, wait_for_turn

NONE = timedelta()


@pytest.mark.parametrize(
    ("asked_before", "wait"),
    [(0, NONE), (59, NONE), (60, timedelta(minutes=1)), (61, timedelta(minutes=2)), (119, timedelta(hours=1))],
)
def test_those_above_the_limit_go_out_at_its_pace(asked_before: int, wait: timedelta) -> None:
    assert wait_for_turn(asked_before, 60) == wait


def test_nobody_waits_for_longer_than_a_day() -> None:
    assert wait_for_turn(1_000_000, 1) == LONGEST_WAIT == timedelta(days=1)


def test_without_a_limit_nobody_waits() -> None:
    assert wait_for_turn(1_000_000, 0) == NONE
