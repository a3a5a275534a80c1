"""The desk of a volunteer who answers an offer."""

import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from services.intake.desks.texts import write_with_key
from services.intake.domain.offers import View
from services.intake.domain.refusals import Unknown
from services.intake.domain.relay import Written
from services.intake.handlers import offers, relay
from services.intake.handlers.offers import OfferView, Revealed
from services.intake.handlers.relay import Text
from services.intake.handlers.tools import Tools
from services.intake.outcomes import Outcomes
from shared.database import Database
from shared.vault.tokens import BadToken, read_offer_token


class OfferDesk:
    """What the holder of an offer token may ask. NotYet is raised while intake has not heard of the offer."""

    def __init__(self, database: Database, tools: Tools, outcomes: Outcomes, *, patience: float) -> None:
        """Work on intake's `database`; wait at most `patience` seconds for the matcher's judgement."""
        self._database = database
        self._tools = tools
        self._outcomes = outcomes
        self._patience = patience

    def read(self, token: str) -> OfferView:
        """Return the card and where the offer stands; nothing changes."""
        offer = self._offer_of(token)
        with self._database.transaction() as tx:
            return offers.read_offer(tx, self._tools, offer)

    def accept(self, token: str) -> View:
        """Say yes. Returns the matcher's judgement, or View.NOTED if it is not here in time."""
        offer = self._offer_of(token)
        return self._answer(offer, lambda tx: offers.accept(tx, self._tools, offer))

    def decline(self, token: str, reason: str, pause_until: datetime | None) -> View:
        """Say no, with a pause if wanted. Returns as `accept` does."""
        offer = self._offer_of(token)
        return self._answer(offer, lambda tx: offers.decline(tx, self._tools, offer, reason, pause_until))

    def reveal(self, token: str) -> Revealed:
        """Open the person's words and contact, on the record."""
        offer = self._offer_of(token)
        with self._database.transaction() as tx:
            return offers.reveal(tx, self._tools, offer)

    def hand_back(self, token: str) -> View:
        """Give the match back; the request goes on with somebody else, or is over for this volunteer."""
        offer = self._offer_of(token)
        with self._database.transaction() as tx:
            return offers.hand_back(tx, self._tools, offer)

    def messages(self, token: str) -> list[Text]:
        """Return the texts of the match that this offer led to, oldest first."""
        offer = self._offer_of(token)
        with self._database.transaction() as tx:
            return relay.read_texts(tx, self._tools, relay.volunteer_side(tx, offer))

    def write(self, token: str, text: str, proposes: datetime | None = None) -> None:
        """Write a text to the person, propose a time to talk, or both."""
        offer, written = self._offer_of(token), Written(text.strip(), proposes)
        write_with_key(self._database, self._tools, lambda tx: relay.volunteer_side(tx, offer), written)

    def spoken(self, token: str) -> None:
        """Say that the two have spoken."""
        offer = self._offer_of(token)
        with self._database.transaction() as tx:
            relay.spoken(tx, self._tools, relay.volunteer_side(tx, offer))

    def _offer_of(self, token: str) -> str:
        try:
            return read_offer_token(self._tools.links, token)
        except BadToken:
            raise Unknown from None

    def _answer(self, offer: str, answer: Callable[[Connection], View]) -> View:
        """Commit the reply, then wait until the matcher has judged. No connection is held while waiting."""
        with self._outcomes.watch(offer) as moved:
            with self._database.transaction() as tx:
                view = answer(tx)
            deadline = time.monotonic() + self._patience
            while view is View.NOTED and moved.wait(max(0.0, deadline - time.monotonic())):
                moved.clear()
                with self._database.transaction() as tx:
                    view = offers.where_it_stands(tx, offer)
        return view
