"""The first page, where to turn when somebody is not safe, and the page for those who worry about a colleague.

None of them needs a database or a broker (R9).
"""

from flask import Response

from services.intake.web.site import Page


class StartPage(Page):
    def show(self) -> Response:
        """Show what this is, whom to call, and the one question that comes before all others."""
        return self._page("start.html")

    def act(self) -> Response:
        return self.chosen("")()

    def do_not_safe(self) -> Response:
        """Answer a no to "Are you safe right now?". Nothing is stored."""
        return self._page("not_safe.html")

    def show_colleague(self) -> Response:
        """Show how to tell a colleague about this, with a card to print."""
        return self._page("colleague.html")

    def _page(self, template: str) -> Response:
        return self._site.page(template, lines=self._site.crisis_lines())
