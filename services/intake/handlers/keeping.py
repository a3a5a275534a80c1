"""How long a request is kept: due rows with the vocabulary's figures, so that each request vanishes by itself."""

from datetime import datetime

from sqlalchemy import Connection, select

from services.intake.storage.requests import RequestRow
from services.intake.storage.tables import due_rows
from shared.vocabulary import vocabulary

ERASE = "erase_request"
"""The due row that erases a request when its time is over."""

FORGET_WORDS = "forget_words"
"""The due row that forgets words and contact some time after the introduction."""


def keep_untouched(tx: Connection, row: RequestRow) -> None:
    """Keep the request as long as an untouched one is kept, counted anew from now."""
    due_rows.schedule(tx, ERASE, row.ref, row.ref, vocabulary().defaults.retention.untouched_request)


def keep_searching(tx: Connection, row: RequestRow) -> None:
    """Keep a request that is searched for again like an untouched one, and its words with it."""
    due_rows.cancel(tx, FORGET_WORDS, row.ref)
    keep_untouched(tx, row)


def keep_introduced(tx: Connection, row: RequestRow) -> None:
    """Keep an introduced request until its match ends by itself and the time after a close is over."""
    figures = vocabulary().defaults
    whole = figures.match.ends_after + figures.retention.request_after_close
    due_rows.schedule(tx, ERASE, row.ref, row.ref, whole)
    due_rows.schedule(tx, FORGET_WORDS, row.ref, row.ref, figures.retention.contact_and_words_after_introduction)


def keep_closed(tx: Connection, row: RequestRow) -> None:
    """Keep what is left of a closed or withdrawn request for the time after a close."""
    due_rows.cancel(tx, FORGET_WORDS, row.ref)
    due_rows.schedule(tx, ERASE, row.ref, row.ref, vocabulary().defaults.retention.request_after_close)


def kept_until(tx: Connection, ref: str, kind: str = ERASE) -> datetime | None:
    """Return when the due row `kind` of a request is due; None if there is none."""
    table = due_rows.table.c
    found: datetime | None = tx.execute(select(table.due_at).where(table.kind == kind, table.item == ref)).scalar()
    return found
