"""Events of the topic `deliveries`: a volunteer whom no notice can reach is not asked, and somebody else is."""

from sqlalchemy import Connection

from services.matcher.domain.lifecycle import OfferState
from services.matcher.handlers.closing import close_offer
from services.matcher.handlers.context import Context
from services.matcher.handlers.offering import search
from services.matcher.storage import pool, requests
from shared.database import database_now
from shared.events import Event


def on_delivery(context: Context, tx: Connection, event: Event) -> None:
    """Act on a delivery that failed for good; one that was sent needs nothing."""
    data = event.data
    if data["state"] != "failed":
        return
    request = requests.lock(tx, data["request"]) if data["request"] else None
    if data["volunteer"] is not None and data["volunteer_sequence"] is not None:
        pool.mark_unreachable(tx, data["volunteer"], sequence=data["volunteer_sequence"])
        context.pool.touched(data["volunteer"])
    if request is None or data["notice"] != "offer" or data["offer"] is None:
        return
    if close_offer(tx, data["offer"], state=OfferState.UNDELIVERABLE, now=database_now(tx)) is not None:
        search(context, tx, request)
