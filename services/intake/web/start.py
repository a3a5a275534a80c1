"""The first page, where to turn when somebody is not safe, and the page for whoever worries about a colleague.

None of them needs a database or a broker (R9).
"""

from flask import Response, abort

from services.intake.web.forms.raw import one
from services.intake.web.site import STEP, Site, sent


class StartPages:
    def __init__(self, site: Site) -> None:
        self._site = site

    def show(self) -> Response:
        """Show what this is, whom to call, and the one question that comes before all others."""
        return self._page("start.html")

    def answer(self) -> Response:
        """Answer a no to "Are you safe right now?". Nothing is stored."""
        if one(sent(), STEP) != "not_safe":
            abort(422)
        return self._page("not_safe.html")

    def show_colleague(self) -> Response:
        """Show how to tell a colleague about this, with a card to print."""
        return self._page("colleague.html")

    def _page(self, template: str) -> Response:
        return self._site.page(template, lines=self._site.crisis_lines())
