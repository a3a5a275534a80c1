"""Events of the topic `requests`: a request is published, changed, introduced, or comes to its end."""

from typing import Any

from sqlalchemy import Connection

from services.matcher.domain.lifecycle import EndedBy, OfferState, RequestState, Then
from services.matcher.handlers import kinds
from services.matcher.handlers.announcing import announce_match
from services.matcher.handlers.closing import close_open_offers, end_match
from services.matcher.handlers.context import Context
from services.matcher.handlers.match_life import introduce, note_sign, note_writing
from services.matcher.handlers.offering import comparable, forbidden, recheck_offers, search
from services.matcher.handlers.waiting import begin_wait
from services.matcher.storage import requests
from services.matcher.storage.tables import Match, Request, due_rows
from shared.clock import to_hour
from shared.database import database_now
from shared.events import Event
from shared.vocabulary import vocabulary


def on_request(context: Context, tx: Connection, event: Event) -> None:
    """Act on the state that the event carries, whatever it is called."""
    data = event.data
    if "profile" not in data:
        # Texts that wait and reports are the notifier's matter.
        return
    now = database_now(tx)
    request = requests.lock_or_create(
        tx, event.subject, round_=data["round"], sequence=event.sequence, now=to_hour(now)
    )
    match data["state"]:
        case "open":
            _open(context, tx, request, data)
        case "introduced":
            _introduced(tx, request, data)
        case "withdrawn" | "closed" as state:
            _finish(tx, event.subject, RequestState(state))
            kept = vocabulary().defaults.retention.request_after_close
            due_rows.schedule(tx, kinds.FORGET, event.subject, event.subject, kept)
        case "erased":
            _finish(tx, event.subject, RequestState.ERASED)
            requests.forget(tx, event.subject)


def _open(context: Context, tx: Connection, request: Request, data: dict[str, Any]) -> None:
    now = database_now(tx)
    live = requests.live_match(tx, request.ref)
    if data["round"] > request.round:
        # Someone else is asked for: what is open belongs to the round before.
        close_open_offers(tx, request.ref, state=OfferState.WITHDRAWN, now=now)
        if live is not None:
            end_match(tx, live.ref, by=EndedBy.PERSON, follows=Then.WAITING, now=now)
            live = None
        begin_wait(tx, request.ref, now=to_hour(now))
    request = requests.change(tx, request.ref, round=data["round"], profile=data["profile"])
    live = judge(context, tx, request)
    writing = live is not None and live.introduced_at is None
    if live is not None and writing and (live.ref, "person") == (data["match"], data["sign_by"]):
        note_writing(tx, live, data["sign_at"])


def judge(context: Context, tx: Connection, request: Request) -> Match | None:
    """Judge what is open of `request`, whose row is locked, by what the person says now; search if nobody was found.

    Return the match that goes on.
    """
    live = requests.live_match(tx, request.ref)
    if live is not None and live.introduced_at is None:
        live = _judge_again(context, tx, request, live)
    if live is None:
        recheck_offers(context, tx, request)
        search(context, tx, requests.locked(tx, request.ref))
    return live


def _judge_again(context: Context, tx: Connection, request: Request, live: Match) -> Match | None:
    """Judge a match by a change of wishes that crossed the volunteer's yes; None if it ended by that.

    While nobody can tell whether the change forbids it, it stays as it was judged before.

    A person who chose `at_once` is introduced only on a match judged by their latest wishes, so it is announced again.
    """
    if forbidden(context, tx, request, live.volunteer):
        end_match(tx, live.ref, by=EndedBy.PERSON, follows=Then.WAITING, now=database_now(tx))
        return None
    if not comparable(context, tx, request, live.volunteer):
        return live
    judged = requests.change_live_match(tx, live.ref, request_sequence=request.sequence)
    if judged is not None:
        announce_match(tx, judged, "matched")
    return judged


def _introduced(tx: Connection, request: Request, data: dict[str, Any]) -> None:
    requests.change(tx, request.ref, profile=data["profile"])
    live = requests.live_match(tx, request.ref)
    if live is None or live.ref != data["match"]:
        # The yes crossed the end of that match; intake takes it back when it hears of the end.
        return
    if live.introduced_at is None:
        live = introduce(tx, live, data["introduced_at"])
    if data["sign_at"] is not None:
        note_sign(tx, live, data["sign_at"])


def _finish(tx: Connection, ref: str, state: RequestState) -> None:
    """End all that is open of the request `ref`: the person's word always wins."""
    now = database_now(tx)
    close_open_offers(tx, ref, state=OfferState.WITHDRAWN, now=now)
    live = requests.live_match(tx, ref)
    if live is not None:
        end_match(tx, live.ref, by=EndedBy.PERSON, follows=Then.OVER, now=now)
    due_rows.cancel_subject(tx, ref)
    requests.change(tx, ref, state=state, profile=None, next_try_at=None, why=None)
