"""Events of the topic `volunteers`: the pool follows them, and what is open with one who changed is judged again."""

from hashlib import sha256

from sqlalchemy import Connection

from services.matcher.handlers.context import SEARCH, VOLUNTEER_CHANGED, Context
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
