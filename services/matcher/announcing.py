"""Announces the matcher's aggregates: each event carries the row's whole state and its version."""

from typing import Any

from sqlalchemy import Connection, Row

from services.matcher.domain.lifecycle import RequestState
from services.matcher.storage.tables import messaging
from shared.messaging.outbox import announce

OFFER_FIELDS = ("request", "round", "volunteer", "wave", "state", "made_at", "expires_at", "nudged_at", "closed_at")
MATCH_FIELDS = (
    "offer",
    "request",
    "round",
    "volunteer",
    "state",
    "request_sequence",
    "matched_at",
    "introduced_at",
    "nudged_at",
    "check_ins",
    "sign_asks",
    "ended_at",
    "ended_by",
)


def announce_offer(tx: Connection, offer: Row[Any], name: str) -> None:
    """Announce `offer` as `offered`, `nudged` or `offer_closed`."""
    data = {"offer": offer.ref, **{field: offer._mapping[field] for field in OFFER_FIELDS}}
    _announce(tx, name, offer, key=offer.request, data=data)


def announce_match(tx: Connection, match: Row[Any], name: str) -> None:
    """Announce `match` as `matched` or `ended`."""
    data = {"match": match.ref, "then": match.follows, **{field: match._mapping[field] for field in MATCH_FIELDS}}
    _announce(tx, name, match, key=match.request, data=data)


def announce_search(tx: Connection, request: Row[Any]) -> None:
    """Announce how `request`, which has no match, waits: stalled if a coordinator is needed, else waiting.

    While somebody is asked it waits as well, and is announced if that lasts too long.
    """
    state = "stalled" if request.state == RequestState.STALLED else "waiting"
    data = {
        "request": request.ref,
        "round": request.round,
        "state": state,
        "waiting_since": request.waiting_since,
        "why": request.why,
        "next_try_at": request.next_try_at,
        "late": request.late,
    }
    _announce(tx, state, request, key=request.ref, data=data)


def _announce(tx: Connection, name: str, row: Row[Any], *, key: str, data: dict[str, Any]) -> None:
    announce(tx, messaging, topic="matches", name=name, subject=row.ref, sequence=row.version, key=key, data=data)
