"""The last step of retention: what is left of a request or a volunteer after the erasure goes as well.

Until then the row's ref, lookup id, state and the ids of its destroyed keys stay, so that a repeat and the old key are
told that it is gone. Nothing sealed is among them.
"""

from sqlalchemy import Connection, Table, delete, select, update

from services.intake.handlers.erasing import remove_volunteer
from services.intake.handlers.tools import Tools
from services.intake.storage import tables
from services.intake.storage.volunteers import volunteer_by_ref


def remove_by_itself(tx: Connection, tools: Tools, ref: str) -> None:
    """Remove a volunteer whose time is over; their keys are destroyed by the due row of the erasure."""
    row = volunteer_by_ref(tx, ref, lock=True)
    if row is not None:
        remove_volunteer(tx, tools, row)


def forget_request(tx: Connection, ref: str) -> None:
    """Delete every row about the erased request `ref`; what its volunteer reported stays, and names it no more."""
    offers, replies = tables.offers, tables.replies
    tx.execute(delete(replies).where(replies.c.offer.in_(select(offers.c.ref).where(offers.c.request == ref))))
    for table in (offers, tables.matches, tables.messages):
        tx.execute(delete(table).where(table.c.request == ref))
    tx.execute(update(tables.reports).where(tables.reports.c.request == ref).values(request=None))
    _forget_subject(tx, tables.requests, ref)


def forget_volunteer(tx: Connection, ref: str) -> None:
    """Delete every row about the removed volunteer `ref`; offers made to them go with the requests they were for."""
    tx.execute(update(tables.reports).where(tables.reports.c.volunteer == ref).values(volunteer=None))
    _forget_subject(tx, tables.volunteers, ref)


def _forget_subject(tx: Connection, table: Table, ref: str) -> None:
    """Delete the subject's own row, and then its access record, which a living subject's row holds in place."""
    tx.execute(delete(table).where(table.c.ref == ref))
    tx.execute(delete(tables.erasures).where(tables.erasures.c.ref == ref))
    tx.execute(delete(tables.access_record).where(tables.access_record.c.subject == ref))
