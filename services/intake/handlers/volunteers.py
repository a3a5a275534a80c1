"""The volunteer's commands: apply, read and change one's profile, pause. Leaving is an erasure.

`key` is a volunteer key as it was typed, or a home link, which counts with `pin` if the volunteer set one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from services.intake.domain.offers import OfferStatus
from services.intake.domain.refusals import Invalid
from services.intake.domain.vetting import Unvetted, after_change, unvetted_in
from services.intake.domain.volunteers import Step, VolunteerState, after_step, check_waking_hours
from services.intake.handlers.announcing import announce, publish_volunteer, volunteer_event
from services.intake.handlers.context import Intake
from services.intake.handlers.keys import admitted, with_pin
from services.intake.handlers.repeats import key_given_before, tries_of
from services.intake.handlers.retention import APPLICATION
from services.intake.schemas.shapes import Filled, Shapes, known_as, shape_volunteer, volunteer_form
from services.intake.storage.access import Access, accesses_of
from services.intake.storage.snapshots import offer_snapshots
from services.intake.storage.tables import VOLUNTEERS, VolunteerRow, due_rows, offers
from shared.clock import to_hour
from shared.database import database_now
from shared.refs import Version, new_ref
from shared.vault.purposes import Purpose
from shared.vault.request_keys import derive_volunteer_key, lookup_id
from shared.vault.tokens import offer_token, webhook_secret
from shared.vault.vault import Look

RESUME = "resume_volunteer"
"""The due row that ends a pause."""

LONGEST_PAUSE = timedelta(days=366)
PAUSE, PIN = "pause_until", "pin"
SEALED = (Purpose.VOLUNTEER_PROFILE, Purpose.VOLUNTEER_NOTIFY, Purpose.VOLUNTEER_PRIVATE)


@dataclass(frozen=True)
class ListedOffer:
    """An offer on the volunteer's home page; `token` opens it, as the link in the mail does."""

    token: str
    status: OfferStatus
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class VolunteerView:
    """A volunteer as they see themselves. `two_words` stand in every genuine notice; `form` is what they filled in.

    `webhook_secret` signs every call, if a program of theirs is told instead of a mailbox. `to_vet`: a coordinator is
    to look at what they changed; until then the earlier counts as well. `has_pin`: a home link opens this page only
    with their PIN.
    """

    state: VolunteerState
    two_words: str | None
    webhook_secret: str | None
    to_vet: bool
    trained_until: date | None
    trained_for: list[str]
    paused_until: datetime | None
    reachable: bool
    has_pin: bool
    form: dict[str, Any]
    accesses: list[Access]
    offers: list[ListedOffer]


class Unsealed(Shapes):
    @property
    def form(self) -> dict[str, Any]:
        return volunteer_form(self.profile, self.private, self.notify)


def apply(intake: Intake, form: Filled, body: Mapping[str, Any], idempotency_key: str | None) -> str:
    """Take an application and announce it; return the volunteer key, which is shown now and never again.

    `body` is what was sent, before validation: a repeat of it gets the same key. Raises Invalid if the Idempotency-Key
    is too short or the waking hours are too few, OtherBody or Gone for a repeat that is none or comes after they left.
    """
    tries = tries_of(intake, derive_volunteer_key, idempotency_key, body)
    with intake.database.transaction() as tx:
        earlier = key_given_before(tx, VOLUNTEERS, tries)
    if earlier is not None:
        return earlier
    check_waking_hours(form["waking_hours"])
    key, digest = next(iter(tries.items()))
    row = _new_volunteer(intake, key, digest, form)
    try:
        with intake.database.transaction() as tx:
            VOLUNTEERS.insert(tx, row)
            due_rows.arrange(tx, row.ref, APPLICATION)
            announce(tx, volunteer_event(row))
    except IntegrityError:
        # The same form was sent twice at the same moment, and the other one came first.
        with intake.database.transaction() as tx:
            earlier = key_given_before(tx, VOLUNTEERS, tries)
        if earlier is None:
            raise
        key = earlier
    return key


def _new_volunteer(intake: Intake, key: str, digest: str, form: Filled) -> VolunteerRow:
    ref = new_ref()
    shapes = shape_volunteer(form, intake.hashes, intake.register, trained_for=(), two_words=None)
    keys = intake.vault.mint(SEALED)
    profile, notify, private = (
        intake.vault.seal(keys[purpose], ref, purpose, obj)
        for purpose, obj in zip(SEALED, (shapes.profile, shapes.notify, shapes.private), strict=True)
    )
    return VolunteerRow(
        ref=ref,
        lookup_id=lookup_id(key),
        body_digest=digest,
        state=VolunteerState.APPLIED,
        sequence=Version(1),
        notify_sequence=Version(1),
        reachable=True,
        notify_hash=intake.hash_of_address(form["notify"]["value"]),
        profile=profile,
        notify=notify,
        private=private,
        applied_at=to_hour(intake.clock.now()),
    ).marked_by(intake.register.version())


def read_volunteer(intake: Intake, key: str, pin: str | None = None) -> VolunteerView:
    with admitted(intake, key, pin) as (tx, row):
        return _view(tx, intake, row)


def _view(tx: Connection, intake: Intake, row: VolunteerRow) -> VolunteerView:
    opened = opened_in(intake.vault.look(row.items()), row)
    called = opened.notify["channel"] == "webhook"
    return VolunteerView(
        state=row.state,
        two_words=opened.notify["two_words"],
        webhook_secret=webhook_secret(intake.links, row.ref) if called else None,
        to_vet=row.to_vet,
        trained_until=row.trained_until,
        trained_for=opened.profile["trained_for"],
        paused_until=row.paused_until,
        reachable=row.reachable,
        has_pin=row.pin_hash is not None,
        form=opened.form,
        accesses=accesses_of(tx, row.ref),
        offers=_offers_to(tx, intake, row),
    )


def list_offers(intake: Intake, key: str, pin: str | None = None) -> list[ListedOffer]:
    """Return every offer made to the volunteer, the latest first."""
    with admitted(intake, key, pin) as (tx, row):
        return _offers_to(tx, intake, row)


def _offers_to(tx: Connection, intake: Intake, row: VolunteerRow) -> list[ListedOffer]:
    return [
        ListedOffer(offer_token(intake.links, each.offer.ref), each.status, each.offer.made_at, each.offer.expires_at)
        for each in offer_snapshots(tx, offers.c.volunteer == row.ref)
    ]


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
    look = intake.vault.look(row.items())
    opened = opened_in(look, row)
    form = {**opened.form, **fields}
    if form["waking_hours"] != opened.form["waking_hours"]:
        check_waking_hours(form["waking_hours"])
    unvetted = after_change(unvetted_in(opened.private), opened.form, form, intake.register)
    row = replace(row, to_vet=any(unvetted.values()))
    return reseal_volunteer(intake, look, row, opened, reshape(intake, opened, form, unvetted))


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


def resume(tx: Connection, _intake: Intake, row: VolunteerRow) -> None:
    if row.state is VolunteerState.PAUSED:
        publish_volunteer(tx, replace(row, state=VolunteerState.ACTIVE, paused_until=None))


def opened_in(look: Look, row: VolunteerRow) -> Unsealed:
    """Open all that is sealed about a volunteer; raises KeyDestroyed and its kind if that cannot be opened."""
    return Unsealed(**{column: look.open(row.item(purpose)) for purpose, column in row.columns.items()})


def reshape(intake: Intake, opened: Unsealed, form: Filled, unvetted: Unvetted, **approved: Any) -> Shapes:
    """Return what is to be sealed for `form`; training and the two words stay, unless they are `approved` anew."""
    kept = {"trained_for": opened.profile["trained_for"], "two_words": opened.notify["two_words"]}
    earlier = known_as(opened.private, opened.form, form)
    said = kept | approved
    return shape_volunteer(form, intake.hashes, intake.register, **said, unvetted=unvetted, known_as=earlier)


def reseal_volunteer(intake: Intake, look: Look, row: VolunteerRow, opened: Unsealed, shapes: Shapes) -> VolunteerRow:
    """Return `row` with `shapes` sealed in place of what was `opened`, under the keys it has.

    The address stays as it was sealed unless it changed: a new one, for the matcher too, is one that was never tried.
    """
    address = intake.hash_of_address(shapes.notify["value"])
    row = replace(
        row,
        profile=look.reseal(row.item(Purpose.VOLUNTEER_PROFILE), shapes.profile),
        private=look.reseal(row.item(Purpose.VOLUNTEER_PRIVATE), shapes.private),
        notify_hash=address,
        holds_address=row.holds_address and row.notify_hash == address,
    ).marked_by(intake.register.version())
    if shapes.notify == opened.notify:
        return row
    notify = look.reseal(row.item(Purpose.VOLUNTEER_NOTIFY), shapes.notify)
    return replace(row, notify=notify, reachable=True, notify_sequence=Version(row.sequence + 1))
