"""Times of a week as people say them, and the real minutes that they mean: the same rule for the matcher and the pages.

A `Week` is stretches (start, end) in minutes of somebody's own week: Monday 00:00 is 0, ends are exclusive, sorted and
apart. A `Span` is (start, end) in minutes since 1970 in UTC. A minute belongs to somebody's week if their clock shows
it then, by the offset of that very minute: a time that spring leaves out does not come, one that autumn repeats comes
twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from math import ceil
from zoneinfo import ZoneInfo

from shared.vocabulary.model import DAYS

Week = tuple[tuple[int, int], ...]
Span = tuple[int, int]

DAY = 24 * 60
WEEK = 7 * DAY
AHEAD = 14 * DAY
"""How far ahead times are compared, in minutes: far enough that each weekly time comes twice."""

SHORTEST = 30
"""Minutes in a row that two need to talk at all."""

NO_ZONES = frozenset({"Factory", "localtime"})
"""Names that open as a zone and say nothing of where somebody lives: not set up yet, and the server's own clock."""

_MONDAY = 3 * DAY
"""1970 began on a Thursday: so much later than a Monday."""


def minutes_of(clock: str) -> int:
    """Return minutes after midnight of a time such as "18:30"; "24:00" is the day's end. Raises ValueError."""
    if clock == "24:00":
        return DAY
    at = time.fromisoformat(clock)
    return at.hour * 60 + at.minute


def week_of(blocks: Iterable[tuple[str, int, int]]) -> Week:
    """Return the week of (day, from, to) blocks in minutes; one that ends before it starts runs past midnight."""
    pieces: list[tuple[int, int]] = []
    for day, start, end in blocks:
        begins = DAYS.index(day) * DAY + start
        ends = begins - start + (end if end > start else end + DAY)
        # What runs past the end of the week is its beginning.
        pieces += [(begins, min(ends, WEEK)), (0, ends - WEEK)]
    return tuple(_joined(sorted(piece for piece in pieces if piece[0] < piece[1])))


def too_short(blocks: Sequence[tuple[str, int, int]]) -> list[int]:
    """Return the indices of the blocks that hold, with those that adjoin them, fewer minutes in a row than SHORTEST."""
    week = week_of(blocks)
    # Over the end of the week a stretch goes on at its beginning.
    round_about = _joined([*week, *((start + WEEK, end + WEEK) for start, end in week)])
    long = [(start, end) for start, end in round_about if end - start >= SHORTEST]

    def holds(minute: int) -> bool:
        return any(start <= at < end for start, end in long for at in (minute, minute + WEEK))

    return [index for index, (day, start, _) in enumerate(blocks) if not holds(DAYS.index(day) * DAY + start)]


def next_days(now: datetime) -> Span:
    """Return the span of AHEAD from the first whole minute at or after `now`."""
    begins = ceil(now.timestamp() / 60)
    return begins, begins + AHEAD


def spans(week: Week, zone: str, within: Span) -> list[Span]:
    """Return the real time of a week in a zone (IANA) within a span of at most AHEAD: spans in order and apart."""
    found: list[Span] = []
    for first, last, ahead in _offsets(zone, within[0] // DAY):
        begins, ends = max(first, within[0]), min(last, within[1])
        monday = (begins + ahead + _MONDAY) // WEEK * WEEK - _MONDAY - ahead
        for start in range(monday, ends, WEEK):
            found += [(max(begins, start + a), min(ends, start + b)) for a, b in week]
    return _joined(span for span in found if span[0] < span[1])


def shared(mine: Iterable[Span], theirs: Iterable[Span]) -> list[Span]:
    """Return what both hold, where it is SHORTEST in a row or more; both are spans in order and apart."""
    found, left, right = [], list(mine)[::-1], list(theirs)[::-1]
    while left and right:
        begins, ends = max(left[-1][0], right[-1][0]), min(left[-1][1], right[-1][1])
        if ends - begins >= SHORTEST:
            found.append((begins, ends))
        (left if left[-1][1] < right[-1][1] else right).pop()
    return found


def zone_of(name: str) -> ZoneInfo:
    """Return a zone by its IANA name; what was once taken and says nothing (NO_ZONES) is UTC. Raises for no zone.

    Errors: ValueError, OSError or LookupError, as ZoneInfo's.
    """
    return ZoneInfo("UTC" if name in NO_ZONES else name)


def _joined(pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted pieces with those made one that overlap or adjoin."""
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@lru_cache(maxsize=4096)
def _offsets(zone: str, day: int) -> tuple[tuple[int, int, int], ...]:
    """Return (from, to, minutes ahead of UTC) over AHEAD and a day from the beginning of `day` (since 1970, in UTC)."""
    clock = zone_of(zone)
    # No zone changes its clock twice within a day, so a day whose ends agree holds no change.
    looks = range(day * DAY, day * DAY + AHEAD + DAY + 1, DAY)
    changes = (_change(clock, *pair) for pair in pairwise(looks) if _ahead(clock, pair[0]) != _ahead(clock, pair[1]))
    edges = [looks[0], *changes, looks[-1]]
    return tuple((begins, ends, _ahead(clock, begins)) for begins, ends in pairwise(edges))


def _change(clock: tzinfo, before: int, after: int) -> int:
    """Return the first minute after `before` at which the offset is another."""
    old = _ahead(clock, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _ahead(clock, middle) == old else (before, middle)
    return after


def _ahead(clock: tzinfo, minute: int) -> int:
    offset = datetime.fromtimestamp(minute * 60, clock).utcoffset() or timedelta()
    return int(offset.total_seconds()) // 60
