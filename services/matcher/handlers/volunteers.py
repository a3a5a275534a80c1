"""Events about volunteers: the pool follows them, and what is open with one who changed is judged again."""

from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Connection

from services.matcher.domain.lifecycle import OfferState
from services.matcher.handlers import kinds
from services.matcher.handlers.closing import close_offer
from services.matcher.handlers.context import Context
from services.matcher.handlers.offering import forbidden, search
from services.matcher.handlers.waiting import capacity_freed
from services.matcher.storage import pool, requests
from services.matcher.storage.tables import Match, Offer, due_rows
from shared.database import database_now
from shared.events import Event

GONE = frozenset({"removed", "suspended", "refused"})
SERVING = frozenset({"active", "paused"})


def on_volunteer(context: Context, tx: Connection, event: Event) -> None:
    """Write the volunteer's row. Requests are locked before volunteers everywhere, so theirs are left to due rows."""
    data = event.data
    pool.upsert(
        tx,
        event.subject,
        sequence=event.sequence,
        state=data["state"],
        trained_until=data["trained_until"],
        paused_until=data["paused_until"],
        profile=data["profile"],
        notify_digest=sha256(data["notify"].encode()).hexdigest() if data["notify"] else None,
    )
    context.pool.touched(event.subject)
    for item, request in requests.open_with_volunteer(tx, event.subject):
        due_rows.schedule_now(tx, kinds.VOLUNTEER_CHANGED, item, request)
    if data["state"] == "removed":
        pool.delete_if_free(tx, event.subject)
    elif data["state"] == "active":
        capacity_freed(tx, event.subject)


def on_delivery(context: Context, tx: Connection, event: Event) -> None:
    """Ask nobody whom no notice can reach, and somebody else instead; a delivery that was sent needs nothing."""
    data = event.data
    if data["state"] != "failed":
        return
    request = requests.lock(tx, data["request"]) if data["request"] else None
    if data["volunteer"] is not None and data["volunteer_sequence"] is not None:
        pool.mark_unreachable(tx, data["volunteer"], sequence=data["volunteer_sequence"])
        context.pool.touched(data["volunteer"])
    if request is None or data["notice"] != "offer" or data["offer"] is None:
        return
    if close_offer(tx, data["offer"], state=OfferState.UNDELIVERABLE, now=database_now(tx)) is not None:
        search(context, tx, request)


def must_end(context: Context, tx: Connection, match: Match) -> bool:
    """Tell whether this match must not go on with its volunteer as they are now.

    Two who are introduced go on unless the volunteer left or was suspended: what a rule keeps apart has met by then.
    """
    volunteer = pool.lock(tx, match.volunteer)
    if volunteer is None or volunteer.state in GONE:
        return True
    return match.introduced_at is None and (volunteer.state not in SERVING or _apart(context, tx, match))


def must_withdraw(context: Context, tx: Connection, offer: Offer) -> bool:
    """Tell whether this open offer must not stand with its volunteer as they are now.

    Somebody who rests, or carries less than before, is not asked, and the person does not wait for them.
    """
    volunteer = pool.lock(tx, offer.volunteer)
    if volunteer is None or volunteer.state != "active" or _apart(context, tx, offer):
        return True
    profile = context.pool.profile(tx, offer.volunteer)
    # The capacity that this offer holds itself is taken as free.
    state = volunteer.pool_state
    without = replace(state, open_offers=state.open_offers - 1)
    return profile is not None and not without.has_capacity(profile.capacity, database_now(tx))


def _apart(context: Context, tx: Connection, judged: Offer | Match) -> bool:
    # This replica's copy of the row may lag behind the event that changed it.
    context.pool.changed(judged.volunteer)
    return forbidden(context, tx, requests.locked(tx, judged.request), judged.volunteer)
