"""Deliveries: made once per notice, claimed under a lease, finished while that lease holds.

All times are the database's (R7). A claim takes rows with SKIP LOCKED, so replicas never wait for each other.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.notifier.domain.notices import Due, Notice, Reader
from services.notifier.domain.relevance import DeliveryContext, OfferNotice
from services.notifier.domain.retry import PATIENCE
from services.notifier.storage.tables import (
    MATCHES,
    OFFERS,
    REQUESTS,
    SEARCHES,
    VOLUNTEERS,
    Delivery,
    deliveries,
    matches,
    messaging,
    offers,
    requests,
    searches,
    volunteers,
)
from shared.database import notify
from shared.messaging.outbox import announce
from shared.refs import new_ref
from shared.rows import Rows

CHANNEL = "deliveries"
"""The NOTIFY channel that wakes the sender."""

GATHERED = frozenset(notice.value for notice in Notice if notice.reader is Reader.COORDINATOR)
"""Notices of which several go out as one."""

NOW = func.clock_timestamp()
START = func.now()
"""The start of the transaction, because no index can be searched by a time that changes from row to row."""


_asked = deliveries.alias("asked")
DELIVERIES = Rows(deliveries, Delivery)


@dataclass(frozen=True, slots=True)
class Pending:
    """A delivery that is due, locked, with all that is known around it, at the database's `now`."""

    delivery: Delivery
    now: datetime
    context: DeliveryContext = field(repr=False)


def add(tx: Connection, due: Due, desk: str = "") -> None:
    """Make a delivery for `due`, to be tried at once, unless its notice exists already."""
    made = {"due_at": NOW, "give_up_at": NOW + PATIENCE}
    statement = insert(deliveries).values(ref=new_ref(), desk=desk, **asdict(due), **made)
    new = statement.on_conflict_do_nothing(constraint="deliveries_notice_about").returning(deliveries.c.ref)
    if tx.execute(new).first() is not None:
        notify(tx, CHANNEL)


def was_made_before_desks(tx: Connection, due: Due) -> bool:
    """Tell whether the notice was made when the coordinator had one address alone, which no row names."""
    rows = deliveries.c
    same = (rows.notice == due.notice.value, rows.about == due.about, rows.desk == "")
    return tx.execute(select(rows.ref).where(*same)).first() is not None


def hurry(tx: Connection, column: str, ref: str) -> None:
    """Make what is pending for the aggregate `ref` due now: something it waited for, or relied on, has changed.

    `column` names what it is: request, volunteer, offer or match. Rows that a claim holds at this instant are left to
    it; one that goes on waiting looks again by itself.
    """
    rows = deliveries.c
    sleeping = (
        select(rows.ref)
        .where(rows[column] == ref, rows.state == "pending", rows.due_at > NOW)
        .with_for_update(skip_locked=True)
    )
    if tx.execute(update(deliveries).where(rows.ref.in_(sleeping)).values(due_at=NOW)).rowcount:
        notify(tx, CHANNEL)


def lock_due(tx: Connection, limit: int, *, first_tries: bool) -> list[Pending]:
    """Lock and return up to `limit` deliveries that are due and not leased: those never tried yet, or the others."""
    rows = deliveries.c
    return lock(tx, limit, rows.due_at <= START, rows.attempts == 0 if first_tries else rows.attempts > 0)


def lock_run_out(tx: Connection, limit: int, ago: timedelta) -> list[Pending]:
    """Lock and return up to `limit` notices of offers that ran out at least `ago`, due or not, and are not leased."""
    return lock(tx, limit, deliveries.c.notice == Notice.OFFER.value, offers.c.expires_at <= START - ago)


def lock(tx: Connection, limit: int, *which: ColumnElement[bool]) -> list[Pending]:
    """Lock deliveries, and look at the rows around each; what is not here yet is None.

    A notice to the person knows its match and with it a volunteer: the notice itself says which of the two is told.
    """
    rows = deliveries.c
    around = deliveries.outerjoin(matches, matches.c.ref == rows.match)
    around = around.outerjoin(offers, offers.c.ref == func.coalesce(rows.offer, matches.c.offer))
    around = around.outerjoin(volunteers, volunteers.c.ref == func.coalesce(rows.volunteer, matches.c.volunteer))
    around = around.outerjoin(requests, requests.c.ref == rows.request)
    around = around.outerjoin(searches, searches.c.ref == rows.request)
    around = around.outerjoin(_asked, (_asked.c.notice == Notice.OFFER.value) & (_asked.c.about == rows.offer))
    free = rows.lease_until.is_(None) | (rows.lease_until <= START)
    found = tx.execute(
        select(deliveries, matches, offers, volunteers, requests, searches, _asked, NOW.label("now"))
        .select_from(around)
        .where(rows.state == "pending", free, *which)
        .order_by(rows.due_at)
        .limit(limit)
        .with_for_update(of=deliveries, skip_locked=True)
    )
    return [_pending(row, delivery) for row in found if (delivery := DELIVERIES.part_of(row))]


def _pending(row: Row[Any], delivery: Delivery) -> Pending:
    # Of an offer's own notice the row itself is looked at: it is locked, and its second look may be an older version.
    asked = delivery if delivery.notice is Notice.OFFER else DELIVERIES.part_of(row, _asked)
    context = DeliveryContext(
        request=REQUESTS.part_of(row),
        volunteer=VOLUNTEERS.part_of(row),
        offer=OFFERS.part_of(row),
        match=MATCHES.part_of(row),
        search=SEARCHES.part_of(row),
        offer_notice=OfferNotice(asked.state != "pending", asked.attempts > asked.refused) if asked else None,
    )
    return Pending(delivery, row.now, context)


def lease(tx: Connection, ref: str, owner: str, length: timedelta, *, told: tuple[str, int] | None) -> None:
    """Begin a try of the locked delivery `ref`: `owner` holds it for `length`.

    `told` is the volunteer whose address is used, and the version it is of; None if it goes to nobody of that kind.
    """
    address = {"volunteer": told[0], "volunteer_sequence": told[1]} if told is not None else {}
    attempts = deliveries.c.attempts + 1
    _change(tx, ref, lease_owner=owner, lease_until=NOW + length, attempts=attempts, tried_at=NOW, **address)


def postpone(tx: Connection, ref: str, pause: timedelta) -> None:
    """Look at the locked delivery `ref` again in `pause`; this was no try."""
    _change(tx, ref, due_at=NOW + pause)


def drop(tx: Connection, ref: str) -> None:
    """Close the locked delivery `ref` as obsolete."""
    _change(tx, ref, state="obsolete", lease_owner=None, lease_until=None)


def fail(tx: Connection, ref: str) -> None:
    """Close the locked delivery `ref`, of which nothing went out, as failed by no address's fault, and announce it.

    This last look counts as a try that left nothing, because what is announced has been tried at least once.
    """
    rows = deliveries.c
    counts = {name: rows[name] + 1 for name in ("sequence", "attempts", "refused")}
    failed = {"state": "failed", "volunteer_sequence": None, "lease_owner": None, "lease_until": None}
    closing = update(deliveries).where(rows.ref == ref).values(**counts, **failed)
    _announce(tx, tx.execute(closing.returning(deliveries, NOW.label("at"))).one())


def _change(tx: Connection, ref: str, **values: Any) -> None:
    tx.execute(update(deliveries).where(deliveries.c.ref == ref).values(**values))


def settle(
    tx: Connection, ref: str, owner: str, *, state: str, code: str, refused: bool, pause: timedelta | None, address: str
) -> bool:
    """Write down what became of a try of `ref`: it is due again in `pause`, or else closed as `state`.

    Closed as sent or failed it is announced, as obsolete it is not. `refused`: this try is known to have left nothing
    at the other side. `address`: nothing, alive, refused or dead; a failure names the volunteer's version only if the
    address is dead. False: the lease of `owner` is over, so what it learned no longer counts (I9).
    """
    rows = deliveries.c
    held = (rows.ref == ref, rows.state == "pending", rows.lease_owner == owner, rows.lease_until > NOW)
    result = {"state": state, "sequence": rows.sequence + 1} if pause is None else {"due_at": NOW + pause}
    settling = update(deliveries).where(*held).values(lease_owner=None, lease_until=None, code=code, **result)
    counted = settling.values(refused=rows.refused + int(refused))
    row = tx.execute(counted.returning(deliveries, NOW.label("at"))).first()
    if row is None:
        return False
    if row.volunteer_sequence is not None and address in {"refused", "alive"}:
        _note_refusal(tx, row, refused=address == "refused")
    if row.notice in GATHERED and pause is None:
        _settle_gathered(tx, ref, state)
    if row.state in {"sent", "failed"}:
        blameless = row.state == "failed" and address != "dead"
        _announce(tx, row, **({"volunteer_sequence": None} if blameless else {}))
    return True


def _settle_gathered(tx: Connection, lead: str, state: str) -> None:
    rows = deliveries.c
    counts = {
        "sequence": rows.sequence + 1,
        "attempts": rows.attempts + 1,
        "refused": rows.refused + int(state != "sent"),
    }
    with_it = update(deliveries).where(rows.gathered_into == lead, rows.state == "gathered")
    for row in tx.execute(with_it.values(state=state, **counts).returning(deliveries, NOW.label("at"))).all():
        if state != "obsolete":
            _announce(tx, row)


def _note_refusal(tx: Connection, row: Row[Any], *, refused: bool) -> None:
    """Note since when the address that `row` was sent to has refused all it was sent; no more if it took this."""
    known, digested = volunteers.c, func.md5(volunteers.c.notify)
    since = case((known.refused_digest == digested, func.coalesce(known.refused_since, NOW)), else_=NOW)
    tried = (known.ref == row.volunteer, known.sequence == row.volunteer_sequence)
    noted = {"refused_since": since if refused else None, "refused_digest": digested}
    tx.execute(update(volunteers).where(*tried).values(noted))


def digest(sealed: str) -> str:
    """Return what tells one sealed address from another in a row, as PostgreSQL makes it."""
    return md5(sealed.encode(), usedforsecurity=False).hexdigest()


def _announce(tx: Connection, row: Row[Any], **instead: Any) -> None:
    """Announce the whole state of a delivery, keyed by its request, else by its volunteer or report."""
    refs = ("request", "offer", "match", "volunteer", "report")
    copied = ("notice", *refs, "volunteer_sequence", "state", "attempts", "at")
    announce(
        tx,
        messaging,
        topic="deliveries",
        name=row.state,
        subject=row.ref,
        sequence=row.sequence,
        key=row.request or row.volunteer or row.report,
        data={"delivery": row.ref, **{name: getattr(row, name) for name in copied}, **instead},
    )
