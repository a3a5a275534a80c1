"""Parked events, for an operator: which there are, what is known of one, and publishing it again (R5).

None of this shows what an event carried: only where it lies, its envelope and the class of the error.
"""

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import closing

from kafka import KafkaConsumer
from kafka.errors import KafkaError
from sqlalchemy import MetaData

from shared.database import Database
from shared.events.catalogue import DEAD_LETTERS
from shared.messaging import dead_letters
from shared.messaging.dead_letters import DeadLetter
from shared.messaging.kafka import KafkaSettings
from shared.messaging.tables import MessagingTables

SERVERS = "KAFKA_BOOTSTRAP_SERVERS"
SHOWN = ("ce_type", "ce_subject", "ce_sequence", "ce_time", "ce_source")


def list_parked(bootstrap_servers: str) -> list[str]:
    """Return every dead letter of every group, a line each. Raises KafkaError."""
    with closing(KafkaSettings(bootstrap_servers).reader()) as consumer:
        return [_line(dlq, letter) for dlq in DEAD_LETTERS for letter in dead_letters.read_dead_letters(consumer, dlq)]


def _line(dlq: str, letter: DeadLetter) -> str:
    """Return where to name a dead letter, where the event lies, its id, the class of error."""
    where = f"{letter.topic}[{letter.partition}]@{letter.offset}"
    return f"{dlq} {letter.number}  {where}  {letter.event_id or 'no id'}  {letter.error}"


def show(bootstrap_servers: str, dlq: str, number: int) -> list[str]:
    """Return what is known of dead letter `number` in `dlq`, as lines. Raises KafkaError; KeyError if there is none."""
    with closing(KafkaSettings(bootstrap_servers).reader()) as consumer:
        letter = _find(consumer, dlq, number)
        record = dead_letters.read_record(consumer, letter)
    lines = [_line(dlq, letter)]
    if record is None:
        return [*lines, "The topic no longer has this record; its producer's outbox may."]
    headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
    lines += [f"{name}: {headers[name]}" for name in SHOWN if name in headers]
    return [*lines, f"size: {len(record.value or b'')} bytes, not shown"]


def replay(bootstrap_servers: str, dlq: str, number: int, database_url: str | None) -> str:
    """Publish the event of dead letter `number` in `dlq` again, under its own id; return what was done, as a sentence.

    The record is used if the topic still has it, else the outbox at `database_url`, which is that of the service that
    announced the event. Groups that have handled it drop the repeat. Raises KafkaError; KeyError if there is no such
    dead letter, LookupError if neither the topic nor the outbox has the event.
    """
    kafka = KafkaSettings(bootstrap_servers)
    with closing(kafka.reader()) as consumer:
        letter = _find(consumer, dlq, number)
        record = dead_letters.read_record(consumer, letter)
    if record is None:
        return _replay_from_outbox(letter, database_url)
    with closing(kafka.producer()) as producer:
        dead_letters.replay_record(producer, record)
    return "Published again from the topic."


def _replay_from_outbox(letter: DeadLetter, database_url: str | None) -> str:
    if letter.event_id is None or database_url is None:
        raise LookupError("the topic no longer has it: DATABASE_URL has to name the database of the announcing service")
    database = Database(database_url, name="dlq")
    try:
        with database.transaction() as tx:
            found = dead_letters.replay_from_outbox(tx, MessagingTables(MetaData()), letter.event_id)
    finally:
        database.dispose()
    if not found:
        raise LookupError("neither the topic nor this outbox has it any more")
    return "The relay publishes it again from the outbox."


def _find(consumer: KafkaConsumer, dlq: str, number: int) -> DeadLetter:
    for letter in dead_letters.read_dead_letters(consumer, dlq):
        if letter.number == number:
            return letter
    raise KeyError(f"{dlq} has no dead letter {number}")


def run_list(_options: argparse.Namespace) -> int:
    """Print every dead letter on the brokers of KAFKA_BOOTSTRAP_SERVERS."""
    return _print(lambda: list_parked(os.environ[SERVERS]) or ["Nothing is parked."])


def run_show(options: argparse.Namespace) -> int:
    return _print(lambda: show(os.environ[SERVERS], options.topic, options.number))


def run_replay(options: argparse.Namespace) -> int:
    """Publish the event of one dead letter again; DATABASE_URL is needed only if the topic has lost the record."""
    return _print(lambda: [replay(os.environ[SERVERS], options.topic, options.number, os.environ.get("DATABASE_URL"))])


def _print(lines: Callable[[], list[str]]) -> int:
    """Print what `lines` returns; say what went wrong on standard error. Returns the exit code."""
    try:
        print("\n".join(lines()))
    except KeyError as error:
        print(f"missing: {error.args[0]}", file=sys.stderr)
    except (LookupError, KafkaError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    else:
        return 0
    return 1
