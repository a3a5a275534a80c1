"""The coordinator's commands: look at what needs somebody, at volunteers and requests; approve, refuse, suspend."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.programme import Programme
from services.intake.domain.refusals import Invalid, NoSuchVolunteer, WrongState
from services.intake.domain.requests import FINAL, RequestState
from services.intake.domain.two_words import make_two_words
from services.intake.domain.volunteers import AT_WORK, Step, VolunteerState, after_step
from services.intake.handlers import keeping
from services.intake.handlers.announcing import publish_volunteer
from services.intake.handlers.programme import read_programme
from services.intake.handlers.tools import Tools
from services.intake.handlers.volunteers import RESUME, open_volunteer, open_volunteers, reseal_volunteer
from services.intake.storage.access import Access, Opener, record_access, record_accesses
from services.intake.storage.reports import ReportRow, open_reports
from services.intake.storage.requests import requests_in
from services.intake.storage.tables import due_rows
from services.intake.storage.volunteers import VolunteerRow, volunteer_by_ref, volunteers_except
from shared.refs import is_ref

TO_VET = frozenset({VolunteerState.APPLIED, VolunteerState.REFUSED})
"""Whom a coordinator may approve for the first time, and therefore vets."""

VETTED_BY = ("name", "profession", "care_area", "stage", "affiliations", "evaluative_roles", "ready_for", "proof")
"""What of an application a coordinator sees, and only until it is approved."""


ENDS_SOON = timedelta(days=30)
"""A training that ends within this time is shown, so that it can be renewed in time."""


@dataclass(frozen=True)
class ListedVolunteer:
    """A volunteer in the coordinator's list; `application` only while it waits, or once it is looked at.

    `version` counts what became of them: an approval can say which one it was given to.
    """

    volunteer: str
    version: int
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


@dataclass(frozen=True)
class OpenedVolunteer:
    """Who a volunteer is, opened by the coordinator to vet them or to look after them.

    `address` is None while their application waits: until then nobody needs to write to them.
    """

    listed: ListedVolunteer
    name: str
    address: str | None
    trained_for: list[str]
    ready_for: list[str]


@dataclass(frozen=True)
class Overview:
    """What a coordinator sees first. Nothing sealed is opened for it.

    `stuck`: requests that are late or stalled. `ending`: volunteers whose training is over or ends soon.
    """

    programme: Programme
    reports: list[ReportRow]
    stuck: list[ListedRequest]
    volunteers: list[ListedVolunteer]
    ending: list[ListedVolunteer]
    applications: list[ListedVolunteer]


def overview(tx: Connection, tools: Tools) -> Overview:
    """Return what needs a coordinator, and nothing of what people said."""
    volunteers = [_bare(row) for row in volunteers_except(tx, frozenset({VolunteerState.REMOVED}))]
    soon = tools.clock.now().date() + ENDS_SOON
    return Overview(
        programme=read_programme(tx),
        reports=open_reports(tx),
        stuck=[each for each in list_requests(tx) if each.state is RequestState.STALLED or each.late != "no"],
        volunteers=volunteers,
        ending=[
            each
            for each in volunteers
            if each.state in AT_WORK and each.trained_until is not None and each.trained_until <= soon
        ],
        applications=[each for each in volunteers if each.state is VolunteerState.APPLIED],
    )


def open_for_care(tx: Connection, tools: Tools, ref: str) -> OpenedVolunteer:
    """Open an application that waits, or else who a volunteer is and how to reach them, on the record.

    NoSuchVolunteer if they are not here.
    """
    row = _find(tx, ref)
    opened = open_volunteer(tools, row)
    form, trained_for = opened.form, opened.profile["trained_for"]
    if row.state in TO_VET:
        [listed] = _listed(tx, tools, [row], TO_VET)
        return OpenedVolunteer(listed, form["name"], None, trained_for, form["ready_for"])
    looked = Access(Opener.COORDINATOR, "name_and_address", "looked_after", tools.clock.now())
    record_access(tx, ref, looked)
    return OpenedVolunteer(_bare(row), form["name"], form["notify"]["value"], trained_for, form["ready_for"])


def list_volunteers(tx: Connection, tools: Tools) -> list[ListedVolunteer]:
    """Return every volunteer who is here. Opening an application is written into its access record."""
    here = volunteers_except(tx, frozenset({VolunteerState.REMOVED}))
    return _listed(tx, tools, here, {VolunteerState.APPLIED})


def list_requests(tx: Connection) -> list[ListedRequest]:
    """Return every request that is not over, oldest first."""
    return [
        ListedRequest(row.ref, row.state, row.asked_at, row.why, row.next_try_at, row.late)
        for row in requests_in(tx, frozenset(RequestState) - FINAL)
    ]


def approve(
    tx: Connection, tools: Tools, ref: str, trained_until: date, trained_for: list[str], *, version: int | None
) -> VolunteerRow:
    """Approve a volunteer, or renew their training; the first approval makes the two words.

    `version`: the one that was vetted. WrongState if they have changed since; None approves whatever they say now.
    """
    if trained_until < tools.clock.now().date():
        raise Invalid("trained_until", "This day is over.")
    row = _find(tx, ref)
    if version is not None and version != row.sequence:
        raise WrongState(row.state)
    state = after_step(row.state, Step.APPROVE)
    keeping.keep_trained(tx, ref, trained_until)
    opened = open_volunteer(tools, row)
    words = opened.notify["two_words"] or make_two_words(tools.chooser)
    row = reseal_volunteer(tools, row, opened, trained_for=trained_for, two_words=words)
    return publish_volunteer(tx, replace(row, state=state, trained_until=trained_until))


def refuse(tx: Connection, ref: str) -> VolunteerRow:
    """Refuse an application; it is kept for a while, in case it was a mistake."""
    row = _step(tx, ref, Step.REFUSE)
    keeping.keep_refused(tx, ref)
    return row


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
    row = volunteer_by_ref(tx, ref, lock=True) if is_ref(ref) else None
    if row is None or row.state is VolunteerState.REMOVED:
        raise NoSuchVolunteer
    return row


def _listed(
    tx: Connection, tools: Tools, rows: Sequence[VolunteerRow], shown: Collection[VolunteerState]
) -> list[ListedVolunteer]:
    # All applications are opened at once: one by one, two hundred of them outlast a transaction.
    opened = open_volunteers(tools, [row for row in rows if row.state in shown])
    looked = Access(Opener.COORDINATOR, "application", "vetting", tools.clock.now())
    record_accesses(tx, opened.keys(), looked)
    applications = {ref: {name: each.form[name] for name in VETTED_BY} for ref, each in opened.items()}
    return [replace(_bare(row), application=applications.get(row.ref)) for row in rows]


def _bare(row: VolunteerRow) -> ListedVolunteer:
    return ListedVolunteer(
        volunteer=row.ref,
        version=row.sequence,
        state=row.state,
        applied_at=row.applied_at,
        trained_until=row.trained_until,
        paused_until=row.paused_until,
        reachable=row.reachable,
        application=None,
    )
