"""Queries on requests, offers and matches. A request's row is locked before anything of it is decided (R2)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from services.matcher.storage.tables import MATCHES, OFFERS, REQUESTS, Match, Offer, Request, matches, offers, requests

offer, match = OFFERS.by_ref, MATCHES.by_ref


def lock(tx: Connection, ref: str) -> Request | None:
    return REQUESTS.by_ref(tx, ref, lock=True)


def locked(tx: Connection, ref: str) -> Request:
    """Return the request `ref`, whose row the caller has locked."""
    [request] = REQUESTS.all(tx, requests.c.ref == ref)
    return request


def lock_or_create(tx: Connection, ref: str, *, round_: int, sequence: int, now: datetime) -> Request:
    """Lock the request `ref`, whose version `sequence` is judged now; a new one is made as one that waits."""
    new = insert(requests).values(ref=ref, state="waiting", round=round_, sequence=sequence, waiting_since=now)
    noted = new.on_conflict_do_update(index_elements=["ref"], set_={"sequence": sequence})
    [request] = REQUESTS.written(tx, noted)
    return request


def change(tx: Connection, ref: str, **values: Any) -> Request:
    """Update the request `ref`, whose row is locked, and return it."""
    [request] = REQUESTS.written(tx, update(requests).where(requests.c.ref == ref).values(**values))
    return request


def forget(tx: Connection, ref: str) -> None:
    for column in (offers.c.request, matches.c.request, requests.c.ref):
        tx.execute(delete(column.table).where(column == ref))


def offers_of(tx: Connection, request: str) -> list[Offer]:
    """Return all offers ever made for `request`, oldest first."""
    return OFFERS.all(tx, offers.c.request == request, order_by=[offers.c.wave, offers.c.ref])


def add_offer(tx: Connection, **values: Any) -> Offer:
    """Insert an offer in state made, version 1, and return it."""
    [made] = OFFERS.written(tx, insert(offers).values(state="made", version=1, **values))
    return made


def change_open_offer(tx: Connection, ref: str, **values: Any) -> Offer | None:
    """Change the offer `ref` if it is still open, raise its version and return it; None if it is not open."""
    still_open = update(offers).where(offers.c.ref == ref, offers.c.state == "made")
    return next(iter(OFFERS.written(tx, still_open.values(version=offers.c.version + 1, **values))), None)


def live_match(tx: Connection, request: str) -> Match | None:
    return MATCHES.one(tx, matches.c.request == request, matches.c.state == "live")


def add_match(tx: Connection, **values: Any) -> Match:
    """Insert a live match, version 1, and return it. At most one per request: a partial unique index sees to it."""
    [made] = MATCHES.written(tx, insert(matches).values(state="live", version=1, **values))
    return made


def change_live_match(tx: Connection, ref: str, **values: Any) -> Match | None:
    """Change the match `ref` if it is still live, raise its version and return it; None if it is not live."""
    still_live = update(matches).where(matches.c.ref == ref, matches.c.state == "live")
    return next(iter(MATCHES.written(tx, still_live.values(version=matches.c.version + 1, **values))), None)


def open_with_volunteer(tx: Connection, volunteer: str) -> list[tuple[str, str]]:
    """Return (item ref, request ref) of every open offer to `volunteer` and every live match with them."""
    made = select(offers.c.ref, offers.c.request).where(offers.c.volunteer == volunteer, offers.c.state == "made")
    live = select(matches.c.ref, matches.c.request).where(matches.c.volunteer == volunteer, matches.c.state == "live")
    return [(item, request) for item, request in tx.execute(made.union_all(live))]
