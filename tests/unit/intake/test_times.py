"""A time that somebody types is read by the clock of their own place, also on the two odd nights of a year."""

from datetime import UTC, datetime

import pytest

from services.intake.domain.times import moment_at


@pytest.mark.parametrize(
    ("wall", "zone", "moment"),
    [
        ("2026-11-26T18:30", "Europe/London", datetime(2026, 11, 26, 18, 30, tzinfo=UTC)),
        ("2026-11-26T18:30", "Asia/Kathmandu", datetime(2026, 11, 26, 12, 45, tzinfo=UTC)),
        ("2026-07-26 18:30", "Europe/London", datetime(2026, 7, 26, 17, 30, tzinfo=UTC)),
        ("2026-07-26T18:30:59", "UTC", datetime(2026, 7, 26, 18, 30, tzinfo=UTC)),
    ],
)
def test_a_day_and_a_time_are_read_by_the_clock_of_a_place(wall: str, zone: str, moment: datetime) -> None:
    assert moment_at(wall, zone) == moment
    assert moment_at(wall, zone).tzinfo is UTC


def test_a_time_that_spring_leaves_out_is_said_an_hour_later() -> None:
    assert moment_at("2027-03-28T02:30", "Europe/Berlin") == moment_at("2027-03-28T03:30", "Europe/Berlin")


def test_a_time_that_autumn_repeats_is_the_first_of_the_two() -> None:
    assert moment_at("2027-10-31T02:30", "Europe/Berlin") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "wall",
    [
        *("", "x", "tomorrow", "2026-11-26", "18:30", "2026-02-30T10:00", "2026-11-26T24:10"),
        *("2026-11-26T18:30Z", "2026-11-26T18:30+01:00", "0000-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59"),
    ],
)
def test_what_is_no_day_and_time_of_a_place_is_refused(wall: str) -> None:
    west, east = "America/Los_Angeles", "Asia/Tokyo"
    with pytest.raises(ValueError, match=r"day and time|calendars"):
        moment_at(wall, east if wall.startswith("0001") else west)
