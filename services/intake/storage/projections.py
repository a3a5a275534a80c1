"""Projections of what the matcher decided, offers and matches, and the replies that volunteers gave here."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from services.intake.domain.offers import Answer, OfferState
from services.intake.storage.tables import matches, offers, replies


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


def put_offer(tx: Connection, row: OfferRow) -> None:
    """Write an offer as the matcher now tells of it."""
    _put(tx, offers, asdict(row))


def put_match(tx: Connection, row: MatchRow) -> None:
    """Write a match as the matcher now tells of it."""
    _put(tx, matches, asdict(row))


def insert_reply(tx: Connection, row: ReplyRow) -> None:
    """Write a reply; IntegrityError if the offer has one."""
    tx.execute(insert(replies).values(**asdict(row)))


def offer_by_ref(tx: Connection, ref: str, *, lock: bool = False) -> OfferRow | None:
    """Return the offer `ref`, locked if `lock`; None if intake has not heard of it."""
    statement = select(offers).where(offers.c.ref == ref)
    row = tx.execute(statement.with_for_update() if lock else statement).first()
    return None if row is None else _offer(dict(row._mapping))


def offers_to(tx: Connection, volunteer: str) -> list[OfferRow]:
    """Return every offer made to `volunteer`, newest first."""
    rows = tx.execute(select(offers).where(offers.c.volunteer == volunteer).order_by(offers.c.expires_at.desc()))
    return [_offer(dict(row._mapping)) for row in rows]


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


def match_by_ref(tx: Connection, ref: str) -> MatchRow | None:
    """Return the match `ref`; None if intake has not heard of it."""
    row = tx.execute(select(matches).where(matches.c.ref == ref)).first()
    return None if row is None else MatchRow(**row._mapping)


def match_of_offer(tx: Connection, offer: str) -> MatchRow | None:
    """Return the match that an offer led to; None if it led to none."""
    row = tx.execute(select(matches).where(matches.c.offer == offer)).first()
    return None if row is None else MatchRow(**row._mapping)


def live_match(tx: Connection, request: str, round_: int) -> MatchRow | None:
    """Return a match of this round of the request that is live; None if there is none."""
    c = matches.c
    row = tx.execute(select(matches).where(c.request == request, c.round == round_, c.live)).first()
    return None if row is None else MatchRow(**row._mapping)


def reply_to(tx: Connection, offer: str) -> ReplyRow | None:
    """Return the answer to an offer; None if there is none."""
    return _reply(tx, replies.c.offer == offer, replies.c.answer != Answer.HANDED_BACK)


def handed_back(tx: Connection, offer: str) -> bool:
    """Tell whether the volunteer of this offer handed its match back."""
    return _reply(tx, replies.c.offer == offer, replies.c.answer == Answer.HANDED_BACK) is not None


def _reply(tx: Connection, *where: ColumnElement[bool]) -> ReplyRow | None:
    row = tx.execute(select(replies).where(*where)).first()
    return None if row is None else ReplyRow(**{**row._mapping, "answer": Answer(row.answer)})


def _offer(values: dict[str, Any]) -> OfferRow:
    return OfferRow(**{**values, "state": OfferState(values["state"])})


def _put(tx: Connection, table: Table, values: dict[str, Any]) -> None:
    statement = insert(table).values(**values)
    tx.execute(statement.on_conflict_do_update(index_elements=["ref"], set_=values))
