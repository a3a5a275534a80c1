"""What is known as codes and moments, in words: the same on pages and in the API."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date, format_skeleton, format_time, get_day_names

from services.intake.domain.faults import Fault
from services.intake.texts import texts
from shared.vocabulary import DAYS
from shared.vocabulary.times import zone_of


def next_step_said(codes: Sequence[str]) -> str:
    """Return what comes next for a request, e.g. of `("waiting", "late")`."""
    return " ".join(texts().say(f"request.next_step.{code}") for code in codes)


def why_said(reasons: Sequence[str]) -> str:
    """Return why this peer, in one sentence, e.g. `This peer works in your care area and has your profession.`"""
    return texts().say("request.peer.why", reasons=texts().listed("request.peer.reasons", reasons))


def themes_said(card: Mapping[str, Any]) -> list[str]:
    """Return what a card is about; a restricted theme is never named on it."""
    return [*card["themes"], *([texts().say("page.card.ready_for")] if card["ready_for"] else [])]


def times_said(card: Mapping[str, Any]) -> list[str]:
    """Return the times on a card, each as `Monday 18:00-21:00`."""
    return [
        texts().say("page.card.time", day=weekday(each["day"]), begins=each["from"], ends=each["to"])
        for each in card["times"]
    ]


def fault_said(fault: Fault) -> str:
    """Return what is wrong with a value, as the API says it."""
    return texts().say(f"fault.{fault}", **fault.params)


def fault_on_page(fault: Fault) -> str:
    """Return what is wrong with a value, in words for a person."""
    own = f"fault.page.{fault}"
    return texts().say_some(own, fault.params) if own in texts() else fault_said(fault)


def weekday(slug: str) -> str:
    """Return the name of a day of the week, e.g. `Monday` for `mon`."""
    return str(get_day_names("wide", locale=texts().locale)[DAYS.index(slug)])


def day(moment: datetime | date) -> str:
    """Return a day as `22 November 2026`."""
    return format_date(moment, "long", texts().locale)


def when(moment: datetime, zone: str = "UTC") -> str:
    """Return a moment as the clock of `zone` (IANA) shows it, e.g. `Sunday 22 November, 15:00 (Paris time)`.

    Where there is a script, it says the same by the reader's own clock.
    """
    there, locale = moment.astimezone(zone_of(zone)), texts().locale
    named = format_skeleton("MMMMEEEEd", there, there.tzinfo, locale=locale)
    hour = format_time(there, "short", there.tzinfo, locale)
    return texts().say("page.clock.moment", day=named, time=hour, clock=clock(zone))


def clock(zone: str) -> str:
    """Return the name of a time zone (IANA) as people say it, e.g. `Paris time`.

    It keeps the city that the person chose: Babel would name another of the same clock, Toronto for Montreal.
    """
    place = zone.rpartition("/")[2].replace("_", " ")
    return texts().say("page.clock.place", place=place) if "/" in zone else place


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in words, by the full hour or day."""
    hours = (now - moment) // timedelta(hours=1)
    if hours < 1:
        return texts().say("coordinator.ago.moments")
    if hours < 48:
        return texts().count("coordinator.ago.hours", hours)
    return texts().count("coordinator.ago.days", hours // 24)
