"""The volunteer's side of an offer: look at the card, say yes or no, hand the match back.

`token` is the offer's, as it came; NotYet is raised while intake has not heard of the offer.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.card import card_for
from services.intake.domain.offers import Answer, MatchFacts, OfferFacts, OfferStatus, may_answer, status_of
from services.intake.domain.refusals import NotYet, OtherAnswer, WrongState
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import AT_WORK, MAY_GO_ON
from services.intake.handlers.announcing import announce_reply, publish_volunteer
from services.intake.handlers.context import Intake
from services.intake.handlers.keys import admitted, offer_of
from services.intake.handlers.reading import Conversation, conversation_in, time_zone_in
from services.intake.handlers.volunteers import check_pause, pause
from services.intake.storage.counts import count_reason
from services.intake.storage.projections import (
    MatchRow,
    OfferRow,
    ReplyRow,
    handed_back,
    insert_reply,
    match_of_offer,
    offer_by_ref,
    offers_to,
    reply_to,
)
from services.intake.storage.requests import RequestRow, request_by_ref
from services.intake.storage.volunteers import VolunteerRow, volunteer_by_ref
from shared.clock import to_hour
from shared.refs import new_ref
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from shared.vault.tokens import offer_token
from shared.vault.vault import SealedItem

LIVE = frozenset({OfferStatus.MATCHED, OfferStatus.INTRODUCED})
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


@dataclass(frozen=True)
class ListedOffer:
    """An offer on the volunteer's home page; `token` opens it, as the link in the mail does."""

    token: str
    status: OfferStatus
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Scene:
    """All rows that one offer is about."""

    offer: OfferRow
    reply: ReplyRow | None
    match: MatchRow | None
    request: RequestRow | None
    volunteer: VolunteerRow | None
    handed_back: bool

    @property
    def status(self) -> OfferStatus:
        match = self._match_facts()
        may_serve = MAY_GO_ON if match is not None and match.introduced else AT_WORK
        return status_of(
            OfferFacts(
                state=self.offer.state,
                reply=self.reply.answer if self.reply else None,
                match=match,
                request=self.request.state if self.request else None,
                at_work=self.volunteer is not None and self.volunteer.state in may_serve,
            )
        )

    def _match_facts(self) -> MatchFacts | None:
        if self.match is None:
            return None
        now_introduced = (
            self.request is not None
            and self.request.match == self.match.ref
            and self.request.state is RequestState.INTRODUCED
        )
        # A person who asked for someone else has left this match, before the matcher has heard of it.
        same_round = self.request is None or self.request.round == self.match.round
        return MatchFacts(
            live=self.match.live and same_round,
            introduced=now_introduced or self.match.introduced_at is not None,
            handed_back=self.handed_back,
            ended_by=self.match.ended_by,
        )


def load_scene(tx: Connection, offer: str, *, lock: bool = False) -> Scene:
    """Return all rows that an offer is about, the offer's own locked if `lock`; NotYet if it is not here yet."""
    row = offer_by_ref(tx, offer, lock=lock)
    if row is None:
        raise NotYet
    return Scene(
        row,
        reply_to(tx, offer),
        match_of_offer(tx, offer),
        request_by_ref(tx, row.request),
        volunteer_by_ref(tx, row.volunteer),
        handed_back(tx, offer),
    )


def read_offer(intake: Intake, token: str) -> OfferView:
    """Return the card and where the offer stands. Changes nothing, however often it is called and by whom."""
    with intake.database.transaction() as tx:
        scene = load_scene(tx, offer_of(intake, token))
        volunteer, status = scene.volunteer, scene.status
        zone = time_zone_in(intake, volunteer.profile, volunteer.ref, Purpose.VOLUNTEER_PROFILE) if volunteer else "UTC"
        introduced = status is OfferStatus.INTRODUCED and scene.request is not None
        kept = scene.request is not None and scene.request.private is not None
        return OfferView(
            status=status,
            expires_at=scene.offer.expires_at,
            card=_card(intake, scene.request, volunteer) if status in SHOWS_CARD else None,
            may_reveal=introduced and kept,
            forgotten=introduced and not kept,
            conversation=conversation_in(tx, scene.match) if scene.match is not None and status in LIVE else None,
            time_zone=zone,
        )


def list_offers(intake: Intake, key: str, pin: str | None = None) -> list[ListedOffer]:
    """Return every offer made to the volunteer of this key or home link, the latest first."""
    with admitted(intake, key, pin) as (tx, volunteer):
        return [
            ListedOffer(offer_token(intake.links, row.ref), load_scene(tx, row.ref).status, row.made_at, row.expires_at)
            for row in offers_to(tx, volunteer.ref)
        ]


@dataclass(frozen=True)
class No:
    """How a volunteer says no: why, and until when they would like to rest, if they would."""

    reason: str
    pause_until: datetime | None


def accept(intake: Intake, token: str) -> OfferStatus:
    """Record a yes, once, and announce it. OtherAnswer after a no.

    Returns the matcher's judgement, or NOTED if it is not here in time.
    """
    return _answer(intake, token, None)


def decline(intake: Intake, token: str, reason: str, pause_until: datetime | None) -> OfferStatus:
    """Record a no, once, and announce it, with a pause if the volunteer wants one. OtherAnswer after a yes.

    Returns as `accept` does.
    """
    return _answer(intake, token, No(reason, pause_until))


def hand_back(intake: Intake, token: str) -> OfferStatus:
    """Record that the volunteer cannot go on with the match of this offer, once, and announce it.

    WrongState without a live match; the same again changes nothing.
    """
    offer = offer_of(intake, token)
    with intake.database.transaction() as tx:
        scene = load_scene(tx, offer, lock=True)
        if scene.handed_back:
            return scene.status
        if scene.status not in LIVE:
            raise WrongState(scene.status)
        reply = ReplyRow(new_ref(), offer, Answer.HANDED_BACK, to_hour(intake.clock.now()))
        insert_reply(tx, reply)
        announce_reply(tx, reply, scene.offer, pause_until=None, paused=None)
        return OfferStatus.ENDED


def _answer(intake: Intake, token: str, no: No | None) -> OfferStatus:
    """Commit the reply, then wait until the matcher has judged. No connection is held while waiting."""
    offer = offer_of(intake, token)
    with intake.judgements.watch(offer) as moved:
        with intake.database.transaction() as tx:
            status = _reply(tx, intake, load_scene(tx, offer, lock=True), no)
        deadline = time.monotonic() + intake.patience
        while status is OfferStatus.NOTED and moved.wait(max(0.0, deadline - time.monotonic())):
            moved.clear()
            with intake.database.transaction() as tx:
                status = load_scene(tx, offer).status
    return status


def _reply(tx: Connection, intake: Intake, scene: Scene, no: No | None) -> OfferStatus:
    answer = Answer.DECLINED if no else Answer.ACCEPTED
    if scene.reply is not None:
        if scene.reply.answer is not answer:
            raise OtherAnswer(scene.reply.answer)
        return scene.status
    if not may_answer(scene.status):
        return scene.status
    pause_until = no.pause_until if no else None
    paused = _pause(tx, scene.offer.volunteer, pause_until) if pause_until else None
    reply = ReplyRow(new_ref(), scene.offer.ref, answer, to_hour(intake.clock.now()))
    insert_reply(tx, reply)
    if no:
        count_reason(tx, "declined", no.reason)
    announce_reply(tx, reply, scene.offer, pause_until=pause_until, paused=paused)
    return OfferStatus.NOTED


def _pause(tx: Connection, volunteer: str, until: datetime) -> VolunteerRow | None:
    """Pause the volunteer who declines; None where they are not at work, so that the no itself still counts."""
    check_pause(tx, until)
    row = volunteer_by_ref(tx, volunteer, lock=True)
    if row is None or row.state not in AT_WORK:
        return None
    return publish_volunteer(tx, pause(tx, row, until))


def _card(intake: Intake, request: RequestRow | None, volunteer: VolunteerRow | None) -> dict[str, Any] | None:
    if request is None or volunteer is None or request.card is None or volunteer.profile is None:
        return None
    try:
        half, profile = intake.open_all(
            [
                SealedItem(request.card, request.ref, Purpose.PERSON_CARD),
                SealedItem(volunteer.profile, volunteer.ref, Purpose.VOLUNTEER_PROFILE),
            ],
        )
    except KeyDestroyed:
        # One of the two is being erased; the next look tells the truth about the offer.
        return None
    return card_for(half, profile, intake.clock.now())
