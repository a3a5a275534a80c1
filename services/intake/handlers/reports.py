"""Reports about safety: written by whoever holds a key, read by the coordinator alone, closed, and forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from services.intake.domain.refusals import Gone, NoSuchReport, NotYet, Unknown
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers import keeping
from services.intake.handlers.announcing import announce_report
from services.intake.handlers.tools import Tools
from services.intake.storage.access import Access, Opener, record_access
from services.intake.storage.copies import match_by_ref, offer_by_ref
from services.intake.storage.reports import (
    SAFETY,
    ReportRow,
    delete_report,
    insert_report,
    mark_closed,
    open_reports,
    report_by_ref,
)
from services.intake.storage.requests import request_by_lookup
from services.intake.storage.volunteers import VolunteerRow, volunteer_by_lookup, volunteer_by_ref
from shared.clock import to_hour
from shared.refs import is_ref, new_ref
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from shared.vault.sealing import DataKey, key_id_of

PURPOSES = {"person": Purpose.PERSON_PRIVATE, "volunteer": Purpose.VOLUNTEER_PRIVATE}
"""Under which purpose a report is sealed, after whoever wrote it. The subject is the report itself."""


@dataclass(frozen=True)
class Writer:
    """Who writes a report, and whom it is about as far as that is known."""

    by: str
    request: str | None
    volunteer: str | None

    @property
    def purpose(self) -> Purpose:
        """Return the purpose under which what they write is sealed."""
        return PURPOSES[self.by]


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


def writer_of_key(tx: Connection, lookup: str) -> Writer:
    """Return who holds this request key or volunteer key, their row locked; Unknown or Gone otherwise."""
    request = request_by_lookup(tx, lookup, lock=True)
    if request is None:
        return _as_volunteer(volunteer_by_lookup(tx, lookup, lock=True), None)
    if request.state is RequestState.ERASED:
        raise Gone
    match = match_by_ref(tx, request.match) if request.match else None
    return Writer("person", request.ref, match.volunteer if match else None)


def writer_of_offer(tx: Connection, offer: str) -> Writer:
    """Return to whom this offer was made, their row locked; NotYet if it is not here yet, Gone if they left."""
    row = offer_by_ref(tx, offer)
    if row is None:
        raise NotYet
    return _as_volunteer(volunteer_by_ref(tx, row.volunteer, lock=True), row.request)


def _as_volunteer(row: VolunteerRow | None, request: str | None) -> Writer:
    if row is None:
        raise Unknown
    if row.state is VolunteerState.REMOVED:
        raise Gone
    return Writer("volunteer", request, row.ref)


def take_report(tx: Connection, tools: Tools, writer: Writer, text: str, keys: Mapping[Purpose, DataKey]) -> ReportRow:
    """Take a report, and announce that there is one. `keys` is a fresh one of the vault for the writer's purpose."""
    ref, purpose = new_ref(), writer.purpose
    sealed = tools.vault.seal(keys[purpose], ref, purpose, {"text": text})
    at = to_hour(tools.clock.now())
    row = ReportRow(ref, SAFETY, writer.by, writer.request, writer.volunteer, sealed, closed=False, at=at)
    insert_report(tx, row)
    keeping.keep_open_report(tx, ref)
    announce_report(tx, row)
    return row


def list_reports(tx: Connection, tools: Tools) -> list[ListedReport]:
    """Return every report that is not closed, oldest first. Each opening is written into its writer's access record."""
    return [_opened(tx, tools, row) for row in open_reports(tx)]


def close_report(tx: Connection, ref: str) -> None:
    """Close a report: nothing is left to do about it, and it is forgotten after its retention."""
    row = report_by_ref(tx, ref, lock=True) if is_ref(ref) else None
    if row is None:
        raise NoSuchReport
    if not row.closed:
        mark_closed(tx, ref)
        keeping.keep_closed_report(tx, ref)


def erase_report(tx: Connection, tools: Tools, ref: str) -> None:
    """Destroy the key of a report whose time is over, and delete it; a crash in between is made good by a repeat."""
    row = report_by_ref(tx, ref, lock=True)
    if row is None:
        return
    if row.sealed:
        tools.vault.destroy([UUID(str(key_id_of(row.sealed)))], to_hour(tools.clock.now()))
    delete_report(tx, ref)


def _opened(tx: Connection, tools: Tools, row: ReportRow) -> ListedReport:
    return ListedReport(row.ref, row.kind, row.by, row.request, row.volunteer, row.at, _text(tx, tools, row))


def _text(tx: Connection, tools: Tools, row: ReportRow) -> str | None:
    if row.sealed is None or row.by is None or row.writer is None:
        return None
    try:
        text: str = tools.vault.open(row.sealed, row.ref, PURPOSES[row.by])["text"]
    except KeyDestroyed:
        # Its writer erases it at this moment.
        return None
    record_access(tx, row.writer, Access(Opener.COORDINATOR, "report", "safety", tools.clock.now()))
    return text
