"""The volunteer's side of an offer: look at the card, say yes or no, hand the match back.

`token` is the offer's, as it came; NotYet is raised while intake has not heard of the offer.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.card import card_for
from services.intake.domain.offers import LIVE, Answer, OfferStatus
from services.intake.domain.refusals import NotYet, OtherAnswer, WrongState
from services.intake.domain.volunteers import AT_WORK
from services.intake.handlers.announcing import announce, publish_volunteer, reply_event
from services.intake.handlers.context import Intake
from services.intake.handlers.keys import offer_of
from services.intake.handlers.reading import Conversation, conversation_in, zone_in
from services.intake.handlers.volunteers import check_pause, pause
from services.intake.storage.queries import count_reason, lock_offer, messages_of
from services.intake.storage.snapshots import OfferSnapshot, offer_snapshots
from services.intake.storage.tables import REPLIES, VOLUNTEERS, ReplyRow, VolunteerRow, offers
from shared.clock import to_hour
from shared.refs import new_ref
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from shared.vault.vault import Look, SealedItem

SHOWS_CARD = frozenset({OfferStatus.OPEN, OfferStatus.NOTED, OfferStatus.MATCHED, OfferStatus.INTRODUCED})


@dataclass(frozen=True)
class OfferView:
    """An offer as its volunteer sees it. `card` is None once it is over.

    `may_reveal`: the person's yes is here, and words and contact can be opened; `forgotten`: it is here, and they have
    been forgotten since, whether or not any were given.

    `conversation` is None where nothing may be written. `time_zone` (IANA) is the volunteer's own; UTC once they left.
    """

    status: OfferStatus
    expires_at: datetime
    card: dict[str, Any] | None
    may_reveal: bool
    forgotten: bool
    conversation: Conversation | None
    time_zone: str


def read_offer(intake: Intake, token: str) -> OfferView:
    """Return the card and where the offer stands. Changes nothing, however often it is called and by whom."""
    with intake.database.snapshot() as tx:
        found = find_offer(tx, offer_of(intake, token))
        status = found.status
        match = found.match if status in LIVE else None
        messages = messages_of(tx, match.ref) if match else []
    request, volunteer = found.request, found.volunteer
    card = request.items(Purpose.PERSON_CARD) if request and status in SHOWS_CARD else []
    profile = volunteer.items(Purpose.VOLUNTEER_PROFILE) if volunteer else []
    look = intake.vault.look([*card, *profile, *(message.item for message in messages)])
    introduced = status is OfferStatus.INTRODUCED and request is not None
    kept = request is not None and request.private is not None
    return OfferView(
        status=status,
        expires_at=found.offer.expires_at,
        card=_card(look, [*card, *profile], intake.clock.now()) if card and profile else None,
        may_reveal=introduced and kept,
        forgotten=introduced and not kept,
        conversation=conversation_in(look, match, messages),
        time_zone=zone_in(look, profile),
    )


def find_offer(tx: Connection, offer: str) -> OfferSnapshot:
    """Return an offer with all that it is about; NotYet if it is not here yet."""
    found = offer_snapshots(tx, offers.c.ref == offer)
    if not found:
        raise NotYet
    return found[0]


def accept(intake: Intake, token: str) -> OfferStatus:
    """Record a yes, once, and announce it. OtherAnswer after a no.

    Returns the matcher's judgement, or NOTED if it is not here in time.
    """
    return _answer(intake, token)


def decline(intake: Intake, token: str, reason: str, pause_until: datetime | None) -> OfferStatus:
    """Record a no, once, and announce it, with a pause if the volunteer would like to rest. OtherAnswer after a yes.

    Returns as `accept` does.
    """
    return _answer(intake, token, reason, pause_until)


def hand_back(intake: Intake, token: str) -> OfferStatus:
    """Record that the volunteer cannot go on with the match of this offer, once, and announce it.

    WrongState without a live match; the same again changes nothing.
    """
    offer = offer_of(intake, token)
    with intake.database.transaction() as tx:
        lock_offer(tx, offer)
        found = find_offer(tx, offer)
        if found.handed_back:
            return found.status
        if found.status not in LIVE:
            raise WrongState(found.status)
        reply = ReplyRow(new_ref(), offer, Answer.HANDED_BACK, to_hour(intake.clock.now()))
        REPLIES.insert(tx, reply)
        announce(tx, reply_event(reply, found.offer))
        return OfferStatus.ENDED


def _answer(intake: Intake, token: str, reason: str | None = None, pause_until: datetime | None = None) -> OfferStatus:
    """Commit the reply, then wait until the matcher has judged. No connection is held while waiting.

    A no has a reason, a yes has None.
    """
    offer = offer_of(intake, token)
    with intake.judgements.watch(offer) as moved:
        with intake.database.transaction() as tx:
            lock_offer(tx, offer)
            status = _reply(tx, intake, find_offer(tx, offer), reason, pause_until)
        deadline = time.monotonic() + intake.patience
        while status is OfferStatus.NOTED and moved.wait(max(0.0, deadline - time.monotonic())):
            moved.clear()
            with intake.database.transaction() as tx:
                status = find_offer(tx, offer).status
    return status


def _reply(
    tx: Connection, intake: Intake, found: OfferSnapshot, reason: str | None, pause_until: datetime | None
) -> OfferStatus:
    answer = Answer.ACCEPTED if reason is None else Answer.DECLINED
    if found.answer is not None:
        if found.answer is not answer:
            raise OtherAnswer(found.answer)
        return found.status
    if found.status is not OfferStatus.OPEN:
        return found.status
    paused = _pause(tx, found.offer.volunteer, pause_until) if pause_until else None
    reply = ReplyRow(new_ref(), found.offer.ref, answer, to_hour(intake.clock.now()))
    REPLIES.insert(tx, reply)
    if reason is not None:
        count_reason(tx, "declined", reason)
    announce(tx, reply_event(reply, found.offer, paused=paused))
    return OfferStatus.NOTED


def _pause(tx: Connection, volunteer: str, until: datetime) -> VolunteerRow | None:
    """Pause the volunteer who declines; None where they are not at work, so that the no itself still counts."""
    row = VOLUNTEERS.by_ref(tx, volunteer, lock=True)
    if row is None or row.state not in AT_WORK:
        check_pause(tx, until)
        return None
    return publish_volunteer(tx, pause(tx, row, until))


def _card(look: Look, halves: Sequence[SealedItem], now: datetime) -> dict[str, Any] | None:
    try:
        person, volunteer = (look.open(each) for each in halves)
    except KeyDestroyed:
        # One of the two is being erased; the next look tells the truth about the offer.
        return None
    return card_for(person, volunteer, now)
