"""When a volunteer is awake, in the time zone they live in, over every change of clocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from shared.vocabulary.times import DAY, Week, zone_of

DAYS_TO_LOOK = 3
"""A day on which the clock jumps over somebody's waking hours is followed by one on which it does not."""

SHORTEST_NIGHT = 30
"""Minutes. Nobody sleeps less: whose waking hours leave less is always awake."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Rhythm:
    """When a volunteer can speak (`week`; empty = not said) and is awake (minutes after local midnight).

    Waking hours that end at or before they start run past midnight; the same start and end mean always awake.
    """

    zone: str
    week: Week
    wakes: int
    sleeps: int

    @classmethod
    def of(cls, zone: str, week: Week, wakes: int, sleeps: int) -> "Rhythm":
        """Return the rhythm of somebody with these waking hours; those that leave hardly a night mean always."""
        night = (wakes - sleeps) % DAY
        return cls(zone, week, *((0, 0) if night < SHORTEST_NIGHT else (wakes, sleeps)))

    @property
    def always_awake(self) -> bool:
        return self.wakes == self.sleeps


def month_of(now: datetime) -> date:
    """Return the first day of the month that `now` lies in. Months turn at midnight in UTC, for everybody at once."""
    return now.astimezone(UTC).date().replace(day=1)


def wall_minute(zone: tzinfo, now: datetime) -> int:
    """Return the minutes after local midnight at `now`.

    In the hour that autumn repeats the clock stands still: a waking or a bedtime in it comes once.
    """
    at = now.astimezone(UTC)
    while (local := at.astimezone(zone)).fold:
        at -= _MINUTE
    return local.hour * 60 + local.minute


def is_awake(rhythm: Rhythm, now: datetime) -> bool:
    minute = wall_minute(zone_of(rhythm.zone), now)
    if rhythm.wakes < rhythm.sleeps:
        return rhythm.wakes <= minute < rhythm.sleeps
    return minute >= rhythm.wakes or minute < rhythm.sleeps


def is_awake_for(rhythm: Rhythm, now: datetime, span: timedelta) -> bool:
    """Say whether the volunteer is awake now and will still be after `span`, which is shorter than any night."""
    return is_awake(rhythm, now) and is_awake(rhythm, now + span)


def next_waking(rhythm: Rhythm, now: datetime, span: timedelta = timedelta()) -> datetime | None:
    """Return the next instant (UTC) from which the volunteer is awake for `span`; `now` itself if that is so.

    None if they are never awake for so long.
    """
    starts = (max(now, begins) for begins, _ in islice(_waking_spans(rhythm, now), DAYS_TO_LOOK))
    return next((at for at in starts if is_awake_for(rhythm, at, span)), None)


def bedtime(rhythm: Rhythm, now: datetime) -> datetime:
    """Return when (UTC) the waking hours end that `now` lies in, or else the next ones."""
    return next(_waking_spans(rhythm, now))[1]


def after_waking(rhythm: Rhythm, start: datetime, window: timedelta) -> datetime:
    """Return the instant (UTC) at which `window` of waking time has gone by since `start`."""
    left = window
    for begins, ends in _waking_spans(rhythm, start):
        begins_here = max(begins, start)
        if ends - begins_here >= left:
            return begins_here + left
        left -= ends - begins_here
    raise AssertionError("waking spans never end")


def _waking_spans(rhythm: Rhythm, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield every span of waking hours that ends after `start`, as UTC instants, in order, without end."""
    zone = zone_of(rhythm.zone)
    day = start.astimezone(zone).date() - timedelta(days=1)
    while True:
        next_day = day + timedelta(days=1)
        begins = _instant(day, rhythm.wakes, zone)
        ends = _instant(day if rhythm.wakes < rhythm.sleeps else next_day, rhythm.sleeps, zone)
        if ends > max(start, begins):
            yield begins, ends
        day = next_day


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    on = day + timedelta(days=minutes // DAY)
    wall = datetime.combine(on, time(minutes % DAY // 60, minutes % 60))
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    # A time that spring leaves out is reached the moment the clock jumps over it.
    while (at - _MINUTE).astimezone(zone).replace(tzinfo=None) >= wall:
        at -= _MINUTE
    return at
