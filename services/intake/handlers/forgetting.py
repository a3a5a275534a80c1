"""The last step of retention: what is left of a request or a volunteer after the erasure goes as well.

Until then the row's ref, lookup id, state and the ids of its destroyed keys stay, so that a repeat and the old key are
told that it is gone. Nothing sealed is among them.
"""

from sqlalchemy import Connection, Table, delete, select

from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers.erasing import remove_volunteer
from services.intake.handlers.tools import Tools
from services.intake.storage import tables
from services.intake.storage.volunteers import volunteer_by_ref


def remove_applicant(tx: Connection, tools: Tools, ref: str) -> None:
    """Remove an applicant who was refused or never answered; their row is locked.

    Their keys are destroyed by the due row of the erasure.
    """
    row = volunteer_by_ref(tx, ref, lock=True)
    if row is not None and row.state in (VolunteerState.APPLIED, VolunteerState.REFUSED):
        remove_volunteer(tx, tools, row)


def forget_request(tx: Connection, ref: str) -> None:
    """Delete every row about the erased request `ref`."""
    offers, replies = tables.offers, tables.replies
    tx.execute(delete(replies).where(replies.c.offer.in_(select(offers.c.ref).where(offers.c.request == ref))))
    for table in (offers, tables.matches, tables.messages):
        tx.execute(delete(table).where(table.c.request == ref))
    _forget_subject(tx, tables.requests, ref)


def forget_volunteer(tx: Connection, ref: str) -> None:
    """Delete every row about the removed volunteer `ref`; offers made to them go with the requests they were for."""
    _forget_subject(tx, tables.volunteers, ref)


def _forget_subject(tx: Connection, table: Table, ref: str) -> None:
    """Delete the subject's own row, and then its access record, which a living subject's row holds in place."""
    tx.execute(delete(table).where(table.c.ref == ref))
    tx.execute(delete(tables.erasures).where(tables.erasures.c.ref == ref))
    tx.execute(delete(tables.access_record).where(tables.access_record.c.subject == ref))
