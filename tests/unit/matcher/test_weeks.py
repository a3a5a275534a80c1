"""Weeks, zones and waking hours, over daylight saving and past midnight."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matcher.domain.interning import Rhythms
from services.matcher.domain.weeks import (
    Rhythm,
    after_waking,
    bedtime,
    is_awake,
    is_awake_for,
    next_waking,
)
from shared.vocabulary import DAYS
from shared.vocabulary.times import SHORTEST, Week, next_days, shared, spans, week_of
from tests.unit.matcher.worlds import ZONES

SUMMER, WINTER = datetime(2026, 7, 6, 12, tzinfo=UTC), datetime(2026, 11, 23, 12, tzinfo=UTC)
LONDON = Rhythm("Europe/London", (), 8 * 60, 21 * 60 + 30)
NIGHTS = Rhythm("Europe/London", (), 20 * 60, 6 * 60)

rhythms = st.builds(Rhythm, st.sampled_from(ZONES), st.just(()), st.integers(0, 1439), st.integers(0, 1440))
instants = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: SUMMER + timedelta(minutes=minutes))


def utc(*at: int) -> datetime:
    return datetime(*at, tzinfo=UTC)  # type: ignore[arg-type,misc]


CHANGES = (utc(2027, 3, 14, 7), utc(2027, 3, 28, 1), utc(2027, 10, 31, 1), utc(2027, 11, 7, 6))
around_changes = st.builds(
    lambda at, minutes: at + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-240, 240)
)
random_weeks = st.lists(st.tuples(st.sampled_from(DAYS), st.integers(0, 1440), st.integers(0, 1440)), max_size=5).map(
    week_of
)


@settings(max_examples=50)
@given(
    random_weeks,
    st.sampled_from(ZONES),
    st.lists(st.tuples(random_weeks, st.sampled_from(ZONES)), min_size=1, max_size=8),
    st.lists(st.one_of(instants, around_changes), min_size=1, max_size=3),
)
def test_the_columns_count_the_shared_minutes_as_the_plain_rule_does(
    week: Week, zone: str, theirs: list[tuple[Week, str]], moments: list[datetime]
) -> None:
    numbered = Rhythms()
    for now in moments:
        numbers = [numbered.number(Rhythm(other, their, 0, 0)) for their, other in theirs]
        mine = spans(week, zone, next_days(now))
        counted = numbered.shared_minutes([span for span in mine if span[1] - span[0] >= SHORTEST], now)
        plainly = [
            sum(end - start for start, end in shared(mine, spans(their, other, next_days(now)))) if their else -1
            for their, other in theirs
        ]
        assert counted[numbers].tolist() == plainly
        # The next moment finds new rhythms beside those that are known already.
        theirs.append((week, zone))


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
        (Rhythm("Europe/London", (), 60, 60), 1, True),
    ],
)
def test_waking_hours_are_local_and_may_run_past_midnight(rhythm: Rhythm, hour: int, awake: bool) -> None:
    assert is_awake(rhythm, WINTER.replace(hour=hour)) is awake


def test_a_window_counts_only_waking_hours() -> None:
    evening = WINTER.replace(hour=20, minute=30)
    assert after_waking(LONDON, evening, timedelta(hours=1)) == WINTER.replace(hour=21, minute=30)
    assert after_waking(LONDON, evening, timedelta(hours=6)) == datetime(2026, 11, 24, 13, tzinfo=UTC)


def test_a_window_over_the_night_in_which_clocks_go_forward_is_one_hour_shorter_on_the_wall() -> None:
    always = Rhythm("Europe/London", (), 0, 0)
    start = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert after_waking(always, start, timedelta(hours=24)) == start + timedelta(hours=24)
    assert after_waking(LONDON, start.replace(hour=21), timedelta(hours=1)) == datetime(2027, 3, 28, 7, 30, tzinfo=UTC)


NEW_YORK = Rhythm("America/New_York", (), 8 * 60, 21 * 60 + 30)


@pytest.mark.parametrize(
    ("rhythm", "three_at_night", "eight_in_the_morning"),
    [
        # The night before each change, the night of it, and the night after.
        (LONDON, utc(2027, 3, 27, 3), utc(2027, 3, 27, 8)),
        (LONDON, utc(2027, 3, 28, 2), utc(2027, 3, 28, 7)),
        (LONDON, utc(2027, 3, 29, 2), utc(2027, 3, 29, 7)),
        (LONDON, utc(2027, 10, 30, 2), utc(2027, 10, 30, 7)),
        (LONDON, utc(2027, 10, 31, 3), utc(2027, 10, 31, 8)),
        (LONDON, utc(2027, 11, 1, 3), utc(2027, 11, 1, 8)),
        (NEW_YORK, utc(2027, 3, 13, 8), utc(2027, 3, 13, 13)),
        (NEW_YORK, utc(2027, 3, 14, 7), utc(2027, 3, 14, 12)),
        (NEW_YORK, utc(2027, 3, 15, 7), utc(2027, 3, 15, 12)),
        (NEW_YORK, utc(2027, 11, 6, 7), utc(2027, 11, 6, 12)),
        (NEW_YORK, utc(2027, 11, 7, 8), utc(2027, 11, 7, 13)),
        (NEW_YORK, utc(2027, 11, 8, 8), utc(2027, 11, 8, 13)),
    ],
)
def test_a_volunteer_asleep_at_three_wakes_at_eight_on_both_sides_of_a_change_of_clocks(
    rhythm: Rhythm, three_at_night: datetime, eight_in_the_morning: datetime
) -> None:
    assert not is_awake(rhythm, three_at_night)
    assert next_waking(rhythm, three_at_night) == eight_in_the_morning
    assert not is_awake(rhythm, eight_in_the_morning - timedelta(minutes=1))
    assert is_awake(rhythm, eight_in_the_morning)


@pytest.mark.parametrize(
    ("wakes", "changes", "instant"),
    [
        # 01:30 is left out in spring, when 01:00 becomes 02:00, and comes twice in autumn: then its first time counts.
        ((1, 30), utc(2027, 3, 28), utc(2027, 3, 28, 1)),
        ((1, 30), utc(2027, 10, 31), utc(2027, 10, 31, 0, 30)),
        ((2, 0), utc(2027, 10, 31), utc(2027, 10, 31, 2)),
    ],
)
def test_a_waking_time_that_is_left_out_or_comes_twice_comes_once(
    wakes: tuple[int, int], changes: datetime, instant: datetime
) -> None:
    early = Rhythm("Europe/London", (), wakes[0] * 60 + wakes[1], 12 * 60)
    assert next_waking(early, changes - timedelta(hours=2)) == instant
    woken = [is_awake(early, instant + timedelta(minutes=minutes)) for minutes in range(-60, 180)]
    assert woken == [False] * 60 + [True] * 180


early_rhythms = st.builds(
    Rhythm,
    st.sampled_from(["Europe/London", "America/New_York"]),
    st.just(()),
    st.integers(0, 240),
    st.integers(0, 240),
)


@given(st.one_of(rhythms, early_rhythms), st.one_of(instants, around_changes))
def test_only_those_asleep_have_a_waking_ahead(rhythm: Rhythm, now: datetime) -> None:
    assert is_awake(rhythm, now) == (next_waking(rhythm, now) == now)


HALF_AN_HOUR = timedelta(minutes=30)


@given(st.one_of(rhythms, early_rhythms), st.one_of(instants, around_changes))
def test_from_the_next_waking_on_a_volunteer_is_awake_for_as_long_as_is_asked_for(
    rhythm: Rhythm, now: datetime
) -> None:
    wakes = next_waking(rhythm, now, HALF_AN_HOUR)
    if wakes is not None:
        assert is_awake_for(rhythm, wakes, HALF_AN_HOUR)
        assert (wakes == now) == is_awake_for(rhythm, now, HALF_AN_HOUR)


def test_a_volunteer_about_to_go_to_bed_is_asked_in_the_morning_and_one_who_never_wakes_for_long_never_is() -> None:
    before_nine = WINTER.replace(hour=20, minute=59)
    assert next_waking(LONDON, before_nine, HALF_AN_HOUR) == before_nine
    tomorrow = datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert next_waking(LONDON, WINTER.replace(hour=21), HALF_AN_HOUR) == tomorrow
    assert next_waking(Rhythm("Europe/London", (), 60, 75), WINTER, HALF_AN_HOUR) is None
    assert bedtime(LONDON, WINTER.replace(hour=21)) == WINTER.replace(hour=21, minute=30)


@given(st.one_of(rhythms, early_rhythms), st.one_of(instants, around_changes))
def test_the_columns_know_who_is_awake_as_the_plain_rule_does(rhythm: Rhythm, now: datetime) -> None:
    numbered = Rhythms()
    numbered.number(rhythm)
    assert numbered.awake(now).tolist() == [is_awake(rhythm, now)]


@given(rhythms, instants, st.integers(0, 40))
def test_a_window_ends_no_earlier_than_its_length(rhythm: Rhythm, start: datetime, hours: int) -> None:
    window = timedelta(hours=hours)
    assert after_waking(rhythm, start, window) >= start + window


@given(rhythms, instants)
def test_the_next_waking_is_at_most_two_days_ahead(rhythm: Rhythm, now: datetime) -> None:
    wakes = next_waking(rhythm, now)
    assert wakes is not None
    assert wakes >= now
    assert wakes - now < timedelta(hours=49)
