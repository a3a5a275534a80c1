"""When a stack is quiet: nothing is due, unpublished, unread or unsent. Read from its databases, from outside."""

from collections.abc import Callable, Iterator
from typing import Any

from shared.events.catalogue import CATALOGUE

Rows = Callable[[str, str], list[dict[str, Any]]]
"""`rows(database, statement)`: what a superuser reads there."""

SERVICES = ("intake", "matcher", "notifier")

TO_PUBLISH = "SELECT FROM outbox WHERE topic_id IS NULL"
DUE = "SELECT FROM due_rows WHERE due_at <= clock_timestamp()"
# A notice to the coordinator that is gathered with others of its hour leaves nothing to do until then.
TO_SEND = """SELECT FROM deliveries WHERE state = 'pending'
             AND NOT (desk <> '' AND attempts = 0 AND due_at > clock_timestamp() + interval '90 seconds')"""
TO_DO = (("intake", DUE), ("matcher", DUE), ("notifier", TO_SEND), *((service, TO_PUBLISH) for service in SERVICES))
PUBLISHED = """SELECT topic, partition, topic_id, max("offset") AS newest FROM outbox
               WHERE topic_id IS NOT NULL GROUP BY topic, partition, topic_id"""
READ = "SELECT topic, partition, topic_id, next_offset FROM positions"


def is_quiet(rows: Rows) -> bool:
    """Tell whether nobody has anything left to do.

    What is under way may slip past between one look and the next, but not past two rounds of them.
    """
    return not any(_undone(rows)) and not any(_undone(rows))


def _undone(rows: Rows) -> Iterator[bool]:
    yield from (bool(rows(database, statement)) for database, statement in TO_DO)
    yield _is_unread(rows)


def _is_unread(rows: Rows) -> bool:
    """Tell whether a record was published at or after the position of anybody who reads its topic."""
    published = [row for service in SERVICES for row in rows(service, PUBLISHED)]
    positions = {(service, _place(row)): row["next_offset"] for service in SERVICES for row in rows(service, READ)}
    return any(
        positions.get((reader, _place(row)), 0) <= row["newest"]
        for row in published
        if row["topic"] in CATALOGUE
        for reader in CATALOGUE[row["topic"]].consumers
    )


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["topic"], row["partition"], row["topic_id"]
