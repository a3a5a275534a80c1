"""Times, read in one time zone and said in another."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.vocabulary import DAYS


def in_other_zone(blocks: Iterable[Mapping[str, str]], zone: str, other: str, now: datetime) -> list[dict[str, str]]:
    """Return weekly blocks `{day, from, to}` of `zone` as the clock of `other` shows them.

    The week that holds `now` decides about daylight saving time. A block that crosses midnight keeps its first day.
    """
    monday = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=now.astimezone(ZoneInfo(zone)).weekday())
    said = []
    for block in blocks:
        day = monday + timedelta(days=DAYS.index(block["day"]))
        begins, ends = (
            datetime.combine(day, time.fromisoformat(block[edge]), ZoneInfo(zone)).astimezone(ZoneInfo(other))
            for edge in ("from", "to")
        )
        said.append({"day": DAYS[begins.weekday()], "from": f"{begins:%H:%M}", "to": f"{ends:%H:%M}"})
    return said


def moment_at(wall: str, zone: str) -> datetime:
    """Return, in UTC, the moment at which the clocks of `zone` (IANA) show `wall`, e.g. `2026-11-26T18:30`.

    A time that clocks show twice when summer time ends is the first of the two; one that they leave out when it begins
    is read by the clock of before, so it is said an hour later. ValueError for what is no day and time, and for one
    that names a zone of its own.
    """
    # Seconds are what a browser adds where somebody typed them; they are nothing that anybody agrees on.
    for pattern in ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"):
        try:
            moment = datetime.strptime(wall.replace(" ", "T"), pattern).replace(second=0, tzinfo=ZoneInfo(zone))
            return moment.astimezone(UTC)
        except OverflowError:
            raise ValueError("beyond all calendars") from None
        except ValueError:
            continue
    raise ValueError("no day and time")
