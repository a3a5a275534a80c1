"""Times of the week and waking hours, in the time zone of the person they belong to.

A week is 336 slots of half an hour, slot 0 starting on Monday at 00:00, packed into one int (bit = slot). Only slots
that a block covers whole are set, so two people who share a slot share real time. In zones whose offset is not a
multiple of half an hour the offset is rounded down; they then share at least 15 minutes of the slot.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from shared.vocabulary import DAYS

SLOT_MINUTES = 30
SLOTS = 7 * 24 * 60 // SLOT_MINUTES
WHOLE_WEEK = (1 << SLOTS) - 1
DAY_MINUTES = 24 * 60
DAYS_TO_LOOK = 3
"""A day on which the clock jumps over somebody's waking hours is followed by one on which it does not."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Rhythm:
    """When a volunteer can speak (`week`, local slots; 0 = not said) and is awake (minutes after local midnight).

    Waking hours that end at or before they start run past midnight; the same start and end mean always awake.
    """

    zone: str
    week: int
    wakes: int
    sleeps: int


def minutes_of(clock: str) -> int:
    """Return minutes after midnight of a time such as "18:30"; "24:00" is the day's end. Raises ValueError."""
    if clock == "24:00":
        return DAY_MINUTES
    at = time.fromisoformat(clock)
    return at.hour * 60 + at.minute


def week_of(blocks: Iterable[tuple[str, int, int]]) -> int:
    """Return the local slots of (day, from, to) blocks in minutes; ending before the start runs past midnight."""
    week = 0
    for day, start, end in blocks:
        first = -(-start // SLOT_MINUTES)
        last = (end if end > start else end + DAY_MINUTES) // SLOT_MINUTES
        if last > first:
            whole = ((1 << (last - first)) - 1) << first
            week |= turned(whole & WHOLE_WEEK | whole >> SLOTS, DAYS.index(day) * DAY_MINUTES // SLOT_MINUTES)
    return week


def turned(week: int, slots: int) -> int:
    """Return the week turned later by so many slots (earlier if negative), around its end."""
    by = slots % SLOTS
    return (week << by | week >> (SLOTS - by)) & WHOLE_WEEK


def offset_minutes(zone: tzinfo, now: datetime) -> int:
    """Return how many minutes the zone is ahead of UTC at `now`, daylight saving included."""
    return int((now.astimezone(zone).utcoffset() or timedelta()).total_seconds()) // 60


def utc_week(week: int, zone: str, now: datetime) -> int:
    """Return local slots as UTC slots, with the zone's offset at `now`."""
    return turned(week, -(offset_minutes(ZoneInfo(zone), now) // SLOT_MINUTES))


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
    minute = wall_minute(ZoneInfo(rhythm.zone), now)
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
    zone = ZoneInfo(rhythm.zone)
    day = start.astimezone(zone).date() - timedelta(days=1)
    while True:
        next_day = day + timedelta(days=1)
        begins = _instant(day, rhythm.wakes, zone)
        ends = _instant(day if rhythm.wakes < rhythm.sleeps else next_day, rhythm.sleeps, zone)
        if ends > max(start, begins):
            yield begins, ends
        day = next_day


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    on = day + timedelta(days=minutes // DAY_MINUTES)
    wall = datetime.combine(on, time(minutes % DAY_MINUTES // 60, minutes % 60))
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    # A time that spring leaves out is reached the moment the clock jumps over it.
    while (at - _MINUTE).astimezone(zone).replace(tzinfo=None) >= wall:
        at -= _MINUTE
    return at
