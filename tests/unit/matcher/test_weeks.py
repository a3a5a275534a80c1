"""Weeks, zones and waking hours, over daylight saving and past midnight."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.weeks import (
    SLOTS,
    WHOLE_WEEK,
    Rhythm,
    after_waking,
    is_awake,
    next_waking,
    turned,
    utc_week,
    week_of,
)
from tests.unit.matcher.worlds import ZONES

SUMMER, WINTER = datetime(2026, 7, 6, 12, tzinfo=UTC), datetime(2026, 11, 23, 12, tzinfo=UTC)
LONDON = Rhythm("Europe/London", 0, 8 * 60, 21 * 60 + 30)
NIGHTS = Rhythm("Europe/London", 0, 20 * 60, 6 * 60)

rhythms = st.builds(Rhythm, st.sampled_from(ZONES), st.just(0), st.integers(0, 1439), st.integers(0, 1440))
instants = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: SUMMER + timedelta(minutes=minutes))


def test_only_whole_half_hours_count() -> None:
    assert week_of([("mon", 15, 75)]) == 0b10
    assert week_of([("mon", 5, 25)]) == 0


def test_a_block_past_midnight_runs_into_the_next_day_and_sunday_into_monday() -> None:
    assert week_of([("mon", 23 * 60, 60)]) == week_of([("mon", 23 * 60, 1440), ("tue", 0, 60)])
    assert week_of([("sun", 23 * 60, 60)]) == week_of([("sun", 23 * 60, 1440), ("mon", 0, 60)])


def test_a_week_is_seen_with_the_offset_of_the_season() -> None:
    evening = week_of([("mon", 18 * 60, 19 * 60)])
    assert utc_week(evening, "Europe/London", WINTER) == evening
    assert utc_week(evening, "Europe/London", SUMMER) == week_of([("mon", 17 * 60, 18 * 60)])
    assert utc_week(evening, "Asia/Kolkata", WINTER) == week_of([("mon", 12 * 60 + 30, 13 * 60 + 30)])


@given(st.integers(0, WHOLE_WEEK), st.integers(-SLOTS, SLOTS))
def test_turning_a_week_and_back_changes_nothing(week: int, by: int) -> None:
    assert turned(turned(week, by), -by) == week
    assert turned(week, by).bit_count() == week.bit_count()


@pytest.mark.parametrize(
    ("rhythm", "hour", "awake"),
    [
        (LONDON, 7, False),
        (LONDON, 8, True),
        (LONDON, 21, True),
        (LONDON, 22, False),
        (NIGHTS, 22, True),
        (NIGHTS, 5, True),
        (NIGHTS, 12, False),
        (Rhythm("Europe/London", 0, 60, 60), 1, True),
    ],
)
def test_waking_hours_are_local_and_may_run_past_midnight(rhythm: Rhythm, hour: int, awake: bool) -> None:
    assert is_awake(rhythm, WINTER.replace(hour=hour)) is awake


def test_a_window_counts_only_waking_hours() -> None:
    evening = WINTER.replace(hour=20, minute=30)
    assert after_waking(LONDON, evening, timedelta(hours=1)) == WINTER.replace(hour=21, minute=30)
    assert after_waking(LONDON, evening, timedelta(hours=6)) == datetime(2026, 11, 24, 13, tzinfo=UTC)


def test_a_window_over_the_night_in_which_clocks_go_forward_is_one_hour_shorter_on_the_wall() -> None:
    always = Rhythm("Europe/London", 0, 0, 0)
    start = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert after_waking(always, start, timedelta(hours=24)) == start + timedelta(hours=24)
    assert after_waking(LONDON, start.replace(hour=21), timedelta(hours=1)) == datetime(2027, 3, 28, 7, 30, tzinfo=UTC)


@given(rhythms, instants, st.integers(0, 40))
def test_a_window_ends_no_earlier_than_its_length(rhythm: Rhythm, start: datetime, hours: int) -> None:
    window = timedelta(hours=hours)
    assert after_waking(rhythm, start, window) >= start + window


@given(rhythms, instants)
def test_whoever_is_awake_wakes_now(rhythm: Rhythm, now: datetime) -> None:
    wakes = next_waking(rhythm, now)
    assert wakes >= now
    assert wakes - now < timedelta(hours=49)
