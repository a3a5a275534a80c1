"""Saving a request or a volunteer together with the event that tells of it, and every event that intake announces."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from services.intake.domain.flood import MANY_AT_ONCE
from services.intake.domain.requests import FINAL, IN_A_MATCH, RequestState
from services.intake.domain.volunteers import AT_WORK, VolunteerState
from services.intake.storage import tables
from services.intake.storage.queries import may_hold_address
from shared.messaging.outbox import NewEvent, announce_all

TOLD = FINAL | {RequestState.INTRODUCED}
"""States that are told to the outside; every other one is published as open, because the matcher knows the rest."""


def announce(tx: Connection, *events: NewEvent) -> None:
    announce_all(tx, tables.messaging, events)


def publish_request(
    tx: Connection, row: tables.RequestRow, *, name: str | None = None, first: Sequence[NewEvent] = ()
) -> tables.RequestRow:
    """Save `row` as its next version and announce it, as `name` or after its state; return it as saved.

    One that still waits for its turn is saved alone: it is announced, as it is then, when its turn comes. `first` are
    events that are announced before it.
    """
    row = row.next()
    tables.REQUESTS.save(tx, row)
    if row.why != MANY_AT_ONCE:
        announce(tx, *first, request_event(row, name=name))
    return row


def publish_volunteer(tx: Connection, row: tables.VolunteerRow, *, name: str = "published") -> tables.VolunteerRow:
    """Save `row` as its next version and announce it, as `name` unless they left; return it as saved.

    Who is at work takes hold of their address, unless somebody else holds it already: one volunteer an address.
    """
    holds = row.state in AT_WORK and (row.holds_address or may_hold_address(tx, row))
    row = replace(row.next(), holds_address=holds)
    tables.VOLUNTEERS.save(tx, row)
    announce(tx, volunteer_event(row, name=name))
    return row


def request_event(row: tables.RequestRow, *, name: str | None = None) -> NewEvent:
    """Return the event of a request. A final one carries nothing sealed."""
    told, over = row.state in TOLD, row.state in FINAL
    name = name or (row.state.value if told else "published")
    data = {
        "request": row.ref,
        "state": row.state.value if told else "open",
        "round": row.round,
        "match": row.match if row.state in IN_A_MATCH else None,
        "introduced_at": row.introduced_at,
        "sign_at": row.sign_at,
        "sign_by": row.sign_by,
        "ends_at": row.ends_at,
        "profile": None if over else row.profile,
        "notify": None if over else row.notify,
    }
    return NewEvent(topic="requests", name=name, subject=row.ref, sequence=row.sequence, key=row.ref, data=data)


def message_event(row: tables.MessageRow, *, volunteer: str) -> NewEvent:
    """Return the event that a text waits for the other side; never what it says."""
    data = {
        "message": row.ref,
        "request": row.request,
        "match": row.match,
        "volunteer": volunteer,
        "to": "volunteer" if row.by == "person" else "person",
    }
    return NewEvent(topic="requests", name="message_waiting", subject=row.ref, sequence=1, key=row.request, data=data)


def report_event(row: tables.ReportRow) -> NewEvent:
    """Return the event that there is a report for the coordinator; never what it says."""
    data = {"report": row.ref, "kind": row.kind}
    return NewEvent(topic="requests", name="reported", subject=row.ref, sequence=1, key=row.ref, data=data)


def volunteer_event(row: tables.VolunteerRow, *, name: str = "published") -> NewEvent:
    name = "removed" if row.state is VolunteerState.REMOVED else name
    # To the others, somebody whose address another holds has yet to be vetted: an inbox is never asked twice.
    state = VolunteerState.APPLIED if row.state in AT_WORK and not row.holds_address else row.state
    data = {
        "volunteer": row.ref,
        "state": state.value,
        "trained_until": row.trained_until,
        "paused_until": row.paused_until,
        "to_vet": row.to_vet,
        "generation": row.generation,
        "profile": row.profile,
        "notify": row.notify,
    }
    return NewEvent(topic="volunteers", name=name, subject=row.ref, sequence=row.sequence, key=row.ref, data=data)


def reply_event(
    reply: tables.ReplyRow, offer: tables.OfferRow, *, paused: tables.VolunteerRow | None = None
) -> NewEvent:
    """Return the event of an answer; `paused` is the volunteer's version that carries a pause chosen with it."""
    answer = reply.answer.value
    data = {
        "reply": reply.ref,
        "offer": offer.ref,
        "request": offer.request,
        "round": offer.round,
        "volunteer": offer.volunteer,
        "answer": answer,
        "pause_until": paused.paused_until if paused else None,
        "volunteer_sequence": paused.sequence if paused else None,
    }
    return NewEvent(topic="replies", name=answer, subject=reply.ref, sequence=1, key=offer.request, data=data)
