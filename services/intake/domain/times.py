"""Weekly times, read in one time zone and said in another."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday"}
DAYS |= {"sat": "Saturday", "sun": "Sunday"}
_NAMES = tuple(DAYS.values())
_SLUGS = tuple(DAYS)


def in_other_zone(blocks: Iterable[Mapping[str, str]], zone: str, other: str, now: datetime) -> list[str]:
    """Return weekly blocks `{day, from, to}` of `zone` as the clock of `other` shows them, e.g. `Monday 18:00-21:00`.

    The week that holds `now` decides about daylight saving time. A block that crosses midnight keeps its first day.
    """
    monday = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=now.astimezone(ZoneInfo(zone)).weekday())
    said = []
    for block in blocks:
        day = monday + timedelta(days=_SLUGS.index(block["day"]))
        begins, ends = (
            datetime.combine(day, time.fromisoformat(block[edge]), ZoneInfo(zone)).astimezone(ZoneInfo(other))
            for edge in ("from", "to")
        )
        said.append(f"{_NAMES[begins.weekday()]} {begins:%H:%M}-{ends:%H:%M}")
    return said
