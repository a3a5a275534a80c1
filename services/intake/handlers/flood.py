"""Requests that wait for their turn because too many came at once, and the alarm about it (T12)."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from services.intake.domain.flood import MANY_AT_ONCE, wait_for_turn
from services.intake.handlers.announcing import announce_report, publish_request
from services.intake.handlers.keeping import keep_open_report
from services.intake.handlers.tools import Tools
from services.intake.storage.reports import FLOOD, ReportRow, insert_report
from services.intake.storage.requests import RequestRow, count_asked_at, request_by_ref
from services.intake.storage.tables import due_rows
from shared.database import database_now
from shared.refs import new_ref

ANNOUNCE_REQUEST = "announce_request"
"""The due row that announces a request which waited for its turn. Item and subject: the request."""


STEPS = 1 << 20
"""How finely a turn is drawn from a day."""


def in_turn(tx: Connection, tools: Tools, row: RequestRow, per_hour: int) -> RequestRow:
    """Return a new request as it is to be stored: as it is, or waiting for its turn, with the due row of that.

    The first one of an hour that has to wait alarms the coordinator.
    """
    if not per_hour:
        return row
    now = database_now(tx)
    wait = wait_for_turn(
        count_asked_at(tx, row.asked_at), per_hour, _queued(tx, now), tools.chooser.randrange(STEPS) / STEPS
    )
    if not wait:
        return row
    due_rows.schedule(tx, ANNOUNCE_REQUEST, row.ref, row.ref, wait)
    alarm = ReportRow(new_ref(), FLOOD, None, None, None, None, closed=False, at=row.asked_at)
    if insert_report(tx, alarm):
        keep_open_report(tx, alarm.ref)
        announce_report(tx, alarm)
    return replace(row, why=MANY_AT_ONCE, next_try_at=now + wait)


def _queued(tx: Connection, now: datetime) -> timedelta:
    """Return how long the last of those who wait for their turn still waits."""
    rows = due_rows.table.c
    last: datetime | None = tx.execute(select(func.max(rows.due_at)).where(rows.kind == ANNOUNCE_REQUEST)).scalar()
    return max(last - now, timedelta()) if last else timedelta()


def announce_waiting(tx: Connection, ref: str) -> None:
    """Announce a request whose turn has come, unless its person ended it meanwhile. It is locked."""
    row = request_by_ref(tx, ref, lock=True)
    if row is not None and row.why == MANY_AT_ONCE:
        publish_request(tx, replace(row, why=None, next_try_at=None))
