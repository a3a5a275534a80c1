"""Times, read in one time zone and said in another."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta

from shared.vocabulary import DAYS
from shared.vocabulary.times import DAY, Span, minutes_of, next_days, shared, spans, week_of, zone_of

Block = Mapping[str, str]
"""A weekly block {day, from, to}."""


def shared_times(mine: Iterable[Block], zone: str, theirs: Iterable[Block], other: str, now: datetime) -> list[Block]:
    """Return the blocks that `mine` (in `zone`) and `theirs` (in `other`) share, as the clock of `other` shows them.

    They are those of the matcher: real time of the next days, long enough to talk. Without `theirs` all of `mine` is
    shared. A block that crosses midnight keeps its first day.
    """
    within = next_days(now)
    said, others = _spans(mine, zone, within), _spans(theirs, other, within)
    pieces = {piece for span in shared(said, others or [within]) for piece in _weekly(span, other)}
    # What the two weeks begin and end with may be a part of a time that lies whole within them.
    whole = [(a, b) for a, b in sorted(pieces) if not any(c <= a and b <= d for c, d in pieces - {(a, b)})]
    return [{"day": DAYS[a // DAY], "from": _clock(a % DAY), "to": _clock((b - 1) % DAY + 1)} for a, b in whole]


def _spans(blocks: Iterable[Block], zone: str, within: Span) -> list[Span]:
    week = week_of((block["day"], minutes_of(block["from"]), minutes_of(block["to"])) for block in blocks)
    return spans(week, zone, within)


def _weekly(span: Span, zone: str) -> Iterator[tuple[int, int]]:
    """Yield a span in minutes from Monday 00:00 by the zone's clock, in days if it is as long as one."""
    begins, ends = (datetime.fromtimestamp(edge * 60, zone_of(zone)).replace(tzinfo=None) for edge in span)
    is_long = ends - begins >= timedelta(days=1)
    while begins < ends:
        piece_ends = min(ends, datetime.combine(begins.date() + timedelta(days=1), time())) if is_long else ends
        start = begins.weekday() * DAY + begins.hour * 60 + begins.minute
        yield start, start + (piece_ends - begins) // timedelta(minutes=1)
        begins = piece_ends


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def moment_at(wall: str, zone: str) -> datetime:
    """Return, in UTC, the moment at which the clocks of `zone` (IANA) show `wall`, e.g. `2026-11-26T18:30`.

    A time that clocks show twice when summer time ends is the first of the two; one that they leave out when it begins
    is read by the clock of before, so it is said an hour later. ValueError for what is no day and time, and for one
    that names a zone of its own.
    """
    # Seconds are what a browser adds where somebody typed them; they are nothing that anybody agrees on.
    for pattern in ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"):
        try:
            moment = datetime.strptime(wall.replace(" ", "T"), pattern).replace(second=0, tzinfo=zone_of(zone))
            return moment.astimezone(UTC)
        except OverflowError:
            raise ValueError("beyond all calendars") from None
        except ValueError:
            continue
    raise ValueError("no day and time")
