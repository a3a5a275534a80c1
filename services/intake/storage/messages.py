"""The texts that two people write to each other while their match lives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select

from services.intake.storage.tables import matches, messages
from shared.rows import Rows
from shared.vault.purposes import Purpose
from shared.vault.vault import SealedItem


@dataclass(frozen=True)
class MessageRow:
    """One text, sealed under the key of its match. `by` is person or volunteer, `at` a full hour."""

    ref: str
    request: str
    match: str
    by: str
    sealed: str
    at: datetime

    @property
    def item(self) -> SealedItem:
        return SealedItem(self.sealed, self.match, Purpose.MATCH_PRIVATE)


MESSAGES = Rows(messages, MessageRow)


def messages_of(tx: Connection, match: str) -> list[MessageRow]:
    """Return the texts of a match in the order in which they were written."""
    return MESSAGES.all(tx, messages.c.match == match, order_by=[messages.c.number])


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
