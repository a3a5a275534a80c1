"""An offer, opened by the link in a mail: look at the card, say yes or no; later write, reach the person, hand back.

The link carries its token after a `#`, so no server on the way sees it. A small script takes it out of the address bar
and sends it here in a body; without a script the person types the code from the mail. Looking changes nothing.
"""

from datetime import timedelta

from flask import Response

from services.intake.domain.offers import OfferStatus
from services.intake.domain.refusals import NotYet
from services.intake.handlers import offers
from services.intake.handlers.conversation import VOLUNTEER, Revealed, reveal
from services.intake.schemas.volunteer import Decline
from services.intake.web.conversation import NOTHING_REFUSED, ConversationPage, Draft, shown
from services.intake.web.forms.raw import Raw, one
from services.intake.web.site import PAUSES, Site, sent
from shared.clock import to_text

AGAIN = {"Retry-After": "1"}


class OfferPage(ConversationPage):
    """`/offer`."""

    path, holder, opening, unknown = "/offer", "token", "look", "error.no_offer"
    by, written = VOLUNTEER, "conversation.said.written_to_person"

    def __init__(self, site: Site) -> None:
        super().__init__(
            site,
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
        return self._site.page("code.html", status, error=error)

    def read_key(self, typed: str) -> str:
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
        offer = offers.read_offer(self._site.intake, key)
        waits = offer.status is OfferStatus.NOTED and status == 200
        return self._site.page(
            "offer.html",
            202 if waits else status,
            AGAIN if waits else None,
            token=key,
            offer=offer,
            said="introduced_long_ago" if offer.forgotten else offer.status,
            notice=notice,
            revealed=revealed,
            pauses=PAUSES,
            talk=shown(offer.conversation, draft),
            lines=self._site.crisis_lines(),
        )

    def _accept(self, token: str, _: Raw) -> Response:
        offers.accept(self._site.intake, token)
        return self.page(token)

    def _decline(self, token: str, raw: Raw) -> Response:
        days = one(raw, "days")
        until = to_text(self._site.intake.clock.now() + timedelta(days=int(days))) if days in PAUSES else None
        no = Decline().load({"reason": one(raw, "reason"), "pause_until": until})
        offers.decline(self._site.intake, token, no["reason"], no["pause_until"])
        return self.page(token)

    def _reveal(self, token: str, _: Raw) -> Response:
        return self.page(token, revealed=reveal(self._site.intake, token))

    def _hand_back(self, token: str, _: Raw) -> Response:
        offers.hand_back(self._site.intake, token)
        return self.page(token)
