"""Drawing pages: plain view data in, HTML out. No web framework here, so a page can be looked at without a server."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from services.intake.domain.times import DAYS
from services.intake.settings import Trust
from services.intake.web.forms.lists import LANGUAGES
from shared.clock import to_text
from shared.vocabulary import vocabulary
from shared.vocabulary.model import CrisisLine, lines_for


@dataclass(frozen=True)
class PageSettings:
    """What the operator decides about the pages.

    `lines` are the crisis lines of every country, as far as the operator has them.
    `exit_url` is the neutral site that the exit link leads to, `public_url` where people find the first page, and
    `coordinator_phone` whom a volunteer rings who fears for somebody; it may be empty.
    """

    trust: Trust
    country: str
    lines: tuple[CrisisLine, ...]
    exit_url: str
    public_url: str
    coordinator_phone: str


class Renderer:
    """The templates, and what every page has: the way out."""

    def __init__(self, settings: PageSettings) -> None:
        """Draw pages with the operator's `settings`."""
        self.settings = settings
        self._environment = Environment(
            loader=PackageLoader("services.intake.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"when": when, "clock": clock, "day": day}
        self._environment.filters |= {"language": language, "machine": to_text}
        self._environment.globals |= {"settings": settings, "words": vocabulary(), "days": DAYS}

    def draw(self, template: str, **values: Any) -> str:
        """Return the page `template` with `values`; UndefinedError if one is missing."""
        return self._environment.get_template(template).render(values)


@dataclass(frozen=True)
class ShownLine:
    """A crisis line as a page shows it; `fresh`: the operator has tried it lately."""

    line: CrisisLine
    fresh: bool


def crisis_lines(lines: Iterable[CrisisLine], country: str, today: date) -> list[ShownLine]:
    """Return those of `lines` that are for a country (ISO 3166 alpha-2, or empty), emergency numbers first."""
    return [shown_line(line, today) for line in lines_for(lines, country)]


def shown_line(line: CrisisLine, today: date) -> ShownLine:
    """Return a line as it is shown on the day `today`."""
    return ShownLine(line, fresh=not vocabulary().is_stale(line, today))


def when(moment: datetime, zone: str = "UTC") -> str:
    """Return a moment as the clock of `zone` (IANA) shows it, e.g. `Sunday 22 November, 15:00 (Paris time)`.

    Where there is a script, it says the same by the reader's own clock.
    """
    there = moment.astimezone(ZoneInfo(zone))
    return f"{there:%A} {there.day} {there:%B}, {there:%H:%M} ({clock(zone)})"


def clock(zone: str) -> str:
    """Return the name of a time zone (IANA) as people say it, e.g. `Paris time`."""
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"{place} time" if "/" in zone else place


def day(moment: datetime | date) -> str:
    """Return a day as `22 November 2026`."""
    return f"{moment.day} {moment:%B %Y}"


def language(tag: str) -> str:
    """Return the name of a language by its tag; the tag itself if it has none here."""
    return LANGUAGES.get(tag, tag)
