"""Windows, retries and lateness."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.lifecycle import OfferState
from services.matcher.domain.timing import Late, cool_until, lateness, next_try_at, offer_times, retry_pause
from services.matcher.domain.weeks import Rhythm
from tests.unit.matcher.worlds import NOW

LONDON = Rhythm("Europe/London", 0, 8 * 60, 21 * 60 + 30)


def test_an_offer_is_nudged_half_way_and_closes_two_minutes_after_the_time_shown() -> None:
    times = offer_times(NOW, "days", LONDON)
    assert times.nudge_at == NOW + timedelta(hours=3)
    assert times.expires_at == NOW + timedelta(hours=6)
    assert times.closes_at == NOW + timedelta(hours=6, minutes=2)


def test_a_window_sleeps_with_the_volunteer() -> None:
    times = offer_times(NOW.replace(hour=18), "days", LONDON)
    assert times.expires_at == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def test_whoever_ignored_an_offer_rests_a_day_and_whoever_declined_does_not() -> None:
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
