"""Saving a request or a volunteer together with the event that tells of it, and announcing replies."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from services.intake.domain.flood import MANY_AT_ONCE
from services.intake.domain.requests import FINAL, IN_A_MATCH, RequestState
from services.intake.domain.volunteers import VolunteerState
from services.intake.storage.messages import MessageRow
from services.intake.storage.projections import OfferRow, ReplyRow
from services.intake.storage.reports import ReportRow
from services.intake.storage.requests import RequestRow, save_request
from services.intake.storage.tables import messaging
from services.intake.storage.volunteers import VolunteerRow, save_volunteer
from shared.messaging.outbox import announce

_TOLD_AS = {
    RequestState.INTRODUCED: ("introduced", "introduced"),
    RequestState.WITHDRAWN: ("withdrawn", "withdrawn"),
    RequestState.CLOSED: ("closed", "closed"),
    RequestState.ERASED: ("erased", "erased"),
}
"""Event name and state for the outside; every other state is published as open, because the matcher knows the rest."""


def publish_request(tx: Connection, row: RequestRow, *, name: str | None = None) -> RequestRow:
    """Save `row` as its next version and announce it, as `name` or after its state; return it as saved.

    One that still waits for its turn is saved alone: it is announced, as it is then, when its turn comes.
    """
    row = replace(row, sequence=row.sequence + 1)
    save_request(tx, row)
    if row.why != MANY_AT_ONCE:
        announce_request(tx, row, name=name)
    return row


def announce_request(tx: Connection, row: RequestRow, *, name: str | None = None) -> None:
    """Announce the version of a request that `row` is. A final one carries nothing sealed."""
    usual, state = _TOLD_AS.get(row.state, ("published", "open"))
    over = row.state in FINAL
    announce(
        tx,
        messaging,
        topic="requests",
        name=name or usual,
        subject=row.ref,
        sequence=row.sequence,
        key=row.ref,
        data={
            "request": row.ref,
            "state": state,
            "round": row.round,
            "match": row.match if row.state in IN_A_MATCH else None,
            "introduced_at": row.introduced_at,
            "sign_at": row.sign_at,
            "sign_by": row.sign_by,
            "ends_at": row.ends_at,
            "profile": None if over else row.profile,
            "notify": None if over else row.notify,
        },
    )


def announce_message(tx: Connection, row: MessageRow, *, volunteer: str) -> None:
    """Announce that a text waits for the other side; never what it says."""
    announce(
        tx,
        messaging,
        topic="requests",
        name="message_waiting",
        subject=row.ref,
        sequence=1,
        key=row.request,
        data={
            "message": row.ref,
            "request": row.request,
            "match": row.match,
            "volunteer": volunteer,
            "to": "volunteer" if row.by == "person" else "person",
        },
    )


def announce_report(tx: Connection, row: ReportRow) -> None:
    """Announce that there is a report for the coordinator; never what it says."""
    announce(
        tx,
        messaging,
        topic="requests",
        name="reported",
        subject=row.ref,
        sequence=1,
        key=row.ref,
        data={"report": row.ref, "kind": row.kind},
    )


def publish_volunteer(tx: Connection, row: VolunteerRow, *, name: str = "published") -> VolunteerRow:
    """Save `row` as its next version and announce it, as `name` unless they left; return it as saved."""
    row = replace(row, sequence=row.sequence + 1)
    save_volunteer(tx, row)
    announce_volunteer(tx, row, name=name)
    return row


def announce_volunteer(tx: Connection, row: VolunteerRow, *, name: str = "published") -> None:
    """Announce the version of a volunteer that `row` is."""
    announce(
        tx,
        messaging,
        topic="volunteers",
        name="removed" if row.state is VolunteerState.REMOVED else name,
        subject=row.ref,
        sequence=row.sequence,
        key=row.ref,
        data={
            "volunteer": row.ref,
            "state": row.state.value,
            "trained_until": row.trained_until,
            "paused_until": row.paused_until,
            "generation": row.generation,
            "profile": row.profile,
            "notify": row.notify,
        },
    )


def announce_reply(
    tx: Connection, reply: ReplyRow, offer: OfferRow, *, pause_until: datetime | None, paused: VolunteerRow | None
) -> None:
    """Announce what a volunteer answered; `paused` is the volunteer's version that carries a pause chosen with it."""
    announce(
        tx,
        messaging,
        topic="replies",
        name=reply.answer.value,
        subject=reply.ref,
        sequence=1,
        key=offer.request,
        data={
            "reply": reply.ref,
            "offer": offer.ref,
            "request": offer.request,
            "round": offer.round,
            "volunteer": offer.volunteer,
            "answer": reply.answer.value,
            "pause_until": pause_until if paused else None,
            "volunteer_sequence": paused.sequence if paused else None,
        },
    )
