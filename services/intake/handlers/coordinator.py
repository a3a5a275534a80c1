"""The coordinator's commands: look at volunteers and requests, approve, refuse, suspend, reinstate."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.refusals import Invalid, NoSuchVolunteer
from services.intake.domain.requests import FINAL, RequestState
from services.intake.domain.two_words import make_two_words
from services.intake.domain.volunteers import Step, VolunteerState, after_step
from services.intake.handlers.announcing import publish_volunteer
from services.intake.handlers.tools import Tools
from services.intake.handlers.volunteers import RESUME, open_volunteer, reseal_volunteer
from services.intake.storage.access import Access, record_access
from services.intake.storage.requests import requests_in
from services.intake.storage.tables import due_rows
from services.intake.storage.volunteers import VolunteerRow, volunteer_by_ref, volunteers_except
from shared.vault.errors import KeyDestroyed

VETTED_BY = ("name", "profession", "care_area", "stage", "affiliations", "evaluative_roles", "ready_for", "proof")
"""What of an application a coordinator sees, and only while it waits for an answer."""


@dataclass(frozen=True)
class ListedVolunteer:
    """A volunteer in the coordinator's list; `application` only while it waits for an answer."""

    volunteer: str
    state: VolunteerState
    applied_at: datetime
    trained_until: date | None
    paused_until: datetime | None
    reachable: bool
    application: dict[str, Any] | None


@dataclass(frozen=True)
class ListedRequest:
    """A request in the coordinator's list: never what was said. `why` is the code of the rule that leaves nobody."""

    request: str
    state: RequestState
    asked_at: datetime
    why: str | None
    next_try_at: datetime | None
    late: str


def list_volunteers(tx: Connection, tools: Tools) -> list[ListedVolunteer]:
    """Return every volunteer who is here. Opening an application is written into its access record."""
    return [_listed(tx, tools, row) for row in volunteers_except(tx, frozenset({VolunteerState.REMOVED}))]


def list_requests(tx: Connection) -> list[ListedRequest]:
    """Return every request that is not over, oldest first."""
    return [
        ListedRequest(row.ref, row.state, row.asked_at, row.why, row.next_try_at, row.late)
        for row in requests_in(tx, frozenset(RequestState) - FINAL)
    ]


def approve(tx: Connection, tools: Tools, ref: str, trained_until: date, trained_for: list[str]) -> VolunteerRow:
    """Approve a volunteer, or renew their training; the first approval makes the two words."""
    if trained_until < tools.clock.now().date():
        raise Invalid("trained_until", "This day is over.")
    row = _find(tx, ref)
    state = after_step(row.state, Step.APPROVE)
    opened = open_volunteer(tools, row)
    words = opened.notify["two_words"] or make_two_words(tools.chooser)
    row = reseal_volunteer(tools, row, opened, trained_for=trained_for, two_words=words)
    return publish_volunteer(tx, replace(row, state=state, trained_until=trained_until))


def refuse(tx: Connection, ref: str) -> VolunteerRow:
    """Refuse an application."""
    return _step(tx, ref, Step.REFUSE)


def suspend(tx: Connection, ref: str) -> VolunteerRow:
    """Take a volunteer out for the time being; a pause of theirs ends with it."""
    row = _step(tx, ref, Step.SUSPEND)
    due_rows.cancel(tx, RESUME, ref)
    return row


def reinstate(tx: Connection, ref: str) -> VolunteerRow:
    """Take a suspended volunteer back."""
    return _step(tx, ref, Step.REINSTATE)


def _step(tx: Connection, ref: str, step: Step) -> VolunteerRow:
    row = _find(tx, ref)
    state = after_step(row.state, step)
    if state is row.state:
        return row
    return publish_volunteer(tx, replace(row, state=state, paused_until=None))


def _find(tx: Connection, ref: str) -> VolunteerRow:
    row = volunteer_by_ref(tx, ref, lock=True)
    if row is None or row.state is VolunteerState.REMOVED:
        raise NoSuchVolunteer
    return row


def _listed(tx: Connection, tools: Tools, row: VolunteerRow) -> ListedVolunteer:
    application = _application(tx, tools, row) if row.state is VolunteerState.APPLIED else None
    return ListedVolunteer(
        row.ref, row.state, row.applied_at, row.trained_until, row.paused_until, row.reachable, application
    )


def _application(tx: Connection, tools: Tools, row: VolunteerRow) -> dict[str, Any] | None:
    try:
        form = open_volunteer(tools, row).form
    except KeyDestroyed:
        # The volunteer leaves at this moment; the list is still of use for everybody else.
        return None
    record_access(tx, row.ref, Access("coordinator", "your application", "it waited to be vetted", tools.clock.now()))
    return {name: form[name] for name in VETTED_BY}
