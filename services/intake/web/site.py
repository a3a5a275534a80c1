"""What all pages use: intake, the renderer, and a few words with the browser."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from services.intake.handlers.context import Intake
from services.intake.web.forms.raw import Raw, as_typed
from services.intake.web.rendering import Renderer, ShownLine, crisis_lines

STEP = "step"
"""The input that says what to do. Addresses stay the same all along, so that they tell nobody how far somebody is."""

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

    def crisis_lines(self) -> list[ShownLine]:
        """Return whom to call in the operator's country; this needs no database."""
        settings = self.renderer.settings
        return crisis_lines(settings.lines, settings.country, self.intake.clock.now().date())

    def form_key(self) -> str:
        """Return a fresh Idempotency-Key for one form: 32 characters, 192 random bits."""
        return base64.urlsafe_b64encode(self.intake.random(24)).decode()


def sent() -> Raw:
    """Return what the browser sent in the body. Nothing is ever read from an address."""
    return {name: [as_typed(value) for value in request.form.getlist(name)] for name in request.form}
