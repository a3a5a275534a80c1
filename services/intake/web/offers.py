"""An offer, opened by the link in a mail: look at the card, say yes or no, and later see how to reach the person.

The link carries its token after a `#`, so no server on the way sees it. A small script takes it out of the address bar
and sends it here in a body; without a script the person types the code from the mail. Looking changes nothing.
"""

from collections.abc import Callable
from datetime import timedelta

from flask import Response, abort
from marshmallow import ValidationError

from services.intake.api.volunteering import Decline
from services.intake.domain.offers import View
from services.intake.domain.refusals import NotYet, OtherAnswer, Unknown, WrongState
from services.intake.handlers.offers import Revealed
from services.intake.web.forms.raw import Raw, one
from services.intake.web.site import STEP, Site, sent
from services.intake.web.wording import NO_OFFER, NOT_ANY_MORE, OFFERS, ONE_MOMENT, OTHER_ANSWER, PAUSES, PLEASE_CHOOSE
from shared.clock import to_text

AGAIN = {"Retry-After": "1"}


class OfferPages:
    """`/offer`."""

    def __init__(self, site: Site) -> None:
        """Draw with `site`."""
        self._site = site
        self._steps: dict[str, Callable[[str, Raw], Response]] = {
            "look": lambda token, _: self._show(token),
            "accept": self._accept,
            "decline": self._decline,
            "reveal": self._reveal,
        }

    def show(self) -> Response:
        """Wait for the token: from the script, or typed."""
        return self._ask_for_code()

    def act(self) -> Response:
        """Do the step that was sent with the token."""
        raw = sent()
        token = one(raw, "token")
        step = self._steps.get(one(raw, STEP) or "look")
        if step is None:
            abort(422)
        try:
            return step(token, raw)
        except Unknown:
            return self._ask_for_code(NO_OFFER, status=404)
        except NotYet:
            return self._site.page("moment.html", 202, AGAIN, said=ONE_MOMENT, token=token)
        except ValidationError:
            return self._show(token, notice=PLEASE_CHOOSE, status=422)
        except OtherAnswer:
            return self._show(token, notice=OTHER_ANSWER, status=409)
        except WrongState:
            return self._show(token, notice=NOT_ANY_MORE, status=409)

    def _ask_for_code(self, error: str = "", status: int = 200) -> Response:
        return self._site.page("code.html", status, error=error)

    def _show(self, token: str, *, notice: str = "", status: int = 200, revealed: Revealed | None = None) -> Response:
        offer = self._site.offers.read(token)
        waits = offer.view is View.NOTED and status == 200
        return self._site.page(
            "offer.html",
            202 if waits else status,
            AGAIN if waits else None,
            token=token,
            offer=offer,
            said=OFFERS[offer.view],
            notice=notice,
            revealed=revealed,
            pauses=PAUSES,
        )

    def _accept(self, token: str, _: Raw) -> Response:
        self._site.offers.accept(token)
        return self._show(token)

    def _decline(self, token: str, raw: Raw) -> Response:
        days = one(raw, "days")
        until = to_text(self._site.clock.now() + timedelta(days=int(days))) if days in PAUSES else None
        no = Decline().load({"reason": one(raw, "reason"), "pause_until": until})
        self._site.offers.decline(token, no["reason"], no["pause_until"])
        return self._show(token)

    def _reveal(self, token: str, _: Raw) -> Response:
        return self._show(token, revealed=self._site.offers.reveal(token))
