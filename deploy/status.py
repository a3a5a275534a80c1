"""`alongside status`: where the event flow of one service stands, read from its database and from Kafka.

Run it with the settings of that service (DATABASE_URL and KAFKA_BOOTSTRAP_SERVERS), e.g. inside its container.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import chain

from kafka import TopicPartition
from kafka.errors import KafkaError
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from deploy.migrations import MIGRATIONS
from services.notifier.domain.retry import PATIENCE
from shared.database import Database
from shared.messaging.kafka import KafkaSettings
from shared.migrations import at_head
from shared.settings import read_settings, required_kafka_and_database
from shared.vocabulary import vocabulary

LATE = "5 seconds"
"""A due row that is due for longer than this is waiting for a worker."""

COUNTS = {
    "outbox rows not yet in Kafka": "SELECT count(*) FROM outbox WHERE topic_id IS NULL",
    "events handled": "SELECT count(*) FROM inbox",
    "events parked by this service": "SELECT count(*) FROM outbox WHERE topic LIKE '%.dlq'",
    "due rows": "SELECT count(*) FROM due_rows",
    f"due rows overdue by {LATE}": f"SELECT count(*) FROM due_rows WHERE due_at < now() - interval '{LATE}'",  # noqa: S608
}


def run(_options: argparse.Namespace) -> int:
    """Print the status; return 0 if the database and Kafka answer and the schema is the newest, else 1."""
    url, bootstrap_servers = read_settings(required_kafka_and_database)
    database = Database(url, name="status", pool_size=1)
    try:
        name = make_url(url).database or ""
        newest = name in MIGRATIONS and at_head(database.engine, MIGRATIONS[name])
        print(f"vocabulary {vocabulary().fingerprint}, of this command's environment")
        print(f"database {name}: {'at the newest schema' if newest else 'NOT at the newest schema'}")
        with database.transaction() as tx:
            for line in chain(counts(tx), refusals(tx), relay(tx), lag(tx, bootstrap_servers)):
                print(f"  {line}")
    except SQLAlchemyError as error:
        print(f"database: does not answer ({type(error).__name__})")
    except KafkaError as error:
        print(f"kafka: does not answer ({type(error).__name__})")
    else:
        return 0 if newest else 1
    finally:
        database.dispose()
    return 1


def counts(tx: Connection) -> Iterator[str]:
    for what, statement in COUNTS.items():
        if "due_rows" not in statement or _has(tx, "due_rows"):
            yield f"{what}: {tx.execute(text(statement)).scalar_one()}"


def _has(tx: Connection, table: str) -> bool:
    """Tell whether this service has `table`: the notifier has no due rows, and it alone has deliveries."""
    return tx.execute(text("SELECT to_regclass(:table)"), {"table": table}).scalar_one() is not None


def refusals(tx: Connection) -> Iterator[str]:
    """Yield, per reply, how many notices wait because they were not taken, and of when the oldest is."""
    if not _has(tx, "deliveries"):
        return
    waiting = (
        "SELECT code, count(*) AS number, min(give_up_at) AS oldest FROM deliveries"
        " WHERE state = 'pending' AND code <> '' GROUP BY code ORDER BY number DESC"
    )
    for row in tx.execute(text(waiting)):
        yield f"notices not taken, {row.code}: {row.number}, the oldest of {row.oldest - PATIENCE:%Y-%m-%d %H:%M}"
    silent = "SELECT count(*) FROM volunteers WHERE refused_since IS NOT NULL AND notify IS NOT NULL"
    yield f"volunteers whose address refuses without a reason: {tx.execute(text(silent)).scalar_one()}"


def relay(tx: Connection) -> Iterator[str]:
    held = tx.execute(text("SELECT owner FROM relay_lease WHERE until > clock_timestamp()")).scalar()
    yield f"relay: {f'active ({held})' if held else 'nobody holds the lease'}"


def lag(tx: Connection, bootstrap_servers: str) -> Iterator[str]:
    """Yield, per topic, how many records this service has yet to handle. Raises KafkaError."""
    stored = {
        TopicPartition(row.topic, row.partition): row.next_offset
        for row in tx.execute(text("SELECT topic, partition, next_offset FROM positions"))
    }
    with closing(KafkaSettings(bootstrap_servers).reader()) as consumer:
        ends = consumer.end_offsets(list(stored)) if stored else {}
    behind: Counter[str] = Counter()
    for partition, end in ends.items():
        behind[partition.topic] += max(0, end - stored[partition])
    for topic, records in sorted(behind.items()):
        yield f"{topic}: {records} records behind"
