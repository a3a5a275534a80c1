"""Events of the topic `replies`: a volunteer said yes or no. The first yes to a request wins."""

from typing import Any

from sqlalchemy import Connection, Row

from services.matcher.announcing import announce_match
from services.matcher.domain.lifecycle import OfferState, RequestState
from services.matcher.handlers.closing import cancel_deadlines, close_offer, close_open_offers
from services.matcher.handlers.context import Context
from services.matcher.handlers.offering import search
from services.matcher.handlers.volunteers import GONE
from services.matcher.storage import pool, requests
from services.matcher.storage.tables import due_rows
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
    if data["answer"] == "accepted":
        _accepted(tx, request, offer)
    else:
        _declined(context, tx, request, data)


def _accepted(tx: Connection, request: Row[Any], offer: Row[Any]) -> None:
    volunteer = pool.lock(tx, offer.volunteer)
    if volunteer is None or volunteer.state in GONE:
        # The news that they left came first: its due row takes the offer back and asks somebody else.
        return
    now = database_now(tx)
    accepted = requests.change_open_offer(tx, offer.ref, state=OfferState.ACCEPTED, closed_at=to_hour(now))
    if accepted is None:
        return
    cancel_deadlines(tx, offer.ref)
    pool.turn_into_match(tx, offer.volunteer, month=now.date().replace(day=1))
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
    requests.change(tx, request.ref, state=RequestState.MATCHED, tries=0, next_try_at=None, why=None)
    announce_match(tx, match, "matched")


def _declined(context: Context, tx: Connection, request: Row[Any], data: dict[str, Any]) -> None:
    if data["pause_until"] is not None and data["volunteer_sequence"] is not None:
        pool.pause(tx, data["volunteer"], until=data["pause_until"], sequence=data["volunteer_sequence"])
        context.pool.touched(data["volunteer"])
    if close_offer(tx, data["offer"], state=OfferState.DECLINED, now=database_now(tx)) is not None:
        search(context, tx, request)
