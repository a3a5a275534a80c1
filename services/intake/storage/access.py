"""The record of who opened what is sealed, and why. Rows are only ever added."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from services.intake.storage.tables import access_record
from shared.clock import to_hour
from shared.rows import Rows


class Opener(StrEnum):
    """Who opens what belongs to somebody else. The operator sees rows, never anything sealed."""

    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    OPERATOR = "operator"


class Opened(StrEnum):
    """What is opened or looked at."""

    WORDS_AND_CONTACT = "words_and_contact"
    REPORT = "report"
    APPLICATION = "application"
    NAME_AND_ADDRESS = "name_and_address"
    ROW = "row"


class Reason(StrEnum):
    """Why it is opened."""

    INTRODUCED = "introduced"
    SAFETY = "safety"
    VETTING = "vetting"
    LOOKED_AFTER = "looked_after"
    DISCLOSED = "disclosed"


@dataclass(frozen=True)
class Access:
    """One opening: by whom, of what, for which reason, in which hour.

    `what` is Opened and `why` a Reason; in rows from before there were codes they are sentences, until those rows go.
    """

    opened_by: Opener
    what: str
    why: str
    at: datetime


ACCESSES = Rows(access_record, Access)


def record_access(tx: Connection, access: Access, *subjects: str, match: str | None = None) -> None:
    """Write down that something of each of `subjects` was opened, in `match` if in one.

    The same opening within the same hour is one row; one by the volunteer of another match is not the same.
    """
    table = access_record.c
    said = {**asdict(access), "at": to_hour(access.at), "match": match}
    same = [table[name].is_not_distinct_from(value) for name, value in said.items()]
    known = set(tx.execute(select(table.subject).where(table.subject.in_(subjects), *same)).scalars())
    anew = [{"subject": subject, **said} for subject in subjects if subject not in known]
    if anew:
        tx.execute(insert(access_record), anew)


def accesses_of(tx: Connection, subject: str) -> list[Access]:
    """Return every recorded opening of what belongs to `subject`, oldest first."""
    return ACCESSES.all(tx, access_record.c.subject == subject, order_by=[access_record.c.id])
