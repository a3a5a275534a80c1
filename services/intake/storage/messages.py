"""The texts that two people write to each other while their match lives."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from services.intake.storage.tables import matches, messages


@dataclass(frozen=True)
class MessageRow:
    """One text, sealed under the key of its match. `by` is person or volunteer, `at` a full hour."""

    ref: str
    request: str
    match: str
    by: str
    sealed: str
    at: datetime


def insert_message(tx: Connection, row: MessageRow) -> None:
    """Add a text."""
    tx.execute(insert(messages).values(**asdict(row)))


def messages_of(tx: Connection, match: str) -> list[MessageRow]:
    """Return the texts of a match in the order in which they were written."""
    c = messages.c
    columns = (c.ref, c.request, c.match, c.by, c.sealed, c.at)
    rows = tx.execute(select(*columns).where(c.match == match).order_by(c.number))
    return [MessageRow(**row._mapping) for row in rows]


def count_messages(tx: Connection, match: str) -> int:
    """Return how many texts a match has."""
    return tx.execute(select(func.count()).where(messages.c.match == match)).scalar_one()


def take_out_messages(
    tx: Connection, *, match: str | None = None, request: str | None = None, volunteer: str | None = None
) -> list[str]:
    """Delete the texts of one match, of one request or of all matches of one volunteer; return what was sealed."""
    c = messages.c
    of_volunteer = select(matches.c.ref).where(matches.c.volunteer == volunteer)
    wanted: Sequence[ColumnElement[bool]] = [
        condition
        for given, condition in ((match, c.match == match), (request, c.request == request))
        if given is not None
    ] or [c.match.in_(of_volunteer)]
    return list(tx.execute(delete(messages).where(*wanted).returning(c.sealed)).scalars())
