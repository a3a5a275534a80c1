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
    queued = max(NONE, (asked_before - 60) * timedelta(minutes=1))
    assert wait_for_turn(asked_before, 60, queued, 0.5) == wait


def test_someone_who_asks_while_others_wait_queues_behind_them_in_a_new_hour_too() -> None:
    assert wait_for_turn(0, 60, timedelta(hours=3), 0.5) == timedelta(hours=3, minutes=1)


def test_nobody_waits_for_longer_than_a_day_and_a_longer_queue_is_spread_over_it() -> None:
    waits = [wait_for_turn(1_000_000, 1, timedelta(hours=24), hour / 24) for hour in range(24)]
    assert waits == [timedelta(hours=hour) for hour in range(24)]
    assert timedelta(days=1) == LONGEST_WAIT


def test_without_a_limit_nobody_waits() -> None:
    assert wait_for_turn(1_000_000, 0, timedelta(hours=5), 0.5) == NONE
