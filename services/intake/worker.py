"""Intake's worker: takes in what the matcher and the notifier say, carries the outbox to Kafka, does what is due."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection, Table

from services.intake.bootstrap import build_intake
from services.intake.handlers import (
    erasing,
    home_links,
    register,
    reports,
    requests,
    retention,
    submitting,
    volunteers,
)
from services.intake.handlers.context import Intake
from services.intake.handlers.matches_events import on_deliveries, on_matches
from services.intake.settings import read_intake_settings
from services.intake.storage import tables
from shared.duerows import CHANNEL, DueHandler, DueLoop
from shared.messaging.loops import event_worker
from shared.observability.logging import configure
from shared.runtime import Loop, Worker, run_worker

REGISTER_SECONDS = 30.0
POOL_SIZE = 4
"""One connection per loop, and one to spare."""


Reaction = Callable[[Connection, Intake, str], None]

DUE: dict[str, tuple[Table, Reaction]] = {
    erasing.DESTROY_KEYS: (tables.erasures, erasing.finish_by_due_row),
    retention.ERASE: (tables.requests, erasing.erase_by_itself),
    retention.FORGET_WORDS: (tables.requests, requests.forget_words),
    retention.ENDS_SOON: (tables.requests, requests.tell_that_it_ends),
    retention.FORGET_REQUEST: (tables.requests, retention.forget_request),
    retention.FORGET_VOLUNTEER: (tables.volunteers, retention.forget_volunteer),
    retention.REMOVE_VOLUNTEER: (tables.volunteers, erasing.remove_by_itself),
    retention.ERASE_REPORT: (tables.reports, reports.erase_report),
    submitting.ANNOUNCE_REQUEST: (tables.requests, submitting.announce_waiting),
    volunteers.RESUME: (tables.volunteers, volunteers.resume),
    home_links.SEND_LINKS: (tables.link_asks, home_links.send_links),
    home_links.FORGET_LINK_ASK: (tables.link_asks, home_links.link_asks_again),
    register.HASH_REQUEST: (tables.requests, register.hash_request_again),
    register.HASH_VOLUNTEER: (tables.volunteers, register.hash_volunteer_again),
}
"""What intake does when something is due: the table whose row is locked first, and the reaction."""


def due_handlers(intake: Intake) -> dict[str, DueHandler]:
    """Return the reactions as the loop of due rows calls them."""

    def handler(table: Table, react: Reaction) -> DueHandler:
        return DueHandler(table, lambda tx, ref, _item: react(tx, intake, ref))

    return {kind: handler(*each) for kind, each in DUE.items()}


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
        loops=[due, Loop("register", partial(look_at_register, intake, []))],
        wakes={CHANNEL: due},
    )


def look_at_register(intake: Intake, seen: list[str]) -> float:
    """Note, once in the life of a process, which register it works by; return how many seconds to wait."""
    if not seen:
        with intake.database.transaction() as tx:
            register.notice_register(tx, intake)
        seen.append(intake.register.fingerprint())
    return REGISTER_SECONDS


def main() -> int:
    settings = read_intake_settings()
    configure("intake", settings.common.log_level)
    intake = build_intake(settings, process="worker", pool_size=POOL_SIZE)
    host, port = settings.common.health_host, settings.common.health_port
    try:
        return run_worker(build_worker(intake), health_host=host, health_port=port)
    finally:
        intake.dispose()
