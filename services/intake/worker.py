"""Intake's worker: takes in what the matcher and the notifier say, carries the outbox to Kafka, does what is due."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from services.intake.bootstrap import build_intake
from services.intake.handlers import erasing, home_links, register, reports, requests, retention, submitting, volunteers
from services.intake.handlers.context import Intake
from services.intake.handlers.matches_events import on_deliveries, on_matches
from services.intake.settings import read_intake_settings
from services.intake.storage import tables
from shared.duerows import CHANNEL, POLL_SECONDS, DueHandler, DueLoop
from shared.messaging.loops import event_worker
from shared.observability.logging import configure
from shared.rows import R, Rows
from shared.runtime import Loop, Worker, run_worker

MARKS_SECONDS = 30.0
POOL_SIZE = 4
"""One connection per loop, and one to spare."""


def due_handlers(intake: Intake) -> dict[str, DueHandler]:
    """Return what intake does when something is due: the rows of which one is locked, and what is done about it."""

    def about(rows: Rows[R], reaction: Callable[[Connection, Intake, R], None]) -> DueHandler:
        def handle(tx: Connection, ref: str, _item: str) -> None:
            row = rows.by_ref(tx, ref)
            if row is not None:
                reaction(tx, intake, row)

        return DueHandler(rows.table, handle)

    return {
        erasing.DESTROY_KEYS: about(tables.ERASURES, erasing.finish_by_due_row),
        retention.ERASE: about(tables.REQUESTS, erasing.erase_request),
        retention.FORGET_WORDS: about(tables.REQUESTS, requests.forget_words),
        retention.ENDS_SOON: about(tables.REQUESTS, requests.tell_that_it_ends),
        retention.FORGET_REQUEST: about(tables.REQUESTS, retention.forget_request),
        retention.FORGET_VOLUNTEER: about(tables.VOLUNTEERS, retention.forget_volunteer),
        retention.REMOVE_VOLUNTEER: about(tables.VOLUNTEERS, erasing.remove_volunteer),
        retention.ERASE_REPORT: about(tables.REPORTS, reports.erase_report),
        submitting.ANNOUNCE_REQUEST: about(tables.REQUESTS, submitting.announce_waiting),
        volunteers.RESUME: about(tables.VOLUNTEERS, volunteers.resume),
        home_links.SEND_LINKS: about(tables.LINK_ASKS, home_links.send_links),
        home_links.FORGET_LINK_ASK: about(tables.LINK_ASKS, home_links.forget_link_ask),
        register.HASH_REQUEST: about(tables.REQUESTS, register.hash_request_again),
        register.HASH_VOLUNTEER: about(tables.VOLUNTEERS, register.hash_volunteer_again),
    }


def build_worker(intake: Intake) -> Worker:
    database = intake.database
    due = Loop("due_rows", DueLoop(database, tables.due_rows, due_handlers(intake)).step)
    return event_worker(
        database,
        tables.messaging,
        intake.settings.common.kafka,
        service="intake",
        handlers={"matches": lambda tx, event: on_matches(tx, intake, event), "deliveries": on_deliveries},
        migrations=tables.MIGRATIONS,
        loops=[due, Loop("marks", partial(look_at_marks, intake, []))],
        wakes={CHANNEL: due},
    )


def look_at_marks(intake: Intake, looked: list[str]) -> float:
    """Have everybody marked by one version; `looked` is empty at the first look of a process.

    Return how many seconds to wait: while they are marked anew, requests have to follow soon after the volunteers.
    """
    with intake.database.transaction() as tx:
        busy = register.mark_anew(tx, intake, started=not looked)
    looked[:] = [intake.register.version()]
    return POLL_SECONDS if busy else MARKS_SECONDS


def main() -> int:
    settings = read_intake_settings()
    configure("intake", settings.common.log_level)
    intake = build_intake(settings, process="worker", pool_size=POOL_SIZE)
    host, port = settings.common.health_host, settings.common.health_port
    try:
        return run_worker(build_worker(intake), health_host=host, health_port=port)
    finally:
        intake.dispose()
