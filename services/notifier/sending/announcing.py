"""What the notifier announces: how a delivery ended."""

from typing import Any

from sqlalchemy import Connection, Row

from services.notifier.storage.tables import messaging
from shared.messaging.outbox import announce


def announce_delivery(tx: Connection, row: Row[Any]) -> None:
    """Announce the whole state of a delivery, placed by its request, else by its volunteer or report."""
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
        data={"delivery": row.ref, **{name: getattr(row, name) for name in copied}},
    )
