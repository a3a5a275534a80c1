"""Windows, retries and lateness."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.lifecycle import OfferState
from services.matcher.domain.timing import (
    Late,
    awake_for,
    check_in_after,
    cool_until,
    late_next,
    lateness,
    next_try_at,
    offer_times,
    retry_pause,
    sign_asked_again_after,
)
from services.matcher.domain.weeks import Rhythm, is_awake_for
from tests.unit.matcher.worlds import NOW, ZONES, a_volunteer

HALF_AN_HOUR = timedelta(minutes=30)

LONDON = Rhythm("Europe/London", (), 8 * 60, 21 * 60 + 30)


def test_an_offer_is_nudged_half_way_and_closes_two_minutes_after_the_time_shown() -> None:
    times = offer_times(NOW, "days", LONDON)
    assert times.nudge_at == NOW + timedelta(hours=3)
    assert times.expires_at == NOW + timedelta(hours=6)
    assert times.closes_at == NOW + timedelta(hours=6, minutes=2)


def test_a_window_sleeps_with_the_volunteer() -> None:
    times = offer_times(NOW.replace(hour=18), "days", LONDON)
    assert times.expires_at == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


NEW_YORK = Rhythm("America/New_York", (), 8 * 60, 21 * 60 + 30)


@pytest.mark.parametrize(
    ("rhythm", "made_at", "shown"),
    [
        # Made at 20:30 with six hours of waking time: one is left that evening, five from eight o'clock on.
        (LONDON, datetime(2027, 3, 27, 20, 30, tzinfo=UTC), datetime(2027, 3, 28, 12, tzinfo=UTC)),
        (LONDON, datetime(2027, 10, 30, 19, 30, tzinfo=UTC), datetime(2027, 10, 31, 13, tzinfo=UTC)),
        (NEW_YORK, datetime(2027, 3, 14, 1, 30, tzinfo=UTC), datetime(2027, 3, 14, 17, tzinfo=UTC)),
        (NEW_YORK, datetime(2027, 11, 7, 0, 30, tzinfo=UTC), datetime(2027, 11, 7, 18, tzinfo=UTC)),
    ],
)
def test_a_window_over_the_night_of_a_change_of_clocks_ends_at_one_by_the_volunteers_clock(
    rhythm: Rhythm, made_at: datetime, shown: datetime
) -> None:
    assert offer_times(made_at, "days", rhythm).expires_at == shown


def test_for_today_a_window_that_reaches_into_the_night_ends_at_bedtime() -> None:
    evening = NOW.replace(hour=21)
    assert offer_times(evening, "today", LONDON).expires_at == NOW.replace(hour=21, minute=30)
    assert offer_times(NOW, "today", LONDON).expires_at == NOW + timedelta(hours=1)
    assert (awake_for("today"), awake_for("days")) == (timedelta(minutes=30), None)


@pytest.mark.parametrize("hours", [("08:00", "08:00"), ("00:00", "24:00"), ("00:00", "23:59"), ("23:00", "23:00")])
def test_for_today_somebody_always_awake_has_the_whole_window_at_any_hour(hours: tuple[str, str]) -> None:
    always = a_volunteer(time_zone="Europe/London", waking_hours=hours).rhythm
    for hour in range(24):
        made_at = NOW.replace(hour=hour, minute=50)
        assert is_awake_for(always, made_at, HALF_AN_HOUR)
        assert offer_times(made_at, "today", always).expires_at == made_at + timedelta(hours=1)


def test_one_who_is_awake_for_a_minute_a_day_holds_a_request_for_a_week_and_is_nudged_in_that_minute() -> None:
    one_minute = a_volunteer(time_zone="Europe/London", waking_hours=["09:00", "09:01"]).rhythm
    times = offer_times(NOW, "no_hurry", one_minute)
    assert times.expires_at == NOW + timedelta(days=7)
    assert times.nudge_at == datetime(2026, 11, 27, 9, tzinfo=UTC)


@given(
    st.sampled_from(["today", "days", "no_hurry"]),
    st.builds(Rhythm.of, st.sampled_from(ZONES), st.just(()), st.integers(0, 24 * 60 - 1), st.integers(0, 24 * 60)),
    st.integers(0, 365 * 24 * 60),
)
def test_no_window_is_longer_than_a_week_and_each_is_nudged_before_it_ends(
    urgency: str, rhythm: Rhythm, minutes: int
) -> None:
    made_at = NOW + timedelta(minutes=minutes)
    times = offer_times(made_at, urgency, rhythm)
    assert made_at < times.expires_at <= made_at + timedelta(days=7)
    if awake_for(urgency) is None:
        assert made_at < times.nudge_at < times.expires_at


def test_a_request_that_is_late_already_becomes_late_once_more_and_then_never() -> None:
    moments = [late_next(NOW, "days", NOW + timedelta(hours=hours)) for hours in (0, 12, 72)]
    assert moments == [NOW + timedelta(hours=12), NOW + timedelta(hours=72), None]


def test_both_are_asked_how_it_goes_three_and_fourteen_days_after_the_introduction() -> None:
    assert [check_in_after(done) for done in range(3)] == [timedelta(days=3), timedelta(days=11), None]


def test_a_sign_of_life_is_asked_for_twice_where_there_never_was_one_and_else_once() -> None:
    assert [sign_asked_again_after(asked, any_sign=False) for asked in (1, 2)] == [timedelta(days=20), None]
    assert sign_asked_again_after(1, any_sign=True) is None


def test_a_volunteer_rests_a_day_after_an_ignored_offer_and_not_after_a_declined_one() -> None:
    assert cool_until(OfferState.EXPIRED, NOW) == NOW + timedelta(hours=24)
    assert cool_until(OfferState.DECLINED, NOW) is None
    assert cool_until(OfferState.SUPERSEDED, NOW) is None


@pytest.mark.parametrize(
    ("urgency", "hours", "late"),
    [
        ("days", 11.9, Late.NO),
        ("days", 12, Late.ALARM),
        ("today", 3.9, Late.NO),
        ("today", 4, Late.ALARM),
        ("today", 72, Late.SILENT_LIMIT),
        ("no_hurry", 72, Late.SILENT_LIMIT),
    ],
)
def test_a_request_is_late_after_its_limits(urgency: str, hours: float, late: Late) -> None:
    assert lateness(timedelta(hours=hours), urgency) is late


def test_tries_are_spaced_from_five_minutes_to_an_hour() -> None:
    minutes = [retry_pause(tries) / timedelta(minutes=1) for tries in (1, 2, 3, 4, 5, 9, 10_000)]
    assert minutes == [5, 10, 20, 40, 60, 60, 60]


def test_the_next_try_is_not_later_than_the_alarm_or_the_first_to_wake() -> None:
    since = NOW - timedelta(hours=11, minutes=50)
    assert next_try_at(NOW, waiting_since=since, tries=9, urgency="days") == NOW + timedelta(minutes=10)
    wakes = NOW + timedelta(minutes=3)
    found = next_try_at(NOW, waiting_since=NOW, tries=9, urgency="today", somebody_wakes_at=wakes)
    assert found == wakes


@given(st.integers(0, 200), st.integers(1, 500), st.sampled_from(["today", "days"]))
def test_the_next_try_lies_ahead_and_within_the_hour(hours: int, tries: int, urgency: str) -> None:
    at = next_try_at(NOW, waiting_since=NOW - timedelta(hours=hours), tries=tries, urgency=urgency)
    assert timedelta() < at - NOW <= timedelta(hours=1)
