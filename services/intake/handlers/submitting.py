"""Asking for a peer, from the validated form to the outbox; above a limit requests wait for their turn (T12)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from services.intake.domain.card import card_preview, person_half
from services.intake.domain.flood import MANY_AT_ONCE, wait_for_turn
from services.intake.domain.programme import Programme, check_code, check_open
from services.intake.domain.requests import RequestState
from services.intake.handlers import retention
from services.intake.handlers.announcing import announce, publish_request, report_event, request_event
from services.intake.handlers.context import Intake
from services.intake.handlers.repeats import key_given_before, tries_of
from services.intake.schemas.shapes import Filled, Sealable, shape_person
from services.intake.storage.queries import count_asked_at, insert_report, programme_now
from services.intake.storage.tables import FLOOD, REQUESTS, ReportRow, RequestRow, due_rows
from shared.clock import to_hour
from shared.database import database_now
from shared.refs import Version, new_ref
from shared.vault.purposes import Purpose
from shared.vault.request_keys import derive_request_key, lookup_id
from shared.vault.sealing import DataKey

ANNOUNCE_REQUEST = "announce_request"
"""The due row that announces a request which waited for its turn. Item and subject: the request."""


@dataclass(frozen=True)
class Submitted:
    """The answer to a submission: the key, which is shown now and never again, and the state it was taken with."""

    request_key: str
    status: RequestState


def current_programme(intake: Intake) -> Programme:
    with intake.database.transaction() as tx:
        return programme_now(tx)


def preview(intake: Intake, form: Filled) -> dict[str, Any]:
    """Return the card as a volunteer would read it; nothing is stored."""
    profile = shape_person(form, intake.hashes, intake.register).profile
    return card_preview(person_half(profile), intake.clock.now())


def submit(intake: Intake, form: Filled, body: Mapping[str, Any], idempotency_key: str | None) -> Submitted:
    """Take a request. `body` is what was sent, before validation: a repeat of it gets the same answer.

    Raises Invalid if the Idempotency-Key is too short or the programme code is wrong, OtherBody or Gone for a
    repeat that is none or comes late, Closed while no requests are taken.
    """
    tries = tries_of(intake, derive_request_key, idempotency_key, body)
    with intake.database.transaction() as tx:
        earlier = key_given_before(tx, REQUESTS, tries)
        if earlier is not None:
            return Submitted(earlier, RequestState.WAITING)
        # Before any data key is made: one that nothing was sealed with would stay in the vault for ever.
        check_open(programme_now(tx))
    check_code(intake.settings.programme_code, form["programme_code"])
    keys = intake.vault.mint(
        [each for each in RequestRow.columns if form["notify"] or each is not Purpose.PERSON_NOTIFY]
    )
    key, digest = next(iter(tries.items()))
    row = _new_request(intake, key, digest, form, keys)
    try:
        with intake.database.transaction() as tx:
            check_open(programme_now(tx))
            _take(tx, intake, row)
    except IntegrityError:
        # The same form was sent twice at the same moment, and the other one came first.
        with intake.database.transaction() as tx:
            earlier = key_given_before(tx, REQUESTS, tries)
        if earlier is None:
            raise
        key = earlier
    return Submitted(key, RequestState.WAITING)


def _new_request(
    intake: Intake, request_key: str, digest: str, form: Filled, keys: Mapping[Purpose, DataKey]
) -> RequestRow:
    """Return the row of a new request. `keys` are fresh ones of the vault, one for each purpose that is sealed."""
    ref = new_ref()
    shapes = shape_person(form, intake.hashes, intake.register)

    def sealed(purpose: Purpose, said: Sealable) -> str:
        return intake.vault.seal(keys[purpose], ref, purpose, said)

    return RequestRow(
        ref=ref,
        lookup_id=lookup_id(request_key),
        body_digest=digest,
        state=RequestState.WAITING,
        round=1,
        sequence=Version(1),
        late="no",
        profile=sealed(Purpose.PERSON_PROFILE, shapes.profile),
        notify=sealed(Purpose.PERSON_NOTIFY, shapes.notify) if shapes.notify else None,
        private=sealed(Purpose.PERSON_PRIVATE, shapes.private),
        card=sealed(Purpose.PERSON_CARD, person_half(shapes.profile)),
        asked_at=to_hour(intake.clock.now()),
    ).marked_by(intake.register.version())


def _take(tx: Connection, intake: Intake, row: RequestRow) -> None:
    """Store a new request and announce it, unless it waits for its turn.

    IntegrityError if the same submission is being taken at this very moment; then it is a repeat.
    """
    row = _in_turn(tx, intake, row)
    REQUESTS.insert(tx, row)
    due_rows.arrange(tx, row.ref, retention.UNTOUCHED)
    if row.why is None:
        announce(tx, request_event(row))


def _in_turn(tx: Connection, intake: Intake, row: RequestRow) -> RequestRow:
    """Return a new request as it is to be stored: as it is, or waiting for its turn, with the due row of that.

    The first one of an hour that has to wait alarms the coordinator.
    """
    per_hour = intake.settings.flood_per_hour
    if not per_hour:
        return row
    now = database_now(tx)
    wait = wait_for_turn(count_asked_at(tx, row.asked_at), per_hour, _queued(tx, now), intake.chooser.random())
    if not wait:
        return row
    due_rows.arrange(tx, row.ref, {ANNOUNCE_REQUEST: wait})
    alarm = ReportRow(new_ref(), FLOOD, None, None, None, None, closed=False, at=row.asked_at)
    if insert_report(tx, alarm):
        due_rows.arrange(tx, alarm.ref, retention.OPEN_REPORT)
        announce(tx, report_event(alarm))
    return replace(row, why=MANY_AT_ONCE, next_try_at=now + wait)


def _queued(tx: Connection, now: datetime) -> timedelta:
    """Return how long the last of those who wait for their turn still waits."""
    rows = due_rows.table.c
    last: datetime | None = tx.execute(select(func.max(rows.due_at)).where(rows.kind == ANNOUNCE_REQUEST)).scalar()
    return max(last - now, timedelta()) if last else timedelta()


def announce_waiting(tx: Connection, _intake: Intake, row: RequestRow) -> None:
    """Announce a request whose turn has come, unless its person ended it meanwhile."""
    if row.why == MANY_AT_ONCE:
        publish_request(tx, replace(row, why=None, next_try_at=None))
