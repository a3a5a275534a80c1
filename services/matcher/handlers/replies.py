"""Events of the topic `replies`: a volunteer said yes or no, or hands a match back. The first yes wins."""

from typing import Any

from sqlalchemy import Connection

from services.matcher.domain.lifecycle import EndedBy, OfferState, RequestState
from services.matcher.domain.weeks import month_of
from services.matcher.handlers.announcing import announce_match
from services.matcher.handlers.closing import cancel_deadlines, close_offer, close_open_offers, give_up_match
from services.matcher.handlers.context import Context
from services.matcher.handlers.match_life import wait_for_yes
from services.matcher.handlers.offering import comparable, search
from services.matcher.handlers.volunteers import must_withdraw
from services.matcher.handlers.waiting import capacity_freed
from services.matcher.storage import pool, requests
from services.matcher.storage.tables import Offer, Request, due_rows
from shared.clock import to_hour
from shared.database import database_now
from shared.events import Event
from shared.observability.logging import logger
from shared.refs import new_ref


def on_reply(context: Context, tx: Connection, event: Event) -> None:
    """Judge an answer. One to an offer that has closed changes nothing: its closing was announced."""
    data = event.data
    request = requests.lock(tx, data["request"])
    offer = requests.offer(tx, data["offer"])
    if request is None or offer is None:
        # Offers are this service's own: one it does not know went with an erased request.
        logger().info("reply_without_offer", reply=event.subject, offer=data["offer"])
        return
    match data["answer"]:
        case "accepted":
            _accepted(context, tx, request, offer)
        case "declined":
            _declined(context, tx, request, data)
        case "handed_back":
            _handed_back(context, tx, request, offer)


def _accepted(context: Context, tx: Connection, request: Request, offer: Offer) -> None:
    if must_withdraw(context, tx, offer) or not comparable(context, tx, request, offer.volunteer):
        # The news that they left, rest or changed came first, and its due row would come too late to judge this offer.
        # While the two are marked anew nobody knows whether a change of theirs forbids it, so it is not taken either.
        _take_back(context, tx, request, offer.ref, OfferState.WITHDRAWN)
        return
    now = database_now(tx)
    accepted = requests.change_open_offer(tx, offer.ref, state=OfferState.ACCEPTED, closed_at=to_hour(now))
    if accepted is None:
        return
    cancel_deadlines(tx, offer.ref)
    pool.turn_into_match(tx, offer.volunteer, month=month_of(now))
    match = requests.add_match(
        tx,
        ref=new_ref(),
        offer=offer.ref,
        request=request.ref,
        round=offer.round,
        volunteer=offer.volunteer,
        request_sequence=request.sequence,
        matched_at=to_hour(now),
    )
    close_open_offers(tx, request.ref, state=OfferState.SUPERSEDED, now=now)
    due_rows.cancel_subject(tx, request.ref)
    wait_for_yes(tx, match)
    requests.change(tx, request.ref, state=RequestState.MATCHED, tries=0, next_try_at=None, why=None)
    announce_match(tx, match, "matched")
    # Somebody who carries more than one can be asked again, now that this offer is answered.
    capacity_freed(tx, offer.volunteer)


def _declined(context: Context, tx: Connection, request: Request, data: dict[str, Any]) -> None:
    if data["pause_until"] is not None and data["volunteer_sequence"] is not None:
        pool.pause(tx, data["volunteer"], until=data["pause_until"], sequence=data["volunteer_sequence"])
        context.pool.touched(data["volunteer"])
    _take_back(context, tx, request, data["offer"], OfferState.DECLINED)


def _handed_back(context: Context, tx: Connection, request: Request, offer: Offer) -> None:
    """End the match that this offer led to.

    If the yes it takes back has not been handled yet, the offer is declined by it: the yes then finds it closed.
    """
    live = requests.live_match(tx, request.ref)
    if live is None or live.offer != offer.ref:
        _take_back(context, tx, request, offer.ref, OfferState.DECLINED)
    elif give_up_match(tx, live, by=EndedBy.VOLUNTEER, now=database_now(tx)) is not None:
        search(context, tx, requests.locked(tx, request.ref))


def _take_back(context: Context, tx: Connection, request: Request, offer: str, state: OfferState) -> None:
    if close_offer(tx, offer, state=state, now=database_now(tx)) is not None:
        search(context, tx, request)
