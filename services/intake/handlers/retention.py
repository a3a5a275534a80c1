"""How long a request, a volunteer or a report is kept: due rows with the vocabulary's figures, so each goes by itself.

After an erasure the row's ref, lookup id, state and the ids of its destroyed keys stay for a while, so that a repeat
and the old key are told that it is gone. Nothing sealed is among them; in the end they go as well.
"""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, Table, delete, select, update

from services.intake.handlers.context import Intake
from services.intake.storage import tables
from services.intake.storage.requests import RequestRow
from services.intake.storage.tables import due_rows
from shared.vocabulary import vocabulary

ERASE = "erase_request"
"""The due row that erases a request when its time is over."""

FORGET_WORDS = "forget_words"
"""The due row that forgets words and contact some time after the introduction."""

FORGET_REQUEST = "forget_request"
"""The due row that deletes what is left of an erased request. Item and subject: the request."""

FORGET_VOLUNTEER = "forget_volunteer"
"""The due row that deletes what is left of a volunteer who was removed. Item and subject: the volunteer."""

REMOVE_VOLUNTEER = "remove_volunteer"
"""The due row that removes a volunteer whom nobody answers, who was refused, or whose training ended long ago.

Item and subject: the volunteer.
"""

ENDS_SOON = "ends_soon"
"""The due row that tells the person that their request ends by itself soon. Item and subject: the request."""

ERASE_REPORT = "erase_report"
"""The due row that deletes a report, its key destroyed. Item and subject: the report."""


def keep_untouched(tx: Connection, row: RequestRow) -> None:
    """Keep the request as long as an untouched one is kept, counted anew from now."""
    _keep(tx, row, vocabulary().defaults.retention.untouched_request)


def keep_searching(tx: Connection, row: RequestRow) -> None:
    """Keep a request that is searched for again like an untouched one, and its words with it."""
    due_rows.cancel(tx, FORGET_WORDS, row.ref)
    keep_untouched(tx, row)


def keep_introduced(tx: Connection, row: RequestRow) -> None:
    """Keep an introduced request as one in which the two talk, its words and contact for a shorter time."""
    keep_talking(tx, row)
    words = vocabulary().defaults.retention.contact_and_words_after_introduction
    due_rows.schedule(tx, FORGET_WORDS, row.ref, row.ref, words)


def keep_talking(tx: Connection, row: RequestRow) -> None:
    """Keep the request until its match ends by itself and the time after a close is over, counted anew from now."""
    figures = vocabulary().defaults
    _keep(tx, row, figures.match.ends_after + figures.retention.request_after_close)


def keep_closed(tx: Connection, row: RequestRow) -> None:
    """Keep what is left of a closed or withdrawn request for the time after a close."""
    due_rows.cancel(tx, FORGET_WORDS, row.ref)
    due_rows.cancel(tx, ENDS_SOON, row.ref)
    due_rows.schedule(tx, ERASE, row.ref, row.ref, vocabulary().defaults.retention.request_after_close)


def _keep(tx: Connection, row: RequestRow, whole: timedelta) -> None:
    due_rows.schedule(tx, ERASE, row.ref, row.ref, whole)
    due_rows.schedule(tx, ENDS_SOON, row.ref, row.ref, whole - vocabulary().defaults.retention.told_before)


def keep_erased(tx: Connection, ref: str) -> None:
    """Keep the empty row of an erased request for a while, so that a repeat and the old key hear that it is gone."""
    due_rows.schedule(tx, FORGET_REQUEST, ref, ref, vocabulary().defaults.retention.erased_row)


def keep_removed(tx: Connection, ref: str) -> None:
    """Keep the empty row of a removed volunteer for a while, so that the old key hears that it is gone."""
    due_rows.schedule(tx, FORGET_VOLUNTEER, ref, ref, vocabulary().defaults.retention.erased_row)


def keep_application(tx: Connection, ref: str) -> None:
    """Keep an application until somebody answers it, or for its retention if nobody does."""
    due_rows.schedule(tx, REMOVE_VOLUNTEER, ref, ref, vocabulary().defaults.retention.unanswered_application)


def keep_refused(tx: Connection, ref: str) -> None:
    """Keep a refused application for its retention, and no longer."""
    due_rows.schedule(tx, REMOVE_VOLUNTEER, ref, ref, vocabulary().defaults.retention.refused_application)


def keep_trained(tx: Connection, ref: str, trained_until: date) -> None:
    """Keep a volunteer for as long as they stay trained, and for the retention of an untrained one after that."""
    ends = datetime.combine(trained_until, time(), UTC) + vocabulary().defaults.retention.untrained_volunteer
    due_rows.schedule_at(tx, REMOVE_VOLUNTEER, ref, ref, ends)


def keep_open_report(tx: Connection, ref: str) -> None:
    """Keep a report until somebody closes it, or for its retention if nobody does."""
    due_rows.schedule(tx, ERASE_REPORT, ref, ref, vocabulary().defaults.retention.open_report)


def keep_closed_report(tx: Connection, ref: str) -> None:
    """Keep a closed report for its retention, and no longer."""
    due_rows.schedule(tx, ERASE_REPORT, ref, ref, vocabulary().defaults.retention.report_after_close)


def kept_until(tx: Connection, ref: str, kind: str = ERASE) -> datetime | None:
    """Return when the due row `kind` of a request is due; None if there is none."""
    table = due_rows.table.c
    found: datetime | None = tx.execute(select(table.due_at).where(table.kind == kind, table.item == ref)).scalar()
    return found


def forget_request(tx: Connection, _intake: Intake, ref: str) -> None:
    """Delete every row about the erased request `ref`; what its volunteer reported stays, and names it no more."""
    offers, replies = tables.offers, tables.replies
    tx.execute(delete(replies).where(replies.c.offer.in_(select(offers.c.ref).where(offers.c.request == ref))))
    for table in (offers, tables.matches, tables.messages):
        tx.execute(delete(table).where(table.c.request == ref))
    tx.execute(update(tables.reports).where(tables.reports.c.request == ref).values(request=None))
    _forget_subject(tx, tables.requests, ref)


def forget_volunteer(tx: Connection, _intake: Intake, ref: str) -> None:
    """Delete every row about the removed volunteer `ref`; offers made to them go with the requests they were for."""
    tx.execute(update(tables.reports).where(tables.reports.c.volunteer == ref).values(volunteer=None))
    _forget_subject(tx, tables.volunteers, ref)


def _forget_subject(tx: Connection, table: Table, ref: str) -> None:
    """Delete the subject's own row, and then its access record, which a living subject's row holds in place."""
    tx.execute(delete(table).where(table.c.ref == ref))
    tx.execute(delete(tables.erasures).where(tables.erasures.c.ref == ref))
    tx.execute(delete(tables.access_record).where(tables.access_record.c.subject == ref))
