"""Projections of what the matcher decided, offers and matches, and the replies that volunteers gave here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select

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


OFFERS = Rows(offers, OfferRow)
MATCHES = Rows(matches, MatchRow)
REPLIES = Rows(replies, ReplyRow)


def lock_offer(tx: Connection, ref: str) -> None:
    """Lock the offer `ref` before it is looked at, if intake has heard of it."""
    tx.execute(select(offers.c.ref).where(offers.c.ref == ref).with_for_update())


def any_offer_open(tx: Connection, request: str, round_: int) -> bool:
    """Tell whether an offer of this round of the request is still open.

    That an offer was accepted is told by its match alone, so one that led to a match is not open.
    """
    c = offers.c
    led_to_a_match = exists().where(matches.c.offer == c.ref)
    still_open = exists().where(c.request == request, c.round == round_, c.state == OfferState.MADE, ~led_to_a_match)
    return bool(tx.execute(select(still_open)).scalar())
