"""Opening and closing the intake."""

from datetime import UTC, date, datetime, time

from sqlalchemy import Connection

from services.intake.domain.programme import ALWAYS_OPEN, Programme, as_of
from services.intake.domain.refusals import Invalid
from services.intake.storage.programme import store_programme, stored_programme
from shared.database import database_now


def read_programme(tx: Connection) -> Programme:
    """Return whether requests are taken now, by the database's clock."""
    return as_of(stored_programme(tx), database_now(tx))


def open_intake(tx: Connection) -> Programme:
    """Take requests again."""
    store_programme(tx, ALWAYS_OPEN)
    return ALWAYS_OPEN


def close_intake(tx: Connection, until: date | None) -> Programme:
    """Take no new requests until that day begins (UTC), or until somebody opens it. Invalid if it has begun already."""
    moment = datetime.combine(until, time(), UTC) if until else None
    if moment is not None and moment <= database_now(tx):
        raise Invalid("until", "Choose a day ahead.")
    closed = Programme(open=False, until=moment)
    store_programme(tx, closed)
    return closed
