"""Times of a week against a plain count, minute by minute, over every zone and every change of clocks."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.vocabulary import DAYS
from shared.vocabulary.times import AHEAD, DAY, NO_ZONES, Span, Week, next_days, shared, spans, too_short, week_of

Blocks = list[tuple[str, int, int]]

ZONES = sorted(available_timezones() - NO_ZONES)
TROUBLESOME = [
    "Africa/Casablanca",
    "America/New_York",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Etc/GMT+12",
    "Europe/Dublin",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
]
CHANGES = [date(2026, 10, 4), date(2026, 10, 25), date(2026, 11, 1), date(2027, 2, 7), date(2027, 3, 14)]
"""Days on which clocks change somewhere: Casablanca's before and after Ramadan, both hemispheres, both continents."""

STEP = 5
"""Minutes: no clock changes but on a multiple of them, so the oracle looks at the zone no more often."""

zones = st.one_of(st.sampled_from(ZONES), st.sampled_from(TROUBLESOME))
blocks = st.lists(
    st.tuples(st.sampled_from(DAYS), st.integers(0, DAY - 1), st.integers(1, 300)).map(
        lambda block: (block[0], block[1], min(DAY, block[1] + block[2]))
    ),
    min_size=1,
    max_size=8,
)
moments = st.one_of(
    st.builds(
        lambda day, minutes: datetime.combine(day, time(), UTC) + timedelta(minutes=minutes),
        st.sampled_from(CHANGES),
        st.integers(-15 * DAY, DAY),
    ),
    st.integers(0, 4 * 365 * DAY).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
)


def minutes_said(said: Blocks) -> set[int]:
    """Return the minutes of the week in any of the blocks, one by one."""
    return {DAYS.index(day) * DAY + minute for day, start, end in said for minute in range(start, end)}


def real_minutes(said: set[int], zone: str, now: datetime) -> set[int]:
    """Return the minutes (since 1970) of the next fourteen days at which the zone's clock shows one that was said."""
    first, found = int(now.timestamp() // 60), set()
    for at in range(first - first % STEP, first + AHEAD, STEP):
        wall = datetime.fromtimestamp(at * 60, ZoneInfo(zone))
        local = wall.weekday() * DAY + wall.hour * 60 + wall.minute
        found |= {at + step for step in range(STEP) if local + step in said}
    return {minute for minute in found if first <= minute < first + AHEAD}


def in_a_row(minutes: Iterable[int], least: int) -> list[Span]:
    """Return the stretches of so many minutes in a row, or more."""
    runs = (list(run) for _, run in groupby(enumerate(sorted(minutes)), lambda pair: pair[1] - pair[0]))
    return [(run[0][1], run[-1][1] + 1) for run in runs if len(run) >= least]


@settings(max_examples=40)
@given(blocks, zones, blocks, zones, moments)
def test_two_share_half_an_hour_where_a_count_by_the_minute_finds_it(
    mine: Blocks, zone: str, theirs: Blocks, other: str, now: datetime
) -> None:
    within = next_days(now)
    found = [spans(week_of(said), place, within) for said, place in ((mine, zone), (theirs, other))]
    counted = [real_minutes(minutes_said(said), place, now) for said, place in ((mine, zone), (theirs, other))]
    assert found == [in_a_row(minutes, 1) for minutes in counted]
    assert shared(*found) == in_a_row(counted[0] & counted[1], 30)


@given(blocks)
def test_a_block_is_too_short_if_no_half_an_hour_holds_it_that_others_may_go_on_with(said: Blocks) -> None:
    week = minutes_said(said)
    twice = in_a_row(week | {minute + 7 * DAY for minute in week}, 30)
    starts = [DAYS.index(day) * DAY + start for day, start, _ in said]
    held = [any(a <= start + turn < b for a, b in twice for turn in (0, 7 * DAY)) for start in starts]
    assert too_short(said) == [index for index, holds in enumerate(held) if not holds]


@pytest.mark.parametrize(
    ("said", "short"),
    [
        ([("mon", 1410, 1439)], [0]),
        ([("mon", 1410, 1440)], []),
        ([("mon", 1080, 1109), ("tue", 1080, 1110)], [0]),
        ([("mon", 1425, 1440), ("tue", 0, 15)], []),
        ([("sun", 1425, 1440), ("mon", 0, 15)], []),
        ([("sun", 1425, 1440), ("mon", 1, 20)], [0, 1]),
    ],
)
def test_what_goes_on_after_midnight_counts_as_one_stretch(said: Blocks, short: list[int]) -> None:
    assert too_short(said) == short


def test_a_block_past_midnight_runs_into_the_next_day_and_sunday_into_monday() -> None:
    assert week_of([("mon", 1380, 60)]) == week_of([("mon", 1380, 1440), ("tue", 0, 60)]) == ((1380, 1500),)
    assert week_of([("sun", 1380, 60)]) == week_of([("sun", 1380, 1440), ("mon", 0, 60)])


def test_a_week_without_a_gap_is_one_span() -> None:
    always: Week = week_of([(day, 0, DAY) for day in DAYS])
    within = next_days(datetime(2026, 10, 20, 12, 0, 1, tzinfo=UTC))
    assert within[0] * 60 == datetime(2026, 10, 20, 12, 1, tzinfo=UTC).timestamp()
    assert spans(always, "Europe/London", within) == [within]
