"""Queries on the pool. Every change raises `row_version`, on which claims are conditional, and tells the replicas."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, case, func, update
from sqlalchemy.dialects.postgresql import insert

from services.matcher.domain.profiles import Capacity
from services.matcher.storage.tables import VOLUNTEERS, Volunteer, pool, pool_version
from shared.database import notify
from shared.vocabulary import vocabulary

CHANNEL = "pool"
"""NOTIFY with a volunteer's ref: that row has changed."""


def change(tx: Connection, ref: str, *conditions: Any, **values: Any) -> bool:
    """Update the row of `ref` if `conditions` hold; return whether it was."""
    changed = tx.execute(
        update(pool).where(pool.c.ref == ref, *conditions).values(**values, row_version=pool_version.next_value())
    ).rowcount
    if changed:
        notify(tx, CHANNEL, ref)
    return bool(changed)


def lock(tx: Connection, ref: str) -> Volunteer | None:
    """Lock the volunteer `ref` and return the row, None if they are not here. Requests are locked before volunteers."""
    return VOLUNTEERS.by_ref(tx, ref, lock=True)


def claim(tx: Connection, ref: str, *, row_version: int, capacity: Capacity, month: date) -> bool:
    """Reserve capacity of volunteer `ref` for an offer, if the row is still the one that was scored and has any."""
    new_this_month = case((pool.c.month == month, pool.c.new_in_month), else_=0)
    return change(
        tx,
        ref,
        pool.c.row_version == row_version,
        pool.c.open_offers < vocabulary().defaults.offers.open_per_volunteer,
        pool.c.open_offers + pool.c.live_matches < capacity.active,
        pool.c.open_offers + new_this_month < capacity.new_per_month,
        open_offers=pool.c.open_offers + 1,
    )


def release(tx: Connection, ref: str, *, cool_until: datetime | None) -> None:
    """Give back the capacity that an open offer held; the volunteer rests until `cool_until`, if that is set."""
    change(tx, ref, open_offers=pool.c.open_offers - 1, cool_until=func.greatest(pool.c.cool_until, cool_until))
    delete_if_free(tx, ref)


def turn_into_match(tx: Connection, ref: str, *, month: date) -> None:
    """Turn the capacity of an open offer into that of a live match, and count it in `month` (its first day)."""
    counted = case((pool.c.month == month, pool.c.new_in_month + 1), else_=1)
    change(
        tx,
        ref,
        open_offers=pool.c.open_offers - 1,
        live_matches=pool.c.live_matches + 1,
        month=month,
        new_in_month=counted,
    )


def end_match(tx: Connection, ref: str) -> None:
    change(tx, ref, live_matches=pool.c.live_matches - 1)
    delete_if_free(tx, ref)


def pause(tx: Connection, ref: str, *, until: datetime, sequence: int) -> None:
    """Pause volunteer `ref` now. It holds until their own version `sequence`, which says the same, has come."""
    change(tx, ref, pool.c.sequence < sequence, paused_until=until, pause_sequence=sequence)


def mark_unreachable(tx: Connection, ref: str, *, sequence: int) -> None:
    """Note that a notice to the address of version `sequence` failed for good."""
    change(tx, ref, pool.c.failed_at < sequence, failed_at=sequence)


def upsert(tx: Connection, ref: str, *, sequence: int, **said: Any) -> None:
    """Write what the volunteer's version `sequence` says of state, training, pause, profile and address.

    Counters stay; a pause declared later stays too.
    """
    row = insert(pool).values(ref=ref, sequence=sequence, notify_since=sequence, **said)
    new = row.excluded
    kept_pause = case((pool.c.pause_sequence > new.sequence, pool.c.paused_until), else_=new.paused_until)
    same_address = pool.c.notify_digest.is_not_distinct_from(new.notify_digest)
    written = {name: new[name] for name in ("sequence", *said)} | {
        "paused_until": kept_pause,
        "notify_since": case((same_address, pool.c.notify_since), else_=new.notify_since),
        "row_version": pool_version.next_value(),
    }
    tx.execute(row.on_conflict_do_update(index_elements=["ref"], set_=written))
    notify(tx, CHANNEL, ref)


def rows(tx: Connection, refs: Sequence[str]) -> list[Volunteer]:
    return VOLUNTEERS.all(tx, pool.c.ref.in_(refs))


def rows_after(tx: Connection, row_version: int) -> list[Volunteer]:
    """Return every row whose version is above `row_version`; -1 gives all."""
    return VOLUNTEERS.all(tx, pool.c.row_version > row_version, order_by=[pool.c.row_version])


def delete_if_free(tx: Connection, ref: str) -> None:
    """Delete the row of a removed volunteer once nothing of theirs is open."""
    free = (pool.c.open_offers == 0) & (pool.c.live_matches == 0)
    if tx.execute(pool.delete().where(pool.c.ref == ref, pool.c.state == "removed", free)).rowcount:
        notify(tx, CHANNEL, ref)
