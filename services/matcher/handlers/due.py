"""What the matcher does when a deadline has come. The request's row is locked by the loop that calls these."""

from sqlalchemy import Connection

from services.matcher.announcing import announce_offer
from services.matcher.domain.lifecycle import EndedBy, OfferState, RequestState, Then, what_follows
from services.matcher.handlers.closing import close_offer, end_match
from services.matcher.handlers.context import EXPIRY, NUDGE, SEARCH, VOLUNTEER_GONE, Context
from services.matcher.handlers.offering import search
from services.matcher.storage import pool, requests, tables
from shared.clock import to_hour
from shared.database import database_now
from shared.duerows import DueHandler

AFTER_MATCH = {Then.WAITING: RequestState.WAITING, Then.OVER: RequestState.ENDED}


def due_handlers(context: Context) -> dict[str, DueHandler]:
    """Return the handler of each kind of due row."""

    def try_again(tx: Connection, request: str, _item: str) -> None:
        search(context, tx, requests.row(tx, request))

    def nudge(tx: Connection, _request: str, offer: str) -> None:
        nudged = requests.change_open_offer(tx, offer, nudged_at=to_hour(database_now(tx)))
        if nudged is not None:
            announce_offer(tx, nudged, "nudged")

    def expire(tx: Connection, request: str, offer: str) -> None:
        if close_offer(tx, offer, state=OfferState.EXPIRED, now=database_now(tx)) is not None:
            search(context, tx, requests.row(tx, request))

    def volunteer_gone(tx: Connection, request: str, item: str) -> None:
        _volunteer_gone(context, tx, request, item)

    handlers = {SEARCH: try_again, NUDGE: nudge, EXPIRY: expire, VOLUNTEER_GONE: volunteer_gone}
    return {kind: DueHandler(tables.requests, handle) for kind, handle in handlers.items()}


def _volunteer_gone(context: Context, tx: Connection, request: str, item: str) -> None:
    now = database_now(tx)
    match = requests.match(tx, item)
    if match is None:
        gone = close_offer(tx, item, state=OfferState.WITHDRAWN, now=now)
    else:
        volunteer = pool.lock(tx, match.volunteer)
        suspended = volunteer is not None and volunteer.state == "suspended"
        by = EndedBy.COORDINATOR if suspended else EndedBy.VOLUNTEER
        follows = what_follows(by, introduced=match.introduced_at is not None)
        gone = end_match(tx, item, by=by, follows=follows, now=now)
        if gone is not None:
            requests.change(tx, request, state=AFTER_MATCH[follows])
    if gone is None:
        return
    search(context, tx, requests.row(tx, request))
    pool.delete_if_free(tx, gone.volunteer)
