"""Events of the topic `volunteers`: the pool follows them, and what is open with one who changed is judged again."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row

from services.matcher.handlers.context import SEARCH, VOLUNTEER_CHANGED, Context
from services.matcher.handlers.offering import forbidden
from services.matcher.storage import pool, requests
from services.matcher.storage.tables import due_rows
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
        due_rows.schedule_now(tx, VOLUNTEER_CHANGED, item, request)
    if data["state"] == "removed":
        pool.delete_if_free(tx, event.subject)
    elif data["state"] == "active":
        due_rows.pull_forward(tx, SEARCH)


def must_end(context: Context, tx: Connection, judged: Row[Any], *, introduced: bool) -> bool:
    """Tell whether this offer or match must not go on with its volunteer as they are now.

    Two who are introduced go on unless the volunteer left or was suspended: what a rule keeps apart has met by then.
    """
    volunteer = pool.lock(tx, judged.volunteer)
    if volunteer is None or volunteer.state in GONE:
        return True
    if introduced:
        return False
    # This replica's copy of the row may lag behind the event that changed it.
    context.pool.changed(judged.volunteer)
    return volunteer.state not in SERVING or forbidden(context, tx, requests.row(tx, judged.request), judged.volunteer)
