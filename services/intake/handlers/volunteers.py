"""The volunteer's commands: apply, read and change one's profile, pause. Leaving is an erasure.

`key` is a volunteer key as it was typed, or a home link, which counts with `pin` if the volunteer set one.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.refusals import Invalid
from services.intake.domain.volunteers import Step, VolunteerState, after_step
from services.intake.handlers.announcing import announce_volunteer, publish_volunteer
from services.intake.handlers.context import Intake, all_or_raise
from services.intake.handlers.keys import admitted, with_pin
from services.intake.handlers.retention import keep_application
from services.intake.schemas.shapes import Filled, Sealable, shape_volunteer, volunteer_form
from services.intake.storage.access import Access, accesses_of
from services.intake.storage.tables import due_rows
from services.intake.storage.volunteers import VolunteerRow, insert_volunteer, save_volunteer, volunteer_by_ref
from shared.clock import to_hour
from shared.database import database_now
from shared.refs import new_ref
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from shared.vault.request_keys import lookup_id, new_key
from shared.vault.tokens import webhook_secret
from shared.vault.vault import SealedItem

RESUME = "resume_volunteer"
"""The due row that ends a pause."""

LONGEST_PAUSE = timedelta(days=366)
PAUSE, PIN = "pause_until", "pin"
SEALED = (Purpose.VOLUNTEER_PROFILE, Purpose.VOLUNTEER_NOTIFY, Purpose.VOLUNTEER_PRIVATE)


@dataclass(frozen=True)
class VolunteerView:
    """A volunteer as they see themselves. `two_words` stand in every genuine notice; `form` is what they filled in.

    `webhook_secret` signs every call, if a program of theirs is told instead of a mailbox. `has_pin`: a home link opens
    this page only with their PIN.
    """

    state: VolunteerState
    two_words: str | None
    webhook_secret: str | None
    trained_until: date | None
    trained_for: list[str]
    paused_until: datetime | None
    reachable: bool
    has_pin: bool
    form: dict[str, Any]
    accesses: list[Access]


@dataclass(frozen=True)
class Opened:
    """What is sealed about a volunteer, opened."""

    profile: Sealable
    private: Sealable
    notify: Sealable

    @property
    def form(self) -> dict[str, Any]:
        """Return what the volunteer filled in."""
        return volunteer_form(self.profile, self.private, self.notify)


def apply(intake: Intake, form: Filled) -> str:
    """Take an application and announce it; return the volunteer key, which is shown now and never again."""
    key, ref = new_key(intake.random), new_ref()
    shapes = shape_volunteer(form, intake.hashes, intake.register, trained_for=(), two_words=None)
    keys = intake.vault.mint(SEALED)
    profile, notify, private = (
        intake.vault.seal(keys[purpose], ref, purpose, obj)
        for purpose, obj in zip(SEALED, (shapes.profile, shapes.notify, shapes.private), strict=True)
    )
    row = VolunteerRow(
        ref=ref,
        lookup_id=lookup_id(key),
        state=VolunteerState.APPLIED,
        trained_until=None,
        paused_until=None,
        sequence=1,
        notify_sequence=1,
        reachable=True,
        generation=0,
        notify_hash=intake.hashes.address(form["notify"]["value"]),
        pin_hash=None,
        pin_failures=0,
        pin_blocked_until=None,
        profile=profile,
        notify=notify,
        private=private,
        applied_at=to_hour(intake.clock.now()),
    )
    with intake.database.transaction() as tx:
        insert_volunteer(tx, row)
        keep_application(tx, ref)
        announce_volunteer(tx, row)
    return key


def read_volunteer(intake: Intake, key: str, pin: str | None = None) -> VolunteerView:
    """Return what the volunteer sees on their home page."""
    with admitted(intake, key, pin) as (tx, row):
        return _view(tx, intake, row)


def _view(tx: Connection, intake: Intake, row: VolunteerRow) -> VolunteerView:
    opened = open_volunteer(intake, row)
    called = opened.notify["channel"] == "webhook"
    return VolunteerView(
        state=row.state,
        two_words=opened.notify["two_words"],
        webhook_secret=webhook_secret(intake.links, row.ref) if called else None,
        trained_until=row.trained_until,
        trained_for=opened.profile["trained_for"],
        paused_until=row.paused_until,
        reachable=row.reachable,
        has_pin=row.pin_hash is not None,
        form=opened.form,
        accesses=accesses_of(tx, row.ref),
    )


def change_volunteer(intake: Intake, key: str, changes: Filled, pin: str | None = None) -> VolunteerView:
    """Take changed fields, a pause or its end, another PIN or none; return the volunteer as they are now.

    `pause_until` None ends a pause; `pin` None takes the PIN away.
    """
    with admitted(intake, key, pin, lock=True) as (tx, row):
        after_step(row.state, Step.CHANGE)
        return _view(tx, intake, publish_volunteer(tx, _changed(tx, intake, row, changes)) if changes else row)


def _changed(tx: Connection, intake: Intake, row: VolunteerRow, changes: Filled) -> VolunteerRow:
    if PAUSE in changes:
        row = pause(tx, row, changes[PAUSE])
    if PIN in changes:
        row = with_pin(intake, row, changes[PIN])
    fields = {name: value for name, value in changes.items() if name not in {PAUSE, PIN}}
    if not fields:
        return row
    opened = open_volunteer(intake, row)
    form = {**opened.form, **fields}
    if takes_back(opened.form, form):
        row = replace(row, state=after_step(row.state, Step.VET_AGAIN), paused_until=None)
    return reseal_volunteer(intake, row, opened, form=form)


def takes_back(before: Filled, after: Filled) -> bool:
    """Tell whether a change takes back what the volunteer was vetted on: their name, an affiliation or a role.

    Otherwise somebody who decides about careers could be approved, drop the role, and reach their own people.
    """
    return (
        before["name"] != after["name"]
        or not set(before["affiliations"]) <= set(after["affiliations"])
        or any(role not in after["evaluative_roles"] for role in before["evaluative_roles"])
    )


def pause(tx: Connection, row: VolunteerRow, until: datetime | None) -> VolunteerRow:
    """Return `row` paused until then, or at work again; its due row is set. The caller publishes it."""
    if until is None:
        due_rows.cancel(tx, RESUME, row.ref)
        return replace(row, state=after_step(row.state, Step.RESUME), paused_until=None)
    check_pause(tx, until)
    paused = replace(row, state=after_step(row.state, Step.PAUSE), paused_until=until)
    due_rows.schedule_at(tx, RESUME, row.ref, row.ref, until)
    return paused


def check_pause(tx: Connection, until: datetime) -> None:
    """Raise Invalid unless `until` lies ahead by the database's clock, and within a year."""
    now = database_now(tx)
    if not now < until <= now + LONGEST_PAUSE:
        raise Invalid(PAUSE, "pause_too_far")


def resume(tx: Connection, _intake: Intake, ref: str) -> None:
    """End the pause of a volunteer, because its time is over."""
    row = volunteer_by_ref(tx, ref, lock=True)
    if row is not None and row.state is VolunteerState.PAUSED:
        publish_volunteer(tx, replace(row, state=VolunteerState.ACTIVE, paused_until=None))


def note_unreachable(tx: Connection, ref: str, tried_sequence: int) -> None:
    """Note that a notice to this volunteer failed for good, unless the address has changed since that version."""
    row = volunteer_by_ref(tx, ref, lock=True)
    if row is not None and row.reachable and tried_sequence >= row.notify_sequence:
        save_volunteer(tx, replace(row, reachable=False))


def open_volunteer(intake: Intake, row: VolunteerRow) -> Opened:
    """Open all that is sealed about a volunteer; raises KeyDestroyed and its kind if that cannot be opened."""
    return Opened(*intake.open_all(_sealed_items(row)))


def open_volunteers(intake: Intake, rows: Sequence[VolunteerRow]) -> dict[str, Opened]:
    """Open the same about many volunteers in one look: ref -> what was sealed; who leaves at this moment is missing."""
    opened: dict[str, Opened] = {}
    values = iter(intake.vault.open_many([item for row in rows for item in _sealed_items(row)]))
    for row, of_one in zip(rows, zip(values, values, values, strict=True), strict=True):
        with suppress(KeyDestroyed):
            opened[row.ref] = Opened(*all_or_raise(of_one))
    return opened


def _sealed_items(row: VolunteerRow) -> list[SealedItem]:
    return [
        SealedItem(str(row.profile), row.ref, Purpose.VOLUNTEER_PROFILE),
        SealedItem(str(row.private), row.ref, Purpose.VOLUNTEER_PRIVATE),
        SealedItem(str(row.notify), row.ref, Purpose.VOLUNTEER_NOTIFY),
    ]


def reseal_volunteer(
    intake: Intake,
    row: VolunteerRow,
    opened: Opened,
    *,
    form: Filled | None = None,
    trained_for: list[str] | None = None,
    two_words: str | None = None,
) -> VolunteerRow:
    """Return `row` with its sealed values made anew, under the keys they have, from what has changed.

    The address stays as it was sealed unless it changed: a new one, for the matcher too, is one that was never tried.
    """
    shapes = shape_volunteer(
        form or opened.form,
        intake.hashes,
        intake.register,
        trained_for=opened.profile["trained_for"] if trained_for is None else trained_for,
        two_words=two_words or opened.notify["two_words"],
    )
    row = replace(
        row,
        profile=intake.vault.reseal(str(row.profile), row.ref, Purpose.VOLUNTEER_PROFILE, shapes.profile),
        private=intake.vault.reseal(str(row.private), row.ref, Purpose.VOLUNTEER_PRIVATE, shapes.private),
        notify_hash=intake.hashes.address(shapes.notify["value"]),
    )
    if shapes.notify == opened.notify:
        return row
    notify = intake.vault.reseal(str(row.notify), row.ref, Purpose.VOLUNTEER_NOTIFY, shapes.notify)
    return replace(row, notify=notify, reachable=True, notify_sequence=row.sequence + 1)
