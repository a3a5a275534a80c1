"""Somebody asks at three in the morning, for today."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.people import circle_in
from tests.e2e.town import Town

BY_DAY: dict[str, Any] = {"waking_hours": ["08:00", "21:30"]}
LESS_ALIKE: dict[str, Any] = {"themes": [], "profession": "nurse"}


def where_it_is(hour: int) -> str:
    """Return a time zone in which it is now between `hour` and the hour after it."""
    ahead = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    # These names have their signs turned round: Etc/GMT-3 is three hours ahead.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def test_someone_who_is_awake_has_the_mail_at_once_though_the_best_is_asleep(town: Town) -> None:
    circle = circle_in(town, urgency="today", time_zone=where_it_is(3))
    asleep = circle.invite(time_zone=where_it_is(3), **BY_DAY)[0]
    awake = circle.invite(time_zone=where_it_is(12), **BY_DAY, **LESS_ALIKE)[0]
    began = datetime.now(UTC)
    circle.ask()
    assert circle.next_offer().to == awake.address
    # Far less than any pause before a next try, and enough for a machine that is busy with other things.
    assert datetime.now(UTC) - began < timedelta(seconds=30)
    town.wait_until_quiet()
    assert not [mail for mail in town.mailbox.messages(circle.seen) if asleep.address in mail["to"]]


def test_with_nobody_awake_the_page_names_the_hour_at_which_the_first_one_wakes(town: Town) -> None:
    night = where_it_is(3)
    circle = circle_in(town, urgency="today", time_zone=night)
    circle.invite(time_zone=night, **BY_DAY)
    person = circle.ask()

    def waits() -> dict[str, Any] | None:
        step: dict[str, Any] = person.look()["next_step"]
        return step if step["when"] else None

    step = town.wait("the matcher to have looked", waits)
    assert "awake and free at this hour" in step["text"]
    wakes = datetime.fromisoformat(step["when"]).astimezone(ZoneInfo(night))
    assert (wakes.hour, wakes.minute) == (8, 0)
    assert wakes - datetime.now(UTC) < timedelta(hours=6)
