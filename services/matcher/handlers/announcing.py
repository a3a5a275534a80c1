"""Announces offers, matches and requests that wait: each event carries the row's whole state and its version."""

from typing import Any

from sqlalchemy import Connection

from services.matcher.domain.lifecycle import RequestState
from services.matcher.storage.tables import Match, Offer, Request, messaging
from shared.messaging.outbox import announce


def announce_offer(tx: Connection, offer: Offer, name: str) -> None:
    """Announce `offer` as `offered`, `nudged` or `offer_closed`."""
    _announce(tx, name, offer, key=offer.request, data={"offer": offer.ref} | _all_but(offer, "ref", "version"))


def announce_match(tx: Connection, match: Match, name: str) -> None:
    """Announce `match` as `matched`, `asked` or `ended`."""
    said = _all_but(match, "ref", "version", "sign_at", "follows")
    _announce(tx, name, match, key=match.request, data={"match": match.ref, "then": match.follows} | said)


def announce_search(tx: Connection, request: Request) -> None:
    """Announce how `request`, which has no match, waits: stalled if a coordinator is needed, else waiting.

    While somebody is asked it waits as well, and is announced if that lasts too long.
    """
    state = "stalled" if request.state == RequestState.STALLED else "waiting"
    said = _all_but(request, "ref", "state", "profile", "sequence", "version", "tries")
    _announce(tx, state, request, key=request.ref, data={"request": request.ref, "state": state} | said)


def _all_but(row: Offer | Match | Request, *left_out: str) -> dict[str, Any]:
    return {field: value for field, value in vars(row).items() if field not in left_out}


def _announce(tx: Connection, name: str, row: Offer | Match | Request, *, key: str, data: dict[str, Any]) -> None:
    announce(tx, messaging, topic="matches", name=name, subject=row.ref, sequence=row.version, key=key, data=data)
