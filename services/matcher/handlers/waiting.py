"""A request's wait: how it begins, whose turn it is, and when it has lasted too long."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from services.matcher.domain.hard_rules import ASLEEP
from services.matcher.domain.lifecycle import RequestState
from services.matcher.domain.profiles import PersonProfile
from services.matcher.domain.timing import Late, late_next, lateness, next_try_at
from services.matcher.handlers import kinds
from services.matcher.handlers.announcing import announce_search
from services.matcher.handlers.context import Context
from services.matcher.storage import requests, tables
from services.matcher.storage.tables import Request, due_rows
from shared.clock import to_hour
from shared.database import TRANSACTION_AT_MOST, database_now


def begin_wait(tx: Connection, ref: str, *, now: datetime) -> Request:
    """Let the request `ref`, whose row is locked, wait anew from `now`: what was said of an earlier wait is over."""
    anew = {"state": RequestState.WAITING, "tries": 0, "waiting_since": to_hour(now)}
    return requests.change(tx, ref, late=Late.NO, why=None, next_try_at=None, **anew)


def capacity_freed(tx: Connection, volunteer: str) -> None:
    """Let every request that waits look for somebody, now and once more: `volunteer` may have capacity.

    A search that is under way sees neither this transaction nor what it frees, and its wait is not seen from here.
    This one and such a one after it have ended when twice the longest transaction has passed.
    """
    search_all_again(tx)
    due_rows.schedule(tx, kinds.FREED, volunteer, volunteer, 2 * TRANSACTION_AT_MOST)


def search_all_again(tx: Connection) -> None:
    """Let every request whose wait is committed look for somebody now, the longest wait first."""
    due_rows.pull_forward(tx, kinds.SEARCH, tables.requests.c.waiting_since)


def watch(tx: Connection, request: Request, urgency: str) -> None:
    """See to it that a request whose offers nobody answers is looked at when it becomes late."""
    at = late_next(request.waiting_since, urgency, database_now(tx))
    if at is not None:
        due_rows.schedule_at(tx, kinds.LATE, request.ref, request.ref, at)


def wait(context: Context, tx: Connection, request: Request, person: PersonProfile, asked: Collection[str]) -> None:
    """Try again later, and say so unless what was said last still holds."""
    now = database_now(tx)
    late = lateness(now - request.waiting_since, person.urgency)
    state = RequestState.STALLED if late is Late.SILENT_LIMIT else RequestState.WAITING
    tries = request.tries + 1
    with context.pool.ranking(tx, person, now=now, asked_before=asked, reads=False) as ranking:
        why, wakes = ranking.why_nobody(), ranking.somebody_wakes_at()
    next_look = next_try_at(
        now, waiting_since=request.waiting_since, tries=tries, urgency=person.urgency, somebody_wakes_at=wakes
    )
    # Looked at meanwhile is whether somebody awake came free; the hour that the person is told is that of the waking.
    told = wakes if why == ASLEEP and wakes is not None else next_look
    said_already = (request.state, request.why, request.late) == (state, why, late)
    still_true = why != ASLEEP or told == request.next_try_at
    if said_already and still_true and request.next_try_at is not None and request.next_try_at > now:
        # Nothing new was found. That was an extra try: the one that was announced is still made.
        due_rows.schedule_at(tx, kinds.SEARCH, request.ref, request.ref, min(next_look, request.next_try_at))
        return
    due_rows.schedule_at(tx, kinds.SEARCH, request.ref, request.ref, next_look)
    said = {"state": state, "why": why, "late": late, "next_try_at": told}
    announce_search(tx, requests.change(tx, request.ref, tries=tries, version=request.version + 1, **said))
