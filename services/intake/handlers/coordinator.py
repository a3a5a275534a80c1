"""The coordinator's commands: look at what needs somebody, at volunteers and requests; approve, refuse, suspend.

Each door checks the token first (`check_token`). NoSuch is raised for a ref that is not here.
"""

import hmac
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.programme import ALWAYS_OPEN, Programme
from services.intake.domain.refusals import Invalid, NoSuch, Unknown, WrongState
from services.intake.domain.requests import FINAL, RequestState
from services.intake.domain.two_words import make_two_words
from services.intake.domain.volunteers import AT_WORK, Step, VolunteerState, after_step
from services.intake.handlers import retention
from services.intake.handlers.announcing import publish_volunteer
from services.intake.handlers.context import Intake
from services.intake.handlers.volunteers import RESUME, opened_in, reseal_volunteer
from services.intake.schemas.shapes import Filled, known_as, shape_volunteer
from services.intake.schemas.volunteer import VETTED_BY
from services.intake.storage import tables
from services.intake.storage.access import Access, Opened, Opener, Reason, record_access
from services.intake.storage.queries import open_reports, programme_now, store_programme
from services.intake.storage.tables import REQUESTS, VOLUNTEERS, ReportRow, VolunteerRow, due_rows
from shared.database import database_now
from shared.refs import is_ref
from shared.vault.errors import KeyDestroyed

TO_VET = frozenset({VolunteerState.APPLIED, VolunteerState.REFUSED})
"""Whom a coordinator may approve for the first time, and therefore vets."""

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


def check_token(intake: Intake, token: str) -> None:
    """Raise Unknown unless `token` is the coordinator's; the time taken does not tell how near it was."""
    if not hmac.compare_digest(token.encode("utf-8", "surrogatepass"), intake.settings.coordinator_token.encode()):
        raise Unknown


def overview(intake: Intake) -> Overview:
    with intake.database.transaction() as tx:
        volunteers = [_listed(row) for row in _here(tx)]
        programme, requests = programme_now(tx), _unfinished(tx)
        reports = open_reports(tx)
    soon = intake.clock.now().date() + ENDS_SOON
    return Overview(
        programme=programme,
        reports=reports,
        stuck=[each for each in requests if each.state is RequestState.STALLED or each.late != "no"],
        volunteers=volunteers,
        ending=[
            each
            for each in volunteers
            if each.state in AT_WORK and each.trained_until is not None and each.trained_until <= soon
        ],
        applications=[each for each in volunteers if each.state is VolunteerState.APPLIED],
    )


def set_intake(intake: Intake, *, is_open: bool, until: date | None) -> Programme:
    """Take requests again, or none until that day begins (UTC), or until somebody opens it.

    Invalid for a day that has begun already, or for an end of being open.
    """
    if is_open and until is not None:
        raise Invalid("until", "open_needs_no_day")
    moment = datetime.combine(until, time(), UTC) if until else None
    said = ALWAYS_OPEN if is_open else Programme(open=False, until=moment)
    with intake.database.transaction() as tx:
        if moment is not None and moment <= database_now(tx):
            raise Invalid("until", "day_not_ahead")
        store_programme(tx, said)
    return said


def open_for_care(intake: Intake, ref: str) -> OpenedVolunteer:
    """Open an application that waits, or else who a volunteer is and how to reach them, on the record."""
    with intake.database.transaction() as tx:
        row = _find(tx, ref)
        opened = opened_in(intake.vault.look(row.items()), row)
        form, trained_for = opened.form, opened.profile["trained_for"]
        if row.state in TO_VET:
            _record(tx, intake, Opened.APPLICATION, Reason.VETTING, ref)
            listed, address = _listed(row, _application(form)), None
        else:
            _record(tx, intake, Opened.NAME_AND_ADDRESS, Reason.LOOKED_AFTER, ref)
            listed, address = _listed(row), form["notify"]["value"]
    return OpenedVolunteer(listed, form["name"], address, trained_for, form["ready_for"])


def list_volunteers(intake: Intake) -> list[ListedVolunteer]:
    """Return every volunteer who is here. Opening an application is written into its access record."""
    with intake.database.transaction() as tx:
        rows = _here(tx)
        waiting = [row for row in rows if row.state is VolunteerState.APPLIED]
        # All applications are opened at once: one by one, two hundred of them outlast a transaction.
        look = intake.vault.look([item for row in waiting for item in row.items()])
        applications = {}
        for row in waiting:
            # A volunteer who is leaving at this moment is listed without their application.
            with suppress(KeyDestroyed):
                applications[row.ref] = _application(opened_in(look, row).form)
        _record(tx, intake, Opened.APPLICATION, Reason.VETTING, *applications)
    return [_listed(row, applications.get(row.ref)) for row in rows]


def list_requests(intake: Intake) -> list[ListedRequest]:
    """Return every request that is not over, oldest first."""
    with intake.database.transaction() as tx:
        return _unfinished(tx)


def approve(
    intake: Intake, ref: str, trained_until: date, trained_for: list[str], *, version: int | None
) -> VolunteerState:
    """Approve a volunteer, or renew their training; the first approval makes the two words.

    `version`: the one that was vetted. WrongState if they have changed since; None approves whatever they say now.
    """
    if trained_until < intake.clock.now().date():
        raise Invalid("trained_until", "day_over")
    with intake.database.transaction() as tx:
        row = _find(tx, ref)
        if version is not None and version != row.sequence:
            raise WrongState(row.state)
        state = after_step(row.state, Step.APPROVE)
        retention.keep_trained(tx, ref, trained_until)
        look = intake.vault.look(row.items())
        opened = opened_in(look, row)
        words = opened.notify["two_words"] or make_two_words(intake.chooser)
        earlier = known_as(opened.private, opened.form, opened.form)
        shapes = shape_volunteer(
            opened.form, intake.hashes, intake.register, trained_for=trained_for, two_words=words, known_as=earlier
        )
        row = reseal_volunteer(intake, look, row, opened, shapes)
        return publish_volunteer(tx, replace(row, state=state, trained_until=trained_until)).state


def refuse(intake: Intake, ref: str) -> VolunteerState:
    """Refuse an application; it is kept for a while, in case it was a mistake."""
    with intake.database.transaction() as tx:
        row = _step(tx, ref, Step.REFUSE)
        due_rows.arrange(tx, ref, retention.REFUSED)
        return row.state


def suspend(intake: Intake, ref: str) -> VolunteerState:
    """Take a volunteer out for the time being; a pause of theirs ends with it."""
    with intake.database.transaction() as tx:
        row = _step(tx, ref, Step.SUSPEND)
        due_rows.cancel(tx, RESUME, ref)
        return row.state


def reinstate(intake: Intake, ref: str) -> VolunteerState:
    with intake.database.transaction() as tx:
        return _step(tx, ref, Step.REINSTATE).state


def _here(tx: Connection) -> list[VolunteerRow]:
    table = tables.volunteers.c
    return VOLUNTEERS.all(tx, table.state != VolunteerState.REMOVED, order_by=[table.applied_at])


def _unfinished(tx: Connection) -> list[ListedRequest]:
    return [
        ListedRequest(row.ref, row.state, row.asked_at, row.why, row.next_try_at, row.late)
        for row in REQUESTS.all(tx, tables.requests.c.state.not_in(FINAL), order_by=[tables.requests.c.asked_at])
    ]


def _step(tx: Connection, ref: str, step: Step) -> VolunteerRow:
    row = _find(tx, ref)
    state = after_step(row.state, step)
    if state is row.state:
        return row
    return publish_volunteer(tx, replace(row, state=state, paused_until=None))


def _find(tx: Connection, ref: str) -> VolunteerRow:
    row = VOLUNTEERS.by_ref(tx, ref, lock=True) if is_ref(ref) else None
    if row is None or row.state is VolunteerState.REMOVED:
        raise NoSuch("volunteer")
    return row


def _record(tx: Connection, intake: Intake, what: Opened, why: Reason, *refs: str) -> None:
    record_access(tx, Access(Opener.COORDINATOR, what, why, intake.clock.now()), *refs)


def _application(form: Filled) -> dict[str, Any]:
    return {name: form[name] for name in VETTED_BY}


def _listed(row: VolunteerRow, application: dict[str, Any] | None = None) -> ListedVolunteer:
    return ListedVolunteer(
        volunteer=row.ref,
        version=row.sequence,
        state=row.state,
        applied_at=row.applied_at,
        trained_until=row.trained_until,
        paused_until=row.paused_until,
        reachable=row.reachable,
        application=application,
    )
