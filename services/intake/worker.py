"""Intake's worker: takes in what the matcher and the notifier say, carries the outbox to Kafka, does what is due."""

from functools import partial

from sqlalchemy import Connection

from services.intake.bootstrap import Parts, build_parts
from services.intake.handlers import erasing, flood, forgetting, home_links, keeping, places, reports, volunteers
from services.intake.handlers.matches_events import on_deliveries, on_matches
from services.intake.handlers.requests import forget_words, tell_that_it_ends
from services.intake.handlers.tools import Tools
from services.intake.settings import read_intake_settings
from services.intake.storage import tables
from services.intake.storage.requests import request_by_ref
from services.intake.storage.volunteers import volunteer_by_ref
from shared.database import Database
from shared.duerows import CHANNEL as DUE_CHANNEL
from shared.duerows import DueHandler, DueLoop
from shared.messaging.loops import event_flow
from shared.messaging.outbox import CHANNEL as OUTBOX_CHANNEL
from shared.observability.health import Check
from shared.observability.logging import configure
from shared.readiness import worker_is_ready
from shared.runtime import Loop, Worker, run_worker

REGISTER_SECONDS = 30.0
POOL_SIZE = 4
"""One connection per loop, and one to spare."""


def due_handlers(tools: Tools) -> dict[str, DueHandler]:
    """Return what intake does when something is due."""
    return {
        erasing.DESTROY_KEYS: DueHandler(
            tables.erasures, lambda tx, ref, _item: erasing.finish_by_due_row(tx, tools, ref)
        ),
        keeping.ERASE: DueHandler(tables.requests, partial(_erase, tools)),
        keeping.FORGET_WORDS: DueHandler(tables.requests, partial(_forget_words, tools)),
        keeping.ENDS_SOON: DueHandler(tables.requests, _tell_that_it_ends),
        keeping.FORGET_REQUEST: DueHandler(tables.requests, lambda tx, ref, _item: forgetting.forget_request(tx, ref)),
        keeping.FORGET_VOLUNTEER: DueHandler(
            tables.volunteers, lambda tx, ref, _item: forgetting.forget_volunteer(tx, ref)
        ),
        keeping.REMOVE_VOLUNTEER: DueHandler(
            tables.volunteers, lambda tx, ref, _item: forgetting.remove_by_itself(tx, tools, ref)
        ),
        keeping.ERASE_REPORT: DueHandler(tables.reports, lambda tx, ref, _item: reports.erase_report(tx, tools, ref)),
        flood.ANNOUNCE_REQUEST: DueHandler(tables.requests, lambda tx, ref, _item: flood.announce_waiting(tx, ref)),
        volunteers.RESUME: DueHandler(tables.volunteers, _resume),
        home_links.SEND_LINKS: DueHandler(tables.link_asks, lambda tx, ref, _item: home_links.send_links(tx, ref)),
        home_links.FORGET_LINK_ASK: DueHandler(
            tables.link_asks, lambda tx, ref, _item: home_links.link_asks_again(tx, ref)
        ),
        places.HASH_REQUEST: DueHandler(
            tables.requests, lambda tx, ref, _item: places.hash_request_again(tx, tools, ref)
        ),
        places.HASH_VOLUNTEER: DueHandler(
            tables.volunteers, lambda tx, ref, _item: places.hash_volunteer_again(tx, tools, ref)
        ),
    }


def build_worker(parts: Parts) -> tuple[Worker, Check]:
    """Put the loops of the worker together; the second value is what /readyz asks besides the heartbeats."""
    database, kafka = parts.database, parts.settings.common.kafka
    flow = event_flow(
        database,
        tables.messaging,
        kafka,
        service="intake",
        handlers={"matches": lambda tx, event: on_matches(tx, parts.tools, event), "deliveries": on_deliveries},
    )
    due = Loop("due_rows", DueLoop(database, tables.due_rows, due_handlers(parts.tools)).step)
    register = Loop("register", partial(look_at_register, database, parts.tools, []))
    listeners = {database.url: {OUTBOX_CHANNEL: [flow.relay], DUE_CHANNEL: [due]}}
    return Worker([*flow.loops, due, register], listeners), worker_is_ready(database, tables.MIGRATIONS, flow.consumer)


def look_at_register(database: Database, tools: Tools, seen: list[str]) -> float:
    """Note, once in the life of a process, which register it works by; return how many seconds to wait."""
    if not seen:
        with database.transaction() as tx:
            places.notice_register(tx, tools)
        seen.append(tools.register.fingerprint())
    return REGISTER_SECONDS


def main() -> int:
    """Run the worker until it is told to stop; return the exit code."""
    settings = read_intake_settings()
    configure("intake", settings.common.log_level)
    parts = build_parts(settings, process="worker", pool_size=POOL_SIZE)
    worker, ready = build_worker(parts)
    try:
        return run_worker(
            worker, health_host=settings.common.health_host, health_port=settings.common.health_port, ready=ready
        )
    finally:
        parts.dispose()


def _erase(tools: Tools, tx: Connection, ref: str, _item: str) -> None:
    row = request_by_ref(tx, ref, lock=True)
    if row is not None:
        erasing.erase_request(tx, tools, row)


def _tell_that_it_ends(tx: Connection, ref: str, _item: str) -> None:
    row = request_by_ref(tx, ref, lock=True)
    if row is not None:
        tell_that_it_ends(tx, row)


def _forget_words(tools: Tools, tx: Connection, ref: str, _item: str) -> None:
    row = request_by_ref(tx, ref, lock=True)
    if row is not None:
        forget_words(tx, tools, row)


def _resume(tx: Connection, ref: str, _item: str) -> None:
    row = volunteer_by_ref(tx, ref, lock=True)
    if row is not None:
        volunteers.resume(tx, row)
