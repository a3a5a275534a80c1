"""Time as something that is passed in, so that no rule reads the wall clock by itself."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class SystemClock:
    """The clock of this machine. Deadlines are never judged by it: the owner's database does that (R7)."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def to_hour(moment: datetime) -> datetime:
    """Cut `moment` down to its full hour, which is all that a row about a person keeps."""
    return moment.replace(minute=0, second=0, microsecond=0)


def from_text(text: str) -> datetime:
    """Return the moment that RFC 3339 `text` names, in UTC; ValueError if it is none or names no zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment.astimezone(UTC)


def to_text(moment: datetime) -> str:
    """Return `moment` as RFC 3339 in UTC, to the second: `2026-11-22T12:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
