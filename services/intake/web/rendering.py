"""Drawing pages: plain view data in, HTML out. No web framework here, so a page can be looked at without a server."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from services.intake.domain.place import line_of, place_of
from services.intake.settings import PageSettings
from services.intake.texts import saying, texts
from services.intake.web.forms.lists import language
from shared.clock import to_text
from shared.vocabulary import DAYS, vocabulary
from shared.vocabulary.model import CrisisLine, countries_of, lines_for


class Renderer:
    """The templates, with the sentences that they name by key, and what every page has: the way out."""

    def __init__(self, settings: PageSettings) -> None:
        self.settings = settings
        said = texts()
        self._environment = Environment(
            loader=PackageLoader("services.intake.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        filters = (saying.when, saying.clock, saying.day, saying.weekday, saying.ago, language)
        self._environment.filters |= {each.__name__: each for each in filters} | {"machine": to_text}
        self._environment.filters["in_one_line"] = lambda place: line_of(place_of(place))
        self._environment.globals |= {"t": said.html, "count": said.count, "has": said.__contains__}
        self._environment.globals |= {"say_code": said.say_code, "saying": saying}
        self._environment.globals |= {"settings": settings, "words": vocabulary(), "days": DAYS}
        countries = {code: said.say_code("country.name", code) for code in countries_of(settings.crisis_lines)}
        self._environment.globals["countries"] = dict(sorted(countries.items(), key=lambda item: item[1]))

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
    return [ShownLine(line, fresh=not vocabulary().is_stale(line, today)) for line in lines_for(lines, country)]
