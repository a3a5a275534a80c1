"""What the matcher does when a deadline has come. The row it is about is locked by the loop that calls these."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from services.matcher.domain.lifecycle import EndedBy, OfferState
from services.matcher.handlers import kinds
from services.matcher.handlers.announcing import announce_offer
from services.matcher.handlers.closing import close_offer, give_up_match
from services.matcher.handlers.context import Context
from services.matcher.handlers.match_life import ask_for_sign, ask_for_yes, check_in, end_by_itself
from services.matcher.handlers.offering import search, tell_if_late
from services.matcher.handlers.requests import judge
from services.matcher.handlers.volunteers import must_end, must_withdraw
from services.matcher.handlers.waiting import search_all_again
from services.matcher.storage import pool, requests, tables
from services.matcher.storage.tables import Match, Offer
from shared.clock import to_hour
from shared.database import database_now
from shared.duerows import DueHandler


def due_handlers(context: Context) -> dict[str, DueHandler]:
    handlers: dict[str, Callable[[Connection, str, str], None]] = {
        kinds.SEARCH: lambda tx, request, _: search(context, tx, requests.locked(tx, request)),
        kinds.READ_AGAIN: partial(_read_again, context),
        kinds.LATE: lambda tx, request, _: tell_if_late(context, tx, requests.locked(tx, request)),
        kinds.NUDGE: _nudge,
        kinds.EXPIRY: partial(_expire, context),
        kinds.VOLUNTEER_CHANGED: partial(_volunteer_changed, context),
        kinds.YES_DUE: ask_for_yes,
        kinds.CHECK_IN: check_in,
        kinds.SIGN_DUE: ask_for_sign,
        kinds.MATCH_END: end_by_itself,
        kinds.FORGET: lambda tx, request, _: requests.forget(tx, request),
    }
    of_requests = {kind: DueHandler(tables.requests, handle) for kind, handle in handlers.items()}
    return of_requests | {kinds.FREED: DueHandler(tables.pool, lambda tx, _volunteer, _item: search_all_again(tx))}


def _read_again(context: Context, tx: Connection, request: str, _: str) -> None:
    judge(context, tx, requests.locked(tx, request))


def _nudge(tx: Connection, _request: str, ref: str) -> None:
    offer = requests.change_open_offer(tx, ref, nudged_at=to_hour(database_now(tx)))
    if offer is not None:
        announce_offer(tx, offer, "nudged")


def _expire(context: Context, tx: Connection, request: str, offer: str) -> None:
    if close_offer(tx, offer, state=OfferState.EXPIRED, now=database_now(tx)) is not None:
        search(context, tx, requests.locked(tx, request))


def _volunteer_changed(context: Context, tx: Connection, request: str, item: str) -> None:
    now = database_now(tx)
    match = requests.match(tx, item)
    offer = requests.offer(tx, item)
    gone: Match | Offer | None = None
    if match is not None and must_end(context, tx, match):
        gone = _end_match(tx, match, now)
    elif offer is not None and must_withdraw(context, tx, offer):
        gone = close_offer(tx, item, state=OfferState.WITHDRAWN, now=now)
    if gone is not None:
        search(context, tx, requests.locked(tx, request))


def _end_match(tx: Connection, match: Match, now: datetime) -> Match | None:
    volunteer = pool.lock(tx, match.volunteer)
    suspended = volunteer is not None and volunteer.state == "suspended"
    return give_up_match(tx, match, by=EndedBy.COORDINATOR if suspended else EndedBy.VOLUNTEER, now=now)
