"""Reports about safety: written by anybody who holds a key, read by the coordinator alone, closed, and forgotten."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete

from services.intake.domain.refusals import Gone, Invalid, NoSuch, NotYet, Refusal, Unknown
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers import retention
from services.intake.handlers.announcing import announce, report_event
from services.intake.handlers.context import Intake
from services.intake.handlers.keys import come_in, lookup_of, offer_of
from services.intake.schemas.person import LONGEST_REPORT
from services.intake.storage import tables
from services.intake.storage.access import Access, Opened, Opener, Reason, record_access
from services.intake.storage.queries import insert_report, open_reports, request_by_lookup
from services.intake.storage.tables import SAFETY, ReportRow, VolunteerRow, due_rows
from shared.clock import to_hour
from shared.refs import is_ref, new_ref
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from shared.vault.sealing import key_id_of
from shared.vault.vault import SealedItem

PURPOSES = {"person": Purpose.PERSON_PRIVATE, "volunteer": Purpose.VOLUNTEER_PRIVATE}
"""Under which purpose a report is sealed, by who wrote it. The subject is the report itself."""


@dataclass(frozen=True)
class Writer:
    """Who writes a report, and whom it is about as far as that is known."""

    by: str
    request: str | None
    volunteer: str | None


@dataclass(frozen=True)
class ListedReport:
    """A report as the coordinator reads it. `text` is None for an alarm, and where its writer has erased it."""

    report: str
    kind: str
    by: str | None
    request: str | None
    volunteer: str | None
    at: datetime
    text: str | None


def report(intake: Intake, key: str, text: str, pin: str | None = None) -> None:
    """Take a report, and announce that there is one.

    `key` is a request key, a volunteer key or an offer token, as it was typed, or a home link. Raises Invalid for an
    empty or too long text; Unknown, Gone and their kind for the key.
    """
    if not text.strip():
        raise Invalid("text", "blank_report")
    if len(text) > LONGEST_REPORT:
        raise Invalid("text", "report_too_long", max=LONGEST_REPORT)
    with intake.database.transaction() as tx:
        # The writer's row is locked, so that an erasure comes before the report or takes it out.
        writer = _writer(tx, intake, key, pin)
        if isinstance(writer, Writer):
            _take(tx, intake, writer, text)
            return
    # Only now: a wrong PIN is counted by then.
    raise writer


def _take(tx: Connection, intake: Intake, writer: Writer, text: str) -> None:
    ref, purpose = new_ref(), PURPOSES[writer.by]
    # Made here and not before, so that no key stays unused when the writer is turned away.
    sealed = intake.vault.seal(intake.vault.mint([purpose])[purpose], ref, purpose, {"text": text})
    at = to_hour(intake.clock.now())
    row = ReportRow(ref, SAFETY, writer.by, writer.request, writer.volunteer, sealed, closed=False, at=at)
    insert_report(tx, row)
    due_rows.arrange(tx, ref, retention.OPEN_REPORT)
    announce(tx, report_event(row))


def _writer(tx: Connection, intake: Intake, key: str, pin: str | None) -> Writer | Refusal:
    """Return who holds this key; a refusal is returned where a wrong PIN has to be counted."""
    try:
        offer = tables.OFFERS.by_ref(tx, offer_of(intake, key))
    except Unknown:
        return _holder(tx, intake, key, pin)
    if offer is None:
        raise NotYet
    volunteer = tables.VOLUNTEERS.by_ref(tx, offer.volunteer, lock=True)
    return Unknown() if volunteer is None else _as_volunteer(volunteer, offer.request)


def _holder(tx: Connection, intake: Intake, key: str, pin: str | None) -> Writer | Refusal:
    try:
        request = request_by_lookup(tx, lookup_of(key), lock=True)
    except Unknown:
        request = None
    if request is None:
        volunteer = come_in(tx, intake, key, pin, lock=True)
        return volunteer if isinstance(volunteer, Refusal) else _as_volunteer(volunteer, None)
    if request.state is RequestState.ERASED:
        raise Gone
    match = tables.MATCHES.by_ref(tx, request.match) if request.match else None
    return Writer("person", request.ref, match.volunteer if match else None)


def _as_volunteer(row: VolunteerRow, request: str | None) -> Writer:
    if row.state is VolunteerState.REMOVED:
        raise Gone
    return Writer("volunteer", request, row.ref)


def list_reports(intake: Intake) -> list[ListedReport]:
    """Return every report that is not closed, oldest first. Each opening is written into its writer's access record."""
    with intake.database.transaction() as tx:
        rows = open_reports(tx)
        sealed = {
            row.ref: SealedItem(row.sealed, row.ref, PURPOSES[row.by])
            for row in rows
            if row.sealed and row.by and row.writer
        }
        # All are opened at once: one by one, a few hundred of them outlast a transaction.
        look = intake.vault.look(sealed.values())
        texts = {}
        for ref, item in sealed.items():
            # A report whose writer erases it at this moment is listed without its text.
            with suppress(KeyDestroyed):
                texts[ref] = look.open(item)["text"]
        looked = Access(Opener.COORDINATOR, Opened.REPORT, Reason.SAFETY, intake.clock.now())
        record_access(tx, looked, *{row.writer for row in rows if row.ref in texts and row.writer})
    return [
        ListedReport(row.ref, row.kind, row.by, row.request, row.volunteer, row.at, texts.get(row.ref)) for row in rows
    ]


def close_report(intake: Intake, ref: str) -> None:
    """Close a report: nothing is left to do about it, and it is forgotten after its retention."""
    with intake.database.transaction() as tx:
        row = tables.REPORTS.by_ref(tx, ref, lock=True) if is_ref(ref) else None
        if row is None:
            raise NoSuch("report")
        if not row.closed:
            tables.REPORTS.save(tx, replace(row, closed=True))
            due_rows.arrange(tx, ref, retention.CLOSED_REPORT)


def erase_report(tx: Connection, intake: Intake, row: ReportRow) -> None:
    """Destroy the key of a report whose time is over, and delete it; a crash in between is made good by a repeat."""
    if row.sealed:
        intake.vault.destroy([UUID(str(key_id_of(row.sealed)))], to_hour(intake.clock.now()))
    tx.execute(delete(tables.reports).where(tables.reports.c.ref == row.ref))
