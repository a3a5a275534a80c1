"""The record of who opened what is sealed, and why. Rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from services.intake.storage.tables import access_record
from shared.clock import to_hour


@dataclass(frozen=True)
class Access:
    """One opening: by whom (`volunteer`, `coordinator`), of what, for which reason, in which hour."""

    opened_by: str
    what: str
    why: str
    at: datetime


def record_access(tx: Connection, subject: str, access: Access) -> None:
    """Write down that something of `subject` was opened. The same opening within the same hour is one row."""
    table = access_record.c
    hour = to_hour(access.at)
    same = select(table.id).where(
        table.subject == subject,
        table.opened_by == access.opened_by,
        table.what == access.what,
        table.why == access.why,
        table.at == hour,
    )
    if tx.execute(same).first() is None:
        tx.execute(
            insert(access_record).values(
                subject=subject, opened_by=access.opened_by, what=access.what, why=access.why, at=hour
            )
        )


def accesses_of(tx: Connection, subject: str) -> list[Access]:
    """Return every recorded opening of what belongs to `subject`, oldest first."""
    table = access_record.c
    rows = tx.execute(
        select(table.opened_by, table.what, table.why, table.at).where(table.subject == subject).order_by(table.id)
    )
    return [Access(*row) for row in rows]
