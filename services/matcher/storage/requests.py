"""Queries on requests, offers and matches. A request's row is locked before anything of it is decided (R2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from services.matcher.storage.tables import matches, offers, requests


def lock(tx: Connection, ref: str) -> Row[Any] | None:
    """Lock the request `ref` and return its row, None if it is not known."""
    return tx.execute(select(requests).where(requests.c.ref == ref).with_for_update()).first()


def row(tx: Connection, ref: str) -> Row[Any]:
    """Return the request `ref`, whose row the caller has locked."""
    return tx.execute(select(requests).where(requests.c.ref == ref)).one()


def lock_or_create(tx: Connection, ref: str, *, round_: int, sequence: int, now: datetime) -> Row[Any]:
    """Lock the request `ref`, whose version `sequence` is judged now; a new one is made as one that waits."""
    new = insert(requests).values(ref=ref, state="waiting", round=round_, sequence=sequence, waiting_since=now)
    noted = new.on_conflict_do_update(index_elements=["ref"], set_={"sequence": sequence})
    return tx.execute(noted.returning(requests)).one()


def change(tx: Connection, ref: str, **values: Any) -> Row[Any]:
    """Update the request `ref`, whose row is locked, and return it."""
    return tx.execute(update(requests).where(requests.c.ref == ref).values(**values).returning(requests)).one()


def forget(tx: Connection, ref: str) -> None:
    """Delete the request `ref` with its offers and matches."""
    tx.execute(delete(offers).where(offers.c.request == ref))
    tx.execute(delete(matches).where(matches.c.request == ref))
    tx.execute(delete(requests).where(requests.c.ref == ref))


def offers_of(tx: Connection, request: str) -> Sequence[Row[Any]]:
    """Return all offers ever made for `request`, oldest first."""
    return tx.execute(select(offers).where(offers.c.request == request).order_by(offers.c.wave, offers.c.ref)).all()


def offer(tx: Connection, ref: str) -> Row[Any] | None:
    """Return the offer `ref`."""
    return tx.execute(select(offers).where(offers.c.ref == ref)).first()


def add_offer(tx: Connection, **values: Any) -> Row[Any]:
    """Insert an offer in state made, version 1, and return it."""
    return tx.execute(insert(offers).values(state="made", version=1, **values).returning(offers)).one()


def change_open_offer(tx: Connection, ref: str, **values: Any) -> Row[Any] | None:
    """Change the offer `ref` if it is still open, raise its version and return it; None if it is not open."""
    return tx.execute(
        update(offers)
        .where(offers.c.ref == ref, offers.c.state == "made")
        .values(version=offers.c.version + 1, **values)
        .returning(offers)
    ).first()


def live_match(tx: Connection, request: str) -> Row[Any] | None:
    """Return the live match of `request`."""
    return tx.execute(select(matches).where(matches.c.request == request, matches.c.state == "live")).first()


def match(tx: Connection, ref: str) -> Row[Any] | None:
    """Return the match `ref`."""
    return tx.execute(select(matches).where(matches.c.ref == ref)).first()


def add_match(tx: Connection, **values: Any) -> Row[Any]:
    """Insert a live match, version 1, and return it. At most one per request: a partial unique index sees to it."""
    return tx.execute(insert(matches).values(state="live", version=1, **values).returning(matches)).one()


def change_live_match(tx: Connection, ref: str, **values: Any) -> Row[Any] | None:
    """Change the match `ref` if it is still live, raise its version and return it; None if it is not live."""
    return tx.execute(
        update(matches)
        .where(matches.c.ref == ref, matches.c.state == "live")
        .values(version=matches.c.version + 1, **values)
        .returning(matches)
    ).first()


def open_with_volunteer(tx: Connection, volunteer: str) -> Sequence[tuple[str, str]]:
    """Return (item ref, request ref) of every open offer to `volunteer` and every live match with them."""
    made = select(offers.c.ref, offers.c.request).where(offers.c.volunteer == volunteer, offers.c.state == "made")
    live = select(matches.c.ref, matches.c.request).where(matches.c.volunteer == volunteer, matches.c.state == "live")
    return [(item, request) for item, request in tx.execute(made.union_all(live))]
