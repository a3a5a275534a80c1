"""Who is asked when people say when they are free, where they live and what they speak: HTTP in, who is asked out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.vault.purposes import Purpose
from shared.vault.vault import SealedItem
from tests.integration.intake.doors import Doors
from tests.integration.intake.world import bearer
from tests.support.people import Said, a_request, an_application

WINTER = datetime(2026, 11, 30, 12, tzinfo=UTC)
"""A Monday noon, with no change of clocks near."""


def free(*times: str, zone: str = "Europe/London", **said: Any) -> Said:
    """Return what somebody says who is free at times such as `mon 18:00-21:00`."""
    blocks = [{"day": day, "from": hours[:5], "to": hours[6:]} for day, hours in (each.split(" ", 1) for each in times)]
    return {"availability": blocks, "time_zone": zone, **said}


def asked_at(doors: Doors, now: datetime, person: Said, volunteer: Said) -> bool:
    return bool(doors.who_is_asked(person, {repr(volunteer): volunteer}, at=now))


@pytest.mark.parametrize(
    ("person", "volunteer", "asked"),
    [
        (free("mon 18:10-18:50"), free("mon 18:15-18:50"), True),
        (free("mon 18:10-18:50"), free("mon 18:21-19:00"), False),
        (free("mon 18:10-18:50"), free("tue 18:10-18:50"), False),
        (free("mon 23:30-24:00"), free("mon 23:30-24:00"), True),
        (free("mon 23:40-24:00", "tue 00:00-00:20"), free("mon 23:45-24:00", "tue 00:00-00:30"), True),
        (free("sun 23:45-24:00", "mon 00:00-00:15"), free("sun 23:00-24:00", "mon 00:00-02:00"), True),
        (free("sun 23:45-24:00", "mon 00:00-00:15"), free("mon 00:00-02:00"), False),
        (free("mon 18:00-18:30"), free("mon 23:45-24:00", "tue 00:00-00:15", zone="Asia/Kathmandu"), True),
        (free("mon 18:00-18:30"), free("mon 23:30-24:00", zone="Asia/Kolkata"), True),
        (free("mon 10:00-10:30", zone="Etc/GMT+12"), free("wed 00:00-00:30", zone="Etc/GMT-14"), False),
        (free("mon 10:00-10:30", zone="Etc/GMT+12"), free("tue 12:00-12:30", zone="Pacific/Kiritimati"), True),
        (free("mon 18:00-19:00"), free(), True),
        (free(), free("mon 18:00-19:00"), True),
    ],
)
def test_two_who_share_half_an_hour_in_a_row_are_brought_together(
    doors: Doors, person: Said, volunteer: Said, asked: bool
) -> None:
    assert asked_at(doors, WINTER, person, volunteer) is asked


@pytest.mark.parametrize(
    ("changes", "person", "volunteer", "before", "after"),
    [
        # Six in the evening in London is an hour later for Johannesburg from the end of October on.
        (
            datetime(2026, 10, 25, 1, tzinfo=UTC),
            free("wed 18:00-19:00"),
            free("wed 19:00-20:00", zone="Africa/Johannesburg"),
            True,
            False,
        ),
        # Lord Howe moves by half an hour, on the 4th of October.
        (
            datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
            free("wed 18:00-18:30", zone="Australia/Lord_Howe"),
            free("wed 17:00-17:30", zone="Australia/Brisbane"),
            False,
            True,
        ),
        # Casablanca goes back for Ramadan.
        (
            datetime(2027, 2, 7, 2, tzinfo=UTC),
            free("wed 18:00-19:00", zone="Africa/Casablanca"),
            free("wed 18:00-19:00", zone="Africa/Abidjan"),
            False,
            True,
        ),
    ],
)
def test_the_clocks_of_the_next_fourteen_days_decide_and_not_todays(
    doors: Doors, changes: datetime, person: Said, volunteer: Said, before: bool, after: bool
) -> None:
    fortnight = timedelta(days=14)
    assert asked_at(doors, changes - fortnight - timedelta(days=1), person, volunteer) is before
    assert asked_at(doors, changes + timedelta(days=1), person, volunteer) is after
    # While both clocks still come within the next days, so does the time that they share.
    assert asked_at(doors, changes - timedelta(days=7), person, volunteer)


@pytest.mark.parametrize(
    ("mine", "theirs", "asked"),
    [
        ("deu", "de", True),
        ("DE-at", "de-CH", True),
        ("nb", "no", True),
        ("nn", "nb", True),
        ("fil", "tl", True),
        ("cmn", "zh-Hant", True),
        ("iw", "he", True),
        ("sr", "hr", False),
        ("yue", "zh", False),
    ],
)
def test_a_language_is_one_whatever_its_code(doors: Doors, mine: str, theirs: str, asked: bool) -> None:
    assert doors.is_offered({"languages": [mine]}, {"languages": [theirs]}) is asked


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (free("mon 23:30-23:59"), "availability.0.to"),
        (free("mon 08:00-09:00", "tue 18:00-18:29"), "availability.1.to"),
        (free("mon 24:00-24:00"), "availability.0.from"),
        (free("mon 22:00-02:00"), "availability.0.to"),
        ({"time_zone": "localtime"}, "time_zone"),
        ({"time_zone": "Factory"}, "time_zone"),
        ({"time_zone": "posixrules"}, "time_zone"),
        ({"time_zone": "right/Europe/London"}, "time_zone"),
        ({"languages": ["en", "xx"]}, "languages.1"),
        ({"languages": ["deu", "de"]}, "languages"),
    ],
)
def test_what_no_time_zone_or_language_is_meant_by_is_refused_by_name(doors: Doors, said: Said, field: str) -> None:
    for path, form in (("requests", a_request(**said)), ("volunteers", an_application(**said))):
        answer = doors.world.post(f"/api/v1/{path}", json=form)
        assert (answer.status_code, [each["field"] for each in answer.json["errors"]]) == (422, [field])


def change(doors: Doors, **said: Any) -> list[str]:
    """Change what the volunteer `short` said; return the fields that were refused."""
    answer = doors.world.client.patch("/api/v1/volunteer", json=said, headers=bearer(doors.keys["short"]))
    return [each["field"] for each in (answer.json or {}).get("errors", [])]


def test_waking_hours_that_are_chosen_are_eight_or_more_and_the_same_time_twice_means_always(doors: Doors) -> None:
    refused = doors.world.post("/api/v1/volunteers", json=an_application(waking_hours=["09:00", "16:59"]))
    assert (refused.status_code, [each["field"] for each in refused.json["errors"]]) == (422, ["waking_hours"])
    doors.apply("short", waking_hours=["23:00", "07:00"])
    for hours in (["09:00", "09:01"], ["20:00", "03:59"]):
        assert change(doors, waking_hours=hours) == ["waking_hours"]
    assert change(doors, waking_hours=["24:00", "09:00"]) == ["waking_hours.0"]
    for hours in (["08:00", "08:00"], ["00:00", "24:00"], ["16:00", "24:00"]):
        assert change(doors, waking_hours=hours) == []


def test_shorter_waking_hours_from_before_stay_until_they_are_changed(doors: Doors) -> None:
    doors.apply("short", waking_hours=["23:00", "07:00"])
    [row] = doors.world.rows(f"SELECT profile FROM volunteers WHERE ref = '{doors.refs['short']}'")
    item = SealedItem(row["profile"], doors.refs["short"], Purpose.VOLUNTEER_PROFILE)
    look = doors.world.intake.vault.look([item])
    old = look.reseal(item, {**look.open(item), "waking_hours": ["09:00", "09:01"]})
    doors.world.rows(f"UPDATE volunteers SET profile = '{old}' WHERE ref = '{doors.refs['short']}' RETURNING ref")
    assert change(doors, waking_hours=["09:00", "09:01"], modalities=["phone"]) == []
    assert change(doors, waking_hours=["09:00", "09:02"]) == ["waking_hours"]
    assert "short" in doors.asked_for(urgency="days")


def test_for_today_those_who_are_always_awake_are_asked_at_any_hour(doors: Doors) -> None:
    volunteers = {
        "always": {"waking_hours": ["08:00", "08:00"]},
        "all day": {"waking_hours": ["00:00", "24:00"]},
        "by day": {"waking_hours": ["08:00", "22:00"]},
    }
    noon, night = (datetime(2026, 11, 30, hour, 50, tzinfo=UTC) for hour in (12, 7))
    assert doors.who_is_asked({"urgency": "today"}, volunteers, at=noon) == {"always", "all day", "by day"}
    assert doors.who_is_asked({"urgency": "today"}, volunteers, at=night) == {"always", "all day"}
