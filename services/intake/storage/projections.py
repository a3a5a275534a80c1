"""Projections of what the matcher decided, offers and matches, and the replies that volunteers gave here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from services.intake.domain.offers import Answer, OfferState
from services.intake.storage.tables import matches, offers, replies
from shared.rows import Rows


@dataclass(frozen=True)
class OfferRow:
    """An offer as the matcher tells of it. `expires_at` is exact, the other times are full hours."""

    ref: str
    request: str
    round: int
    volunteer: str
    state: OfferState
    made_at: datetime
    expires_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class MatchRow:
    """A match as the matcher tells of it. Times are full hours."""

    ref: str
    offer: str
    request: str
    round: int
    volunteer: str
    request_sequence: int
    live: bool
    matched_at: datetime
    introduced_at: datetime | None
    check_ins: int
    sign_asks: int
    ended_by: str | None


@dataclass(frozen=True)
class ReplyRow:
    """What a volunteer answered to an offer, or that they handed its match back; one of each per offer, for ever."""

    ref: str
    offer: str
    answer: Answer
    answered_at: datetime


OFFERS, MATCHES, REPLIES = Rows(offers, OfferRow), Rows(matches, MatchRow), Rows(replies, ReplyRow)
put_offer, offer_by_ref = OFFERS.put, OFFERS.by_ref
put_match, match_by_ref = MATCHES.put, MATCHES.by_ref
insert_reply = REPLIES.insert


def offers_to(tx: Connection, volunteer: str) -> list[OfferRow]:
    """Return every offer made to `volunteer`, newest first."""
    return OFFERS.all(tx, offers.c.volunteer == volunteer, order_by=[offers.c.expires_at.desc()])


def any_offer_open(tx: Connection, request: str, round_: int) -> bool:
    """Tell whether an offer of this round of the request is still open.

    That an offer was accepted is told by its match alone, so one that led to a match is not open.
    """
    c = offers.c
    led_to_a_match = exists().where(matches.c.offer == c.ref)
    still_open = exists().where(c.request == request, c.round == round_, c.state == OfferState.MADE, ~led_to_a_match)
    return bool(tx.execute(select(still_open)).scalar())


def offers_until(tx: Connection, request: str, round_: int) -> datetime | None:
    """Return the latest time until which an open offer of this round can be answered; None if none is open."""
    c = offers.c
    made = (c.request == request, c.round == round_, c.state == OfferState.MADE)
    until: datetime | None = tx.execute(select(func.max(c.expires_at)).where(*made)).scalar()
    return until


def match_of_offer(tx: Connection, offer: str) -> MatchRow | None:
    """Return the match that an offer led to; None if it led to none."""
    return MATCHES.one(tx, matches.c.offer == offer)


def live_match(tx: Connection, request: str, round_: int) -> MatchRow | None:
    """Return a match of this round of the request that is live; None if there is none."""
    return MATCHES.one(tx, matches.c.request == request, matches.c.round == round_, matches.c.live)


def reply_to(tx: Connection, offer: str) -> ReplyRow | None:
    """Return the answer to an offer; None if there is none."""
    return REPLIES.one(tx, replies.c.offer == offer, replies.c.answer != Answer.HANDED_BACK)


def handed_back(tx: Connection, offer: str) -> bool:
    """Tell whether the volunteer of this offer handed its match back."""
    return REPLIES.one(tx, replies.c.offer == offer, replies.c.answer == Answer.HANDED_BACK) is not None
