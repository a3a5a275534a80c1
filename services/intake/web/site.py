"""What all pages use: intake, the renderer, and a few words with the browser."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, request

from services.intake.handlers.context import Intake
from services.intake.web.forms.raw import Raw, as_typed, one
from services.intake.web.rendering import Renderer, ShownLine, crisis_lines
from shared.clock import to_text

STEP = "step"
"""The input that says what to do. Addresses stay the same all along, so that they tell nobody how far somebody is."""

FORM_KEY = "idempotency_key"
"""The input that carries the form's own Idempotency-Key."""

PAUSES = ("7", "14", "30", "90")
"""How long a volunteer may rest: days, as the pages send them."""

TO_THE_FIRST_PAGE = ("/", "page.to_the_first_page")
"""An address, and the key of the words that lead there."""


@dataclass(frozen=True)
class Site:
    intake: Intake
    renderer: Renderer

    def page(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
    ) -> Response:
        # JSON can carry half a character, which no page can: it is shown as a question mark.
        html = self.renderer.draw(template, **values).encode(errors="replace")
        return Response(html, status, headers, content_type="text/html; charset=utf-8")

    def crisis_lines(self, country: str = "") -> list[ShownLine]:
        """Return whom to call in a country, or else in the operator's; this needs no database."""
        settings = self.renderer.settings
        return crisis_lines(settings.crisis_lines, country or settings.country, self.today())

    def today(self) -> date:
        return self.intake.clock.now().date()

    def pause_end(self) -> str | None:
        """Return when the pause ends that was chosen, as RFC 3339; None if it was none of PAUSES."""
        days = typed("days")
        return to_text(self.intake.clock.now() + timedelta(days=int(days))) if days in PAUSES else None

    def form_key(self) -> str:
        """Return a fresh Idempotency-Key for one form: 32 characters, 192 random bits."""
        return base64.urlsafe_b64encode(self.intake.random(24)).decode()


def sent() -> Raw:
    """Return what the browser sent in the body. Nothing is ever read from an address."""
    return {name: [as_typed(value) for value in request.form.getlist(name)] for name in request.form}


def typed(name: str) -> str:
    """Return the first value that the browser sent under a name, without white space around it; empty if none."""
    return one(sent(), name)


class Page:
    """A page at one address: `show` answers GET and `act` POST. A step is done by the method `do_<step>`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._intake = site.intake

    def chosen(self, opening: str) -> Callable[..., Response]:
        """Return the method for the step that was sent, or for `opening` if none was; 422 if there is no such step."""
        method: Callable[..., Response] | None = getattr(self, f"do_{typed(STEP) or opening}", None)
        return method or abort(422)
