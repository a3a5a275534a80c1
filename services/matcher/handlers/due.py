"""What the matcher does when a deadline has come. The request's row is locked by the loop that calls these."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from services.matcher.announcing import announce_offer
from services.matcher.domain.lifecycle import EndedBy, OfferState, RequestState, Then, what_follows
from services.matcher.handlers.closing import close_offer, end_match
from services.matcher.handlers.context import EXPIRY, NUDGE, SEARCH, VOLUNTEER_CHANGED, Context
from services.matcher.handlers.offering import forbidden, search
from services.matcher.handlers.volunteers import GONE, SERVING
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

    def volunteer_changed(tx: Connection, request: str, item: str) -> None:
        _volunteer_changed(context, tx, request, item)

    handlers = {SEARCH: try_again, NUDGE: nudge, EXPIRY: expire, VOLUNTEER_CHANGED: volunteer_changed}
    return {kind: DueHandler(tables.requests, handle) for kind, handle in handlers.items()}


def _volunteer_changed(context: Context, tx: Connection, request: str, item: str) -> None:
    now = database_now(tx)
    match = requests.match(tx, item)
    judged = match or requests.offer(tx, item)
    introduced = match is not None and match.introduced_at is not None
    if judged is None or not _must_end(context, tx, judged, introduced=introduced):
        return
    gone = _end_match(tx, match, now) if match else close_offer(tx, item, state=OfferState.WITHDRAWN, now=now)
    if gone is None:
        return
    search(context, tx, requests.row(tx, request))
    pool.delete_if_free(tx, gone.volunteer)


def _must_end(context: Context, tx: Connection, judged: Row[Any], *, introduced: bool) -> bool:
    """Tell whether this offer or match must not go on with its volunteer as they are now.

    Two who are introduced go on unless the volunteer left or was suspended: what a rule keeps apart has met by then.
    """
    volunteer = pool.lock(tx, judged.volunteer)
    if volunteer is None or volunteer.state in GONE:
        return True
    if introduced:
        return False
    # This replica's copy of the row may lag behind the event that made this row due.
    context.pool.changed(judged.volunteer)
    return volunteer.state not in SERVING or forbidden(context, tx, requests.row(tx, judged.request), judged.volunteer)


def _end_match(tx: Connection, match: Row[Any], now: datetime) -> Row[Any] | None:
    volunteer = pool.lock(tx, match.volunteer)
    suspended = volunteer is not None and volunteer.state == "suspended"
    by = EndedBy.COORDINATOR if suspended else EndedBy.VOLUNTEER
    follows = what_follows(by, introduced=match.introduced_at is not None)
    gone = end_match(tx, match.ref, by=by, follows=follows, now=now)
    if gone is not None:
        requests.change(tx, match.request, state=AFTER_MATCH[follows])
    return gone
