"""Notices to the coordinator are gathered: of one kind, one mail an hour goes to an address, and counts the others.

The one that is due first leads: the others go out with it, under its Message-ID. What has been handed over, or may have
been, is never changed: what comes in meanwhile waits for the next.
"""

from datetime import timedelta

from sqlalchemy import Connection, func, select, update

from services.notifier.storage.deliveries import NOW, Pending, lock
from services.notifier.storage.tables import Delivery, deliveries

BETWEEN_MAILS = timedelta(hours=1)
MOST = 1_000
"""How many notices go out with one, so that a transaction stays short; the others wait for the next."""

BUSY, LEAD_WAITS = timedelta(seconds=1), timedelta(minutes=1)


def wait_for_turn(tx: Connection, delivery: Delivery) -> timedelta | None:
    """Return how long the locked `delivery` waits for others of its kind and address; None if it may go now."""
    rows = deliveries.c
    mine = (rows.notice == delivery.notice.value, rows.desk == delivery.desk)
    # Until this transaction ends, nobody else gathers the same: else two replicas would each send one.
    turn = func.pg_try_advisory_xact_lock(func.hashtextextended(f"{delivery.notice.value} {delivery.desk}", 0))
    if not tx.execute(select(turn)).scalar_one():
        return BUSY
    if delivery.attempts:
        return None
    others = (*mine, rows.ref != delivery.ref)
    leads = select(rows.ref).where(*others, rows.attempts > 0, rows.state == "pending")
    if tx.execute(leads.limit(1)).first() is not None:
        return LEAD_WAITS
    left = select(NOW - func.max(rows.tried_at)).where(*others, rows.attempts > rows.refused)
    since = tx.execute(left).scalar_one()
    return None if since is None or since >= BETWEEN_MAILS else BETWEEN_MAILS - since


def others_for(tx: Connection, lead: Delivery) -> list[Pending]:
    """Lock and return what may go out with `lead`, if nothing of it has gone out before."""
    rows = deliveries.c
    same = (rows.notice == lead.notice.value, rows.desk == lead.desk, rows.ref != lead.ref)
    return lock(tx, MOST, *same, rows.attempts == rows.refused)


def gather(tx: Connection, lead: str, refs: list[str]) -> None:
    """Let the locked deliveries `refs` go out with `lead`."""
    tx.execute(update(deliveries).where(deliveries.c.ref.in_(refs)).values(state="gathered", gathered_into=lead))


def release(tx: Connection, lead: str) -> None:
    """Let what was gathered into `lead` be due by itself again."""
    with_it = (deliveries.c.gathered_into == lead, deliveries.c.state == "gathered")
    tx.execute(update(deliveries).where(*with_it).values(state="pending", gathered_into=None, due_at=NOW))


def number_gathered(tx: Connection, lead: str) -> int:
    """Return how many go out with `lead`."""
    with_it = (deliveries.c.gathered_into == lead, deliveries.c.state == "gathered")
    return tx.execute(select(func.count()).where(*with_it)).scalar_one()
