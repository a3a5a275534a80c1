"""What one page or command is about, loaded by one statement: a request or an offer with the rows around it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, ScalarSelect, exists, func, select

from services.intake.domain.offers import Answer, OfferState, OfferStatus, status_of_match, status_of_offer
from services.intake.domain.requests import FINAL, IN_A_MATCH, RequestState
from services.intake.domain.volunteers import AT_WORK, MAY_GO_ON
from services.intake.storage import tables
from services.intake.storage.tables import matches, offers, replies, requests, volunteers


@dataclass(frozen=True)
class RequestSnapshot:
    """A request, its present match and that volunteer.

    `handed_back`: the volunteer gave the match back; the matcher may not have heard of it. `offers_until`: until when
    an open offer of this round can be answered. `due`: when a due row of each kind that was asked for is due.
    """

    request: tables.RequestRow
    match: tables.MatchRow | None
    volunteer: tables.VolunteerRow | None
    handed_back: bool
    offers_until: datetime | None
    due: Mapping[str, datetime | None]

    @property
    def live_match(self) -> tables.MatchRow | None:
        """The match, if neither side has left it; the matcher may not have heard of that yet."""
        stays = self.volunteer is not None and self.volunteer.state in MAY_GO_ON and not self.handed_back
        live = self.match is not None and self.match.live and self.request.state in IN_A_MATCH
        return self.match if live and stays else None


@dataclass(frozen=True)
class OfferSnapshot:
    """An offer, what its volunteer answered, and the match, the request and the volunteer that it is about."""

    offer: tables.OfferRow
    answer: Answer | None
    handed_back: bool
    match: tables.MatchRow | None
    request: tables.RequestRow | None
    volunteer: tables.VolunteerRow | None

    @property
    def status(self) -> OfferStatus:
        """What the volunteer is told."""
        request, match = self.request, self.match
        introduced = match is not None and (
            match.introduced_at is not None
            or (request is not None and request.match == match.ref and request.state is RequestState.INTRODUCED)
        )
        may_serve = MAY_GO_ON if introduced else AT_WORK
        one_left = (
            request is None or request.state in FINAL or self.volunteer is None or self.volunteer.state not in may_serve
        )
        if match is None:
            return status_of_offer(self.offer.state, answered=self.answer is not None, one_left=one_left)
        # A person who asked for someone else has left this match, before the matcher has heard of it.
        same_round = request is None or request.round == match.round
        return status_of_match(
            live=match.live and same_round,
            introduced=introduced,
            handed_back=self.handed_back,
            ended_by=match.ended_by,
            one_left=one_left,
        )


def request_snapshot(tx: Connection, lookup_id: str, *, due: Collection[str] = ()) -> RequestSnapshot | None:
    """Return the request that a key's lookup id finds, with the due rows of the kinds `due`; None if there is none."""
    open_offers = (offers.c.request == requests.c.ref, offers.c.round == requests.c.round)
    until = select(func.max(offers.c.expires_at)).where(*open_offers, offers.c.state == OfferState.MADE)
    around = requests.outerjoin(matches, matches.c.ref == requests.c.match)
    around = around.outerjoin(volunteers, volunteers.c.ref == matches.c.volunteer)
    row = tx.execute(
        select(requests, matches, volunteers, _handed_back(matches.c.offer))
        .add_columns(until.scalar_subquery().label("offers_until"), *(_due_at(kind).label(kind) for kind in due))
        .select_from(around)
        .where(requests.c.lookup_id == lookup_id)
    ).first()
    request = tables.REQUESTS.part_of(row) if row is not None else None
    if row is None or request is None:
        return None
    return RequestSnapshot(
        request=request,
        match=tables.MATCHES.part_of(row),
        volunteer=tables.VOLUNTEERS.part_of(row),
        handed_back=row.handed_back,
        offers_until=row.offers_until,
        due={kind: row._mapping[kind] for kind in due},
    )


def offer_snapshots(tx: Connection, which: ColumnElement[bool]) -> list[OfferSnapshot]:
    """Return every offer of which the condition `which` on its row holds, newest first."""
    answers = replies.c.offer == offers.c.ref, replies.c.answer != Answer.HANDED_BACK
    around = offers.outerjoin(matches, matches.c.offer == offers.c.ref)
    around = around.outerjoin(requests, requests.c.ref == offers.c.request)
    around = around.outerjoin(volunteers, volunteers.c.ref == offers.c.volunteer)
    rows = tx.execute(
        select(offers, matches, requests, volunteers, _handed_back(offers.c.ref))
        .add_columns(select(replies.c.answer).where(*answers).scalar_subquery().label("answered"))
        .select_from(around)
        .where(which)
        .order_by(offers.c.expires_at.desc())
    )
    return [
        OfferSnapshot(
            offer=offer,
            answer=Answer(row.answered) if row.answered else None,
            handed_back=row.handed_back,
            match=tables.MATCHES.part_of(row),
            request=tables.REQUESTS.part_of(row),
            volunteer=tables.VOLUNTEERS.part_of(row),
        )
        for row in rows
        if (offer := tables.OFFERS.part_of(row))
    ]


def _handed_back(offer: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(replies.c.offer == offer, replies.c.answer == Answer.HANDED_BACK).label("handed_back")


def _due_at(kind: str) -> ScalarSelect[datetime]:
    due = tables.due_rows.table.c
    return select(due.due_at).where(due.kind == kind, due.item == requests.c.ref).scalar_subquery()
