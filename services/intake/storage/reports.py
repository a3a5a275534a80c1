"""Reports about safety, and the house's own alarms."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.intake.storage.tables import reports
from shared.rows import Rows

SAFETY, FLOOD = "safety", "flood"


@dataclass(frozen=True)
class ReportRow:
    """One report. Of an alarm (`flood`) only ref, kind, hour and whether it is closed mean anything.

    `by` is `person` or `volunteer`; `request` and `volunteer` are those it is about, as far as they are known.
    """

    ref: str
    kind: str
    by: str | None
    request: str | None
    volunteer: str | None
    sealed: str | None
    closed: bool
    at: datetime

    @property
    def writer(self) -> str | None:
        """The ref of the person or volunteer who wrote it."""
        return self.request if self.by == "person" else self.volunteer


REPORTS = Rows(reports, ReportRow)


def insert_report(tx: Connection, row: ReportRow) -> bool:
    """Add a report; return False for a second alarm of the same hour, which is not added."""
    statement = insert(reports).values(**asdict(row))
    # Written out: once PostgreSQL plans a prepared statement for any parameter, one would not match the index.
    once_an_hour = statement.on_conflict_do_nothing(index_elements=["at"], index_where=text(f"kind = '{FLOOD}'"))
    return tx.execute(once_an_hour.returning(reports.c.ref)).first() is not None


def take_out_texts_of(tx: Connection, *, person: str | None = None, volunteer: str | None = None) -> list[str]:
    """Take what this person or volunteer wrote out of their reports, and return the sealed texts."""
    c = reports.c
    by, column, ref = ("person", c.request, person) if person else ("volunteer", c.volunteer, volunteer)
    theirs = (c.by == by, column == ref, c.sealed.is_not(None))
    sealed = list(tx.execute(select(c.sealed).where(*theirs).with_for_update()).scalars())
    if sealed:
        tx.execute(update(reports).where(*theirs).values(sealed=None))
    return sealed
