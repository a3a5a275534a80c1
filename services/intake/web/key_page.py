"""What the three pages behind a key have in common.

Each step is sent with the key, in the body, to the same address. A refusal leads back to the page and says what became
of the step. A text or a report that is refused comes back to its writer.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, abort
from marshmallow import ValidationError

from services.intake.domain.refusals import Invalid, OtherAnswer, Unknown, WrongState
from services.intake.domain.reports import LONGEST_REPORT
from services.intake.handlers.reports import report
from services.intake.texts import texts
from services.intake.texts.saying import fault_on_page
from services.intake.web.forms.raw import Raw, one
from services.intake.web.site import STEP, Site, sent
from shared.vault.request_keys import MistypedKey

Step = Callable[[str, Raw], Response]


def pin_sent() -> str | None:
    """Return the PIN that came beside a volunteer's home link, if one came."""
    return one(sent(), "pin") or None


@dataclass(frozen=True)
class WayBack:
    """How another page leads back to this one: the address, the input that carries the key, the step, key and PIN."""

    path: str
    holder: str
    opening: str
    key: str
    pin: str | None = None


class KeyPage(ABC):
    """A page that only its owner can open, at `path`; `holder` is the input that carries what opens it.

    `unknown` is the key of what is said of one that opens nothing; every `notice` is a key too.
    """

    path: str
    holder: str
    opening: str
    unknown: str

    def __init__(self, site: Site, steps: Mapping[str, Step]) -> None:
        """`steps` are what this page can do besides being opened and reporting."""
        self._site = site
        self._steps: dict[str, Step] = {
            self.opening: lambda key, _: self.page(key),
            "report": lambda key, _: self._report_form(key),
            "send_report": self._send_report,
            **steps,
        }

    @abstractmethod
    def page(self, key: str, *, notice: str = "", status: int = 200) -> Response:
        """Return the page as it stands, with a sentence about what was just done, by its key."""

    @abstractmethod
    def ask_for_key(self, error: str = "", status: int = 200) -> Response: ...

    @abstractmethod
    def read_key(self, typed: str) -> str:
        """Return the key as it is passed on; MistypedKey if the text cannot be one."""

    def turned_away(self, _refusal: Unknown, _key: str) -> Response:
        return self.ask_for_key(texts().say(self.unknown), status=404)

    def show(self) -> Response:
        return self.ask_for_key()

    def act(self) -> Response:
        raw = sent()
        step = self._steps.get(one(raw, STEP) or self.opening)
        if step is None:
            abort(422)
        try:
            key = self.read_key(one(raw, self.holder))
        except MistypedKey as error:
            return self.ask_for_key(texts().say(f"error.key.{error.code}", **error.values), status=422)
        try:
            return step(key, raw)
        except Unknown as refusal:
            return self.turned_away(refusal, key)
        except ValidationError:
            return self.page(key, notice="error.choose_a_reason", status=422)
        except OtherAnswer:
            return self.page(key, notice="error.other_answer", status=409)
        except WrongState:
            return self.page(key, notice="error.not_any_more", status=409)

    def _report_form(self, key: str, text: str = "", error: str = "") -> Response:
        return self._site.page(
            "report.html",
            422 if error else 200,
            back=self._way_back(key),
            text=text,
            error=error,
            longest=LONGEST_REPORT,
            lines=self._site.crisis_lines(),
        )

    def _send_report(self, key: str, raw: Raw) -> Response:
        text = one(raw, "text")
        try:
            report(self._site.intake, key, text, pin_sent())
        except Invalid as error:
            return self._report_form(key, text, fault_on_page(error.fault))
        return self._site.page("reported.html", back=self._way_back(key), lines=self._site.crisis_lines())

    def _way_back(self, key: str) -> WayBack:
        return WayBack(self.path, self.holder, self.opening, key, pin_sent())
