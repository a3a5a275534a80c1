"""How long a request, a volunteer or a report is kept: due rows with the vocabulary's figures, so each goes by itself.

After an erasure the row's ref, lookup id, state and the ids of its destroyed keys stay for a while, so that a repeat
and the old key are told that it is gone. Nothing sealed is among them; in the end they go as well.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, Table, delete, select, update

from services.intake.handlers.context import Intake
from services.intake.storage import tables
from services.intake.storage.tables import RequestRow, VolunteerRow, due_rows
from shared.vocabulary import vocabulary

# Kinds of due rows. Item and subject are the request, the volunteer or the report that each is about.
ERASE = "erase_request"
ENDS_SOON = "ends_soon"
"""Tells the person that their request is erased by itself soon."""

FORGET_WORDS = "forget_words"
FORGET_REQUEST, FORGET_VOLUNTEER = "forget_request", "forget_volunteer"
"""Delete what is left of an erased request, or of a volunteer who was removed."""

REMOVE_VOLUNTEER = "remove_volunteer"
"""Removes a volunteer whom nobody answers, who was refused, or whose training ended long ago."""

ERASE_REPORT = "erase_report"

FIGURES = vocabulary().defaults
Kept = Mapping[str, timedelta | None]
"""When each kind is due for a request, a volunteer or a report, counted from now; None: not at all."""


def _kept(whole: timedelta) -> Kept:
    return {ERASE: whole, ENDS_SOON: whole - FIGURES.retention.told_before}


UNTOUCHED = _kept(FIGURES.retention.untouched_request)
"""A request as long as nothing happens, counted anew whenever something does."""

SEARCHING = {**UNTOUCHED, FORGET_WORDS: None}
"""One that is searched for again: like an untouched one, and its words with it."""

TALKING = _kept(FIGURES.match.ends_after + FIGURES.retention.request_after_close)
"""One in which two talk: until their match ends by itself and the time after a close is over."""

INTRODUCED = {**TALKING, FORGET_WORDS: FIGURES.retention.contact_and_words_after_introduction}
"""The same, and its words and contact for a shorter time."""

CLOSED = {ERASE: FIGURES.retention.request_after_close, ENDS_SOON: None, FORGET_WORDS: None}
"""What is left of one that was closed or withdrawn."""

ERASED = {FORGET_REQUEST: FIGURES.retention.erased_row}
REMOVED = {FORGET_VOLUNTEER: FIGURES.retention.erased_row}
"""The empty row of an erased request or a removed volunteer, so that a repeat and the old key hear that it is gone."""

APPLICATION = {REMOVE_VOLUNTEER: FIGURES.retention.unanswered_application}
REFUSED = {REMOVE_VOLUNTEER: FIGURES.retention.refused_application}
"""An application that nobody answers, and one that was not taken."""

OPEN_REPORT = {ERASE_REPORT: FIGURES.retention.open_report}
CLOSED_REPORT = {ERASE_REPORT: FIGURES.retention.report_after_close}


def keep_trained(tx: Connection, ref: str, trained_until: date) -> None:
    """Keep a volunteer for as long as they stay trained, and for the retention of an untrained one after that."""
    ends = datetime.combine(trained_until, time(), UTC) + FIGURES.retention.untrained_volunteer
    due_rows.schedule_at(tx, REMOVE_VOLUNTEER, ref, ref, ends)


def kept_until(tx: Connection, ref: str) -> datetime | None:
    """Return when a request is erased by itself; None if there is no due row of that."""
    table = due_rows.table.c
    found: datetime | None = tx.execute(select(table.due_at).where(table.kind == ERASE, table.item == ref)).scalar()
    return found


def forget_request(tx: Connection, _intake: Intake, row: RequestRow) -> None:
    """Delete every row about an erased request; what its volunteer reported stays, and names it no more."""
    ref, offers, replies = row.ref, tables.offers, tables.replies
    tx.execute(delete(replies).where(replies.c.offer.in_(select(offers.c.ref).where(offers.c.request == ref))))
    for table in (offers, tables.matches, tables.messages):
        tx.execute(delete(table).where(table.c.request == ref))
    tx.execute(update(tables.reports).where(tables.reports.c.request == ref).values(request=None))
    _forget_subject(tx, tables.requests, ref)


def forget_volunteer(tx: Connection, _intake: Intake, row: VolunteerRow) -> None:
    """Delete every row about a removed volunteer; offers made to them go with the requests they were for."""
    tx.execute(update(tables.reports).where(tables.reports.c.volunteer == row.ref).values(volunteer=None))
    _forget_subject(tx, tables.volunteers, row.ref)


def _forget_subject(tx: Connection, table: Table, ref: str) -> None:
    """Delete the subject's own row, and then its access record, which a living subject's row holds in place."""
    tx.execute(delete(table).where(table.c.ref == ref))
    tx.execute(delete(tables.erasures).where(tables.erasures.c.ref == ref))
    tx.execute(delete(tables.access_record).where(tables.access_record.c.subject == ref))
