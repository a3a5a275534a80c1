"""The first page, and where to turn when somebody is not safe. Neither needs a database or a broker (R9)."""

from flask import Response, abort

from services.intake.web.forms.raw import one
from services.intake.web.rendering import crisis_lines
from services.intake.web.site import STEP, Site, sent


class StartPages:
    """`/`."""

    def __init__(self, site: Site) -> None:
        """Draw with `site`."""
        self._site = site

    def show(self) -> Response:
        """Show what this is, whom to call, and the one question that comes before all others."""
        return self._page("start.html")

    def answer(self) -> Response:
        """Answer a no to "Are you safe right now?". Nothing is stored."""
        if one(sent(), STEP) != "not_safe":
            abort(422)
        return self._page("not_safe.html")

    def _page(self, template: str) -> Response:
        lines = crisis_lines(self._site.renderer.settings.country, self._site.clock.now().date())
        return self._site.page(template, lines=lines)
