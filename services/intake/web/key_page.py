"""What the three pages behind a key have in common.

Each step is sent with the key, in the body, to the same address. A refusal leads back to the page and says what became
of the step. A text or a report that is refused comes back to its writer.
"""

from abc import abstractmethod
from typing import Any

from flask import Response
from marshmallow import ValidationError

from services.intake.domain.refusals import Invalid, OtherAnswer, Unknown, WrongState
from services.intake.handlers.reports import report
from services.intake.schemas.person import LONGEST_REPORT
from services.intake.texts import texts
from services.intake.texts.saying import fault_on_page
from services.intake.web.site import Page, typed
from shared.vault.request_keys import MistypedKey, parse_key


def pin_sent() -> str | None:
    """Return the PIN that came beside a volunteer's home link, if one came."""
    return typed("pin") or None


class KeyPage(Page):
    """A page that only its owner can open, at `path`; `holder` is the input that carries what opens it.

    `asking` is the template that asks for it, `opening` the step that opens the page. `unknown` is the key of what is
    said of one that opens nothing; every `notice` is a key too.
    """

    path: str
    holder: str
    asking: str
    opening = "open"
    unknown: str

    @abstractmethod
    def page(self, key: str, *, notice: str = "", status: int = 200) -> Response:
        """Return the page as it stands, with a sentence about what was just done, by its key."""

    def show(self, error: str = "", status: int = 200) -> Response:
        """Ask for the key; `error` says what is wrong with the one that was sent."""
        return self._site.page(self.asking, status, error=error)

    def read_key(self, typed_key: str) -> str:
        """Return the key as it is passed on; MistypedKey if the text cannot be one."""
        return parse_key(typed_key)

    def turned_away(self, _refusal: Unknown, _key: str) -> Response:
        return self.show(texts().say(self.unknown), status=404)

    def act(self) -> Response:
        step = self.chosen(self.opening)
        try:
            key = self.read_key(typed(self.holder))
        except MistypedKey as error:
            return self.show(texts().say(f"error.key.{error.code}", **error.values), status=422)
        try:
            return step(key)
        except Unknown as refusal:
            return self.turned_away(refusal, key)
        except ValidationError:
            return self.page(key, notice="error.choose_a_reason", status=422)
        except OtherAnswer:
            return self.page(key, notice="error.other_answer", status=409)
        except WrongState:
            return self.page(key, notice="error.not_any_more", status=409)

    def do_report(self, key: str, error: str = "") -> Response:
        """Show the form for a report, with the text as it was sent if it is refused."""
        shown = {"text": typed("text") if error else "", "error": error, "longest": LONGEST_REPORT}
        return self._with_lines("report.html", key, 422 if error else 200, **shown)

    def do_send_report(self, key: str) -> Response:
        try:
            report(self._intake, key, typed("text"), pin_sent())
        except Invalid as error:
            return self.do_report(key, fault_on_page(error.fault))
        return self._with_lines("reported.html", key)

    def _with_lines(self, template: str, key: str, status: int = 200, **shown: Any) -> Response:
        """Return a page that leads back to this one, with the crisis lines."""
        here = (self.path, {self.holder: key, "pin": pin_sent()})
        lines = self._site.crisis_lines()
        return self._site.page(template, status, here=here, opening=self.opening, lines=lines, **shown)
