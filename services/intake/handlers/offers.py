"""The volunteer's side of an offer: look at the card, answer, and after the introduction open words and contact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.card import card_for
from services.intake.domain.offers import Answer, MatchFacts, OfferFacts, View, may_answer, view_of
from services.intake.domain.refusals import NotYet, OtherAnswer, WrongState
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import AT_WORK, MAY_GO_ON
from services.intake.handlers.announcing import announce_reply, publish_volunteer
from services.intake.handlers.reading import Conversation, conversation_in, time_zone_in
from services.intake.handlers.requests import opened_all
from services.intake.handlers.signs import note_sign
from services.intake.handlers.tools import Tools
from services.intake.handlers.volunteers import check_pause, find_volunteer, pause
from services.intake.storage.access import Access, Opener, record_access
from services.intake.storage.copies import (
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
from services.intake.storage.counts import count_reason
from services.intake.storage.requests import RequestRow, request_by_ref
from services.intake.storage.volunteers import VolunteerRow, volunteer_by_ref
from shared.clock import to_hour
from shared.refs import new_ref
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from shared.vault.tokens import offer_token
from shared.vault.vault import SealedItem

LIVE = frozenset({View.MATCHED, View.INTRODUCED})
SHOWS_CARD = frozenset({View.OPEN, View.NOTED, View.MATCHED, View.INTRODUCED})


@dataclass(frozen=True)
class OfferView:
    """An offer as its volunteer sees it. `card` is None once it is over.

    `may_reveal`: the person's yes is here, and words and contact can be opened; `forgotten`: it is here, and they have
    been forgotten since, whether or not any were given.

    `conversation` is None where nothing may be written. `time_zone` (IANA) is the volunteer's own; UTC once they left.
    """

    view: View
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
    view: View
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Revealed:
    """What the person wants the volunteer to have; None is what they did not give.

    `forgotten`: the time of both is over, so nobody can tell any more whether they were given.
    """

    words: str | None
    contact: dict[str, str] | None
    forgotten: bool = False


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
    def view(self) -> View:
        """Return what the volunteer is told."""
        match = self._match_facts()
        may_serve = MAY_GO_ON if match is not None and match.introduced else AT_WORK
        return view_of(
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
        # Whoever asked for someone else has left this match, before the matcher has heard of it.
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


def read_offer(tx: Connection, tools: Tools, offer: str) -> OfferView:
    """Return the card and where the offer stands. Changes nothing, however often it is called and by whom."""
    scene = load_scene(tx, offer)
    view = scene.view
    card = _card(tools, scene.request, scene.volunteer) if view in SHOWS_CARD else None
    volunteer = scene.volunteer
    zone = time_zone_in(tools, volunteer.profile, volunteer.ref, Purpose.VOLUNTEER_PROFILE) if volunteer else "UTC"
    conversation = conversation_in(tx, scene.match) if scene.match is not None and view in LIVE else None
    introduced = view is View.INTRODUCED and scene.request is not None
    kept = scene.request is not None and scene.request.private is not None
    return OfferView(
        view=view,
        expires_at=scene.offer.expires_at,
        card=card,
        may_reveal=introduced and kept,
        forgotten=introduced and not kept,
        conversation=conversation,
        time_zone=zone,
    )


def list_offers(tx: Connection, tools: Tools, lookup: str) -> list[ListedOffer]:
    """Return every offer made to the volunteer of this key, the latest first."""
    volunteer = find_volunteer(tx, lookup)
    return [
        ListedOffer(offer_token(tools.links, row.ref), load_scene(tx, row.ref).view, row.made_at, row.expires_at)
        for row in offers_to(tx, volunteer.ref)
    ]


def accept(tx: Connection, tools: Tools, offer: str) -> View:
    """Record a yes, once, and announce it; return where the offer stands now. OtherAnswer after a no."""
    return _answer(tx, tools, offer, Answer.ACCEPTED, reason=None, pause_until=None)


def decline(tx: Connection, tools: Tools, offer: str, reason: str, pause_until: datetime | None) -> View:
    """Record a no, once, and announce it, with a pause if the volunteer wants one. OtherAnswer after a yes."""
    return _answer(tx, tools, offer, Answer.DECLINED, reason=reason, pause_until=pause_until)


def where_it_stands(tx: Connection, offer: str) -> View:
    """Return where an offer stands."""
    return load_scene(tx, offer).view


def reveal(tx: Connection, tools: Tools, offer: str) -> Revealed:
    """Open the person's words and contact for the volunteer, and write it into the person's access record.

    WrongState before the person's yes and after the end.
    """
    row = offer_by_ref(tx, offer)
    if row is None:
        raise NotYet
    # The person's row is locked, so that an erasure either comes first or waits until the record is written.
    request = request_by_ref(tx, row.request, lock=True)
    scene = load_scene(tx, offer)
    if scene.view is not View.INTRODUCED or request is None:
        raise WrongState(scene.view)
    note_sign(tx, tools, request, "volunteer")
    if request.private is None:
        return Revealed(None, None, forgotten=True)
    opened = Access(Opener.VOLUNTEER, "words_and_contact", "introduced", tools.clock.now())
    record_access(tx, request.ref, opened, match=scene.match.ref if scene.match else None)
    private = tools.vault.open(request.private, request.ref, Purpose.PERSON_PRIVATE)
    return Revealed(private["words"], private["contact"])


def hand_back(tx: Connection, tools: Tools, offer: str) -> View:
    """Record that the volunteer cannot go on with the match of this offer, once, and announce it.

    WrongState without a live match; the same again changes nothing.
    """
    scene = load_scene(tx, offer, lock=True)
    if scene.handed_back:
        return scene.view
    if scene.view not in LIVE:
        raise WrongState(scene.view)
    reply = ReplyRow(new_ref(), offer, Answer.HANDED_BACK, to_hour(tools.clock.now()))
    insert_reply(tx, reply)
    announce_reply(tx, reply, scene.offer, pause_until=None, paused=None)
    return View.ENDED


def _answer(
    tx: Connection, tools: Tools, offer: str, answer: Answer, *, reason: str | None, pause_until: datetime | None
) -> View:
    scene = load_scene(tx, offer, lock=True)
    if scene.reply is not None:
        if scene.reply.answer is not answer:
            raise OtherAnswer(scene.reply.answer)
        return scene.view
    if not may_answer(scene.view):
        return scene.view
    paused = _pause(tx, scene.offer.volunteer, pause_until) if pause_until else None
    reply = ReplyRow(new_ref(), offer, answer, to_hour(tools.clock.now()))
    insert_reply(tx, reply)
    if reason:
        count_reason(tx, "declined", reason)
    announce_reply(tx, reply, scene.offer, pause_until=pause_until, paused=paused)
    return View.NOTED


def _pause(tx: Connection, volunteer: str, until: datetime) -> VolunteerRow | None:
    """Pause the volunteer who declines; None where they are not at work, so that the no itself still counts."""
    check_pause(tx, until)
    row = volunteer_by_ref(tx, volunteer, lock=True)
    if row is None or row.state not in AT_WORK:
        return None
    return publish_volunteer(tx, pause(tx, row, until))


def _card(tools: Tools, request: RequestRow | None, volunteer: VolunteerRow | None) -> dict[str, Any] | None:
    if request is None or volunteer is None or request.card is None or volunteer.profile is None:
        return None
    try:
        half, profile = opened_all(
            tools,
            [
                SealedItem(request.card, request.ref, Purpose.PERSON_CARD),
                SealedItem(volunteer.profile, volunteer.ref, Purpose.VOLUNTEER_PROFILE),
            ],
        )
    except KeyDestroyed:
        # One of the two is being erased; the next look tells the truth about the offer.
        return None
    return card_for(half, profile, tools.clock.now())
