"""An offer, opened by the link in a mail: look at the card, say yes or no; later write, reach the person, hand back.

The link carries its token after a `#`, so no server on the way sees it. A small script takes it out of the address bar
and sends it here in a body; without a script the person types the code from the mail. Looking changes nothing.
"""

from datetime import timedelta

from flask import Response

from services.intake.domain.offers import View
from services.intake.domain.refusals import NotYet
from services.intake.handlers.offers import Revealed
from services.intake.schemas.volunteer import Decline
from services.intake.web.forms.raw import Raw, one
from services.intake.web.site import PAUSES, Site, sent
from services.intake.web.talk import NOTHING_REFUSED, Draft, TalkPages
from shared.clock import to_text

AGAIN = {"Retry-After": "1"}
LIVE = frozenset({View.MATCHED, View.INTRODUCED})


class OfferPages(TalkPages):
    """`/offer`."""

    path, holder, opening, unknown = "/offer", "token", "look", "error.no_offer"
    written = "conversation.said.written_to_person"

    def __init__(self, site: Site) -> None:
        super().__init__(
            site,
            site.offers,
            {
                "accept": self._accept,
                "decline": self._decline,
                "reveal": self._reveal,
                "hand_back": self._hand_back,
            },
        )

    def act(self) -> Response:
        """Do the step that was sent with the token; "one moment" while intake has not heard of the offer."""
        try:
            return super().act()
        except NotYet:
            token = one(sent(), self.holder)
            return self._site.page("moment.html", 202, AGAIN, token=token)

    def ask_for_key(self, error: str = "", status: int = 200) -> Response:
        """Wait for the token: from the script, or typed."""
        return self._site.page("code.html", status, error=error)

    def read_key(self, typed: str) -> str:
        """Return the token as it came; the desk reads it."""
        return typed

    def page(
        self,
        key: str,
        *,
        notice: str = "",
        status: int = 200,
        draft: Draft = NOTHING_REFUSED,
        revealed: Revealed | None = None,
    ) -> Response:
        """Return where the offer stands; `revealed` is what was opened by this very step."""
        offer = self._site.offers.read(key)
        waits = offer.view is View.NOTED and status == 200
        return self._site.page(
            "offer.html",
            202 if waits else status,
            AGAIN if waits else None,
            token=key,
            offer=offer,
            said="introduced_long_ago" if offer.forgotten else offer.view,
            notice=notice,
            revealed=revealed,
            pauses=PAUSES,
            talk=self.talk(key, draft, live=offer.view in LIVE),
            lines=self._site.crisis_lines(),
        )

    def zone(self, key: str) -> str:
        return self._site.offers.read(key).time_zone

    def _accept(self, token: str, _: Raw) -> Response:
        self._site.offers.accept(token)
        return self.page(token)

    def _decline(self, token: str, raw: Raw) -> Response:
        days = one(raw, "days")
        until = to_text(self._site.clock.now() + timedelta(days=int(days))) if days in PAUSES else None
        no = Decline().load({"reason": one(raw, "reason"), "pause_until": until})
        self._site.offers.decline(token, no["reason"], no["pause_until"])
        return self.page(token)

    def _reveal(self, token: str, _: Raw) -> Response:
        return self.page(token, revealed=self._site.offers.reveal(token))

    def _hand_back(self, token: str, _: Raw) -> Response:
        self._site.offers.hand_back(token)
        return self.page(token)
