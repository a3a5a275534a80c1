"""The first page, where to turn when somebody is not safe, and the page for those who worry about a colleague.

None of them needs a database or a broker (R9).
"""

from flask import Response

from services.intake.web.site import Page, typed
from shared.vocabulary.model import countries_of


class StartPage(Page):
    def show(self) -> Response:
        """Show what this is, whom to call, and the one question that comes before all others."""
        return self._page("start.html")

    def act(self) -> Response:
        return self.chosen("")()

    def do_not_safe(self) -> Response:
        """Answer a no to "Are you safe right now?". Nothing is stored."""
        return self._page("not_safe.html")

    def do_lines(self) -> Response:
        """Show whom to call in the country that was chosen. Nothing is stored."""
        lines = self._site.renderer.settings.crisis_lines
        country = typed("country") if typed("country") in countries_of(lines) else ""
        return self._page("not_safe.html", country)

    def show_colleague(self) -> Response:
        """Show how to tell a colleague about this, with a card to print."""
        return self._page("colleague.html")

    def _page(self, template: str, country: str = "") -> Response:
        return self._site.page(template, lines=self._site.crisis_lines(country), country=country)
