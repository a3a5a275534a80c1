"""An offer, opened by the link in a mail: look at the card, say yes or no; later write, reach the person, hand back.

The link carries its token after a `#`, so no server on the way sees it. A small script takes it out of the address bar
and sends it here in a body; without a script the person types the code from the mail. Looking changes nothing.
"""

from flask import Response

from services.intake.domain.offers import OfferStatus
from services.intake.domain.refusals import NotYet
from services.intake.handlers import offers
from services.intake.handlers.conversation import VOLUNTEER, Revealed, reveal
from services.intake.schemas.volunteer import Decline
from services.intake.web.conversation import NOTHING_REFUSED, ConversationPage, Draft
from services.intake.web.site import PAUSES, typed

AGAIN = {"Retry-After": "1"}


class OfferPage(ConversationPage):
    path, holder, opening = "/offer", "token", "look"
    asking, unknown = "code.html", "error.no_offer"
    by, written = VOLUNTEER, "conversation.said.written_to_person"

    def act(self) -> Response:
        """Do the step that was sent with the token; "one moment" while intake has not heard of the offer."""
        try:
            return super().act()
        except NotYet:
            return self._site.page("moment.html", 202, AGAIN, token=typed(self.holder))

    def read_key(self, typed_key: str) -> str:
        return typed_key

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
        offer = offers.read_offer(self._intake, key)
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
            conversation=offer.conversation,
            draft=draft,
            lines=self._site.crisis_lines(),
        )

    def do_look(self, token: str) -> Response:
        return self.page(token)

    def do_accept(self, token: str) -> Response:
        offers.accept(self._intake, token)
        return self.page(token)

    def do_decline(self, token: str) -> Response:
        no = Decline().load({"reason": typed("reason"), "pause_until": self._site.pause_end()})
        offers.decline(self._intake, token, no["reason"], no["pause_until"])
        return self.page(token)

    def do_reveal(self, token: str) -> Response:
        return self.page(token, revealed=reveal(self._intake, token))

    def do_hand_back(self, token: str) -> Response:
        offers.hand_back(self._intake, token)
        return self.page(token)
