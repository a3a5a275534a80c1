"""The coordinator's commands about volunteers: look at them, approve, refuse, suspend and take back.

Each door checks the token first (`coordinator.check_token`). NoSuch is raised for a ref that is not here.
"""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.affiliations import Register
from services.intake.domain.place import place_of
from services.intake.domain.refusals import AddressHeld, Invalid, NoSuch, WrongState
from services.intake.domain.two_words import make_two_words
from services.intake.domain.vetting import NOTHING, said_now, taken_back, unvetted_in
from services.intake.domain.volunteers import AT_WORK, Step, VolunteerState, after_step
from services.intake.handlers import retention
from services.intake.handlers.announcing import publish_volunteer
from services.intake.handlers.context import Intake
from services.intake.handlers.volunteers import RESUME, Unsealed, opened_in, reseal_volunteer, reshape
from services.intake.schemas.volunteer import VETTED_BY
from services.intake.storage import tables
from services.intake.storage.access import Access, Opened, Opener, Reason, record_access
from services.intake.storage.queries import volunteers_at
from services.intake.storage.tables import VOLUNTEERS, VolunteerRow, due_rows
from shared.refs import is_ref
from shared.vault.errors import KeyDestroyed
from shared.vocabulary import vocabulary

TO_VET = frozenset({VolunteerState.APPLIED, VolunteerState.REFUSED})
"""Whom a coordinator may approve for the first time, and therefore vets."""


@dataclass(frozen=True)
class Change:
    """What a volunteer said in one field since a coordinator last looked, in words, and what they say now."""

    field: str
    before: list[str]
    now: list[str]


@dataclass(frozen=True)
class ListedVolunteer:
    """A volunteer in the coordinator's list; `application` only while it waits, or once it is looked at.

    `version` counts what became of them: an approval can say which one it was given to. `same_address`: the refs of
    the others who have their address; only one of them is asked. `to_vet`: they changed something that they were vetted
    by, which `changes` name once it is opened.
    """

    volunteer: str
    version: int
    state: VolunteerState
    applied_at: datetime
    trained_until: date | None
    paused_until: datetime | None
    reachable: bool
    same_address: list[str]
    to_vet: bool
    changes: list[Change]
    application: dict[str, Any] | None


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


def open_for_care(intake: Intake, ref: str) -> OpenedVolunteer:
    """Open an application that waits, or else who a volunteer is and how to reach them, on the record."""
    with intake.database.transaction() as tx:
        row = _find(tx, ref)
        opened = opened_in(intake.vault.look(row.items()), row)
        if row.state in TO_VET or row.to_vet:
            _record(tx, intake, Opened.APPLICATION, Reason.VETTING, ref)
        if row.state not in TO_VET:
            _record(tx, intake, Opened.NAME_AND_ADDRESS, Reason.LOOKED_AFTER, ref)
        listed = _listed(intake, row, volunteers_at(tx, row), opened)
    form, trained_for = opened.form, opened.profile["trained_for"]
    address = None if row.state in TO_VET else form["notify"]["value"]
    return OpenedVolunteer(listed, form["name"], address, trained_for, form["ready_for"])


def list_volunteers(intake: Intake) -> list[ListedVolunteer]:
    """Return every volunteer who is here. Opening an application or changes is written into their access record."""
    with intake.database.transaction() as tx:
        rows = rows_here(tx)
        waiting = [row for row in rows if row.state is VolunteerState.APPLIED or row.to_vet]
        # All are opened at once: one by one, two hundred of them outlast a transaction.
        look = intake.vault.look([item for row in waiting for item in row.items()])
        opened = {}
        for row in waiting:
            # A volunteer who is leaving at this moment is listed without their application.
            with suppress(KeyDestroyed):
                opened[row.ref] = opened_in(look, row)
        _record(tx, intake, Opened.APPLICATION, Reason.VETTING, *opened)
    return all_listed(intake, rows, opened)


def approve(
    intake: Intake, ref: str, trained_until: date, trained_for: list[str], *, version: int | None
) -> VolunteerState:
    """Approve a volunteer, their changes, or more training; the first approval makes the two words.

    What they said before counts no more from now on.

    `version`: the one that was vetted. WrongState if they have changed since; None approves whatever they say now.
    AddressHeld if another volunteer who is at work has their address.
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
        shapes = reshape(intake, opened, opened.form, NOTHING, trained_for=trained_for, two_words=words)
        row = reseal_volunteer(intake, look, row, opened, shapes)
        row = replace(row, state=state, trained_until=trained_until, to_vet=False)
        return _alone(publish_volunteer(tx, row)).state


def refuse(intake: Intake, ref: str) -> VolunteerState:
    """Refuse an application; it is kept for a while, in case it was a mistake. Or refuse changes of somebody at work.

    Their places and roles of before then stand beside those of now, and the profession and stage that were vetted.
    """
    with intake.database.transaction() as tx:
        row = _find(tx, ref)
        if row.state in AT_WORK and row.to_vet:
            look = intake.vault.look(row.items())
            opened = opened_in(look, row)
            form = taken_back(unvetted_in(opened.private), opened.form)
            row = reseal_volunteer(intake, look, row, opened, reshape(intake, opened, form, NOTHING))
            return publish_volunteer(tx, replace(row, to_vet=False)).state
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
    """Take a suspended volunteer back; AddressHeld if another one works under their address by now."""
    with intake.database.transaction() as tx:
        return _alone(_step(tx, ref, Step.REINSTATE)).state


def rows_here(tx: Connection) -> list[VolunteerRow]:
    table = tables.volunteers.c
    return VOLUNTEERS.all(tx, table.state != VolunteerState.REMOVED, order_by=[table.applied_at])


def _step(tx: Connection, ref: str, step: Step) -> VolunteerRow:
    row = _find(tx, ref)
    state = after_step(row.state, step)
    if state is row.state:
        return row
    return publish_volunteer(tx, replace(row, state=state, paused_until=None))


def _alone(row: VolunteerRow) -> VolunteerRow:
    if not row.holds_address:
        raise AddressHeld
    return row


def _find(tx: Connection, ref: str) -> VolunteerRow:
    row = VOLUNTEERS.by_ref(tx, ref, lock=True) if is_ref(ref) else None
    if row is None or row.state is VolunteerState.REMOVED:
        raise NoSuch("volunteer")
    return row


def _record(tx: Connection, intake: Intake, what: Opened, why: Reason, *refs: str) -> None:
    record_access(tx, Access(Opener.COORDINATOR, what, why, intake.clock.now()), *refs)


def all_listed(
    intake: Intake, rows: list[VolunteerRow], opened: Mapping[str, Unsealed] = MappingProxyType({})
) -> list[ListedVolunteer]:
    having = defaultdict(list)
    for row in rows:
        having[row.notify_hash or row.ref].append(row.ref)
    return [
        _listed(intake, row, [ref for ref in having[row.notify_hash or row.ref] if ref != row.ref], opened.get(row.ref))
        for row in rows
    ]


def _listed(
    intake: Intake, row: VolunteerRow, same_address: list[str], opened: Unsealed | None = None
) -> ListedVolunteer:
    waits = opened is not None and row.state in TO_VET
    return ListedVolunteer(
        volunteer=row.ref,
        version=row.sequence,
        state=row.state,
        applied_at=row.applied_at,
        trained_until=row.trained_until,
        paused_until=row.paused_until,
        reachable=row.reachable,
        same_address=same_address,
        to_vet=row.to_vet,
        changes=_changes(intake.register, opened, row.state) if opened else [],
        application={name: opened.form[name] for name in VETTED_BY} if opened and waits else None,
    )


def _changes(register: Register, opened: Unsealed, state: VolunteerState) -> list[Change]:
    """Return the changes in words. Nobody needs the address of somebody who was never approved."""
    form, listed = opened.form, []
    for field, values in unvetted_in(opened.private).items():
        now = said_now(form, field)
        # A place that is named still, but beside a part of itself now, is one of before.
        before = [each for each in values if each not in now] or values
        if values and not (field == "notify" and state in TO_VET):
            said = ([_worded(register, field, each) for each in each_time] for each_time in (before, now))
            listed.append(Change(field, *said))
    return listed


def _worded(register: Register, field: str, value: Any) -> str:
    """Return a value as a coordinator reads it: a name, an address, a place, a role, or a profession with its stage."""
    words = vocabulary()
    if field == "evaluative_roles":
        return f"{words.evaluative_roles[value['role']].label}, {register.shown(place_of(value['body']))}"
    if field == "stands":
        return ", ".join(words.labels[f"{name}s"][slug] for name, slug in value.items())
    return register.shown(place_of(value)) if field == "affiliations" else str(value)
