"""Outbox and inbox forget by the database's clock, but never what Kafka has not acknowledged."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, func, insert, select

from shared.database import Database
from shared.events.catalogue import RETENTION
from shared.messaging.retention import BATCH, INBOX_RETENTION, SWEEP_SECONDS, Sweeper
from shared.messaging.tables import MessagingTables
from tests.support.databases import Databases

DAY = timedelta(days=1)


class Memory:
    """A database with the flow's tables."""

    def __init__(self, url: str) -> None:
        """Create them."""
        metadata = MetaData()
        self.tables = MessagingTables(metadata)
        self.database = Database(url, name="test")
        metadata.create_all(self.database.engine)

    def announced(self, name: str, age: timedelta, *, published: bool) -> None:
        """Add an outbox row of that age."""
        row = {"event_id": str(uuid4()), "topic": "t", "name": name, "subject": "s", "sequence": 1, "key": "k"}
        created = func.clock_timestamp() - age
        place = {"topic_id": str(uuid4()), "partition": 0, "offset": 0} if published else {}
        with self.database.transaction() as tx:
            tx.execute(insert(self.tables.outbox).values(**row, **place, data="{}", created_at=created))

    def handled(self, count: int, age: timedelta) -> None:
        """Add inbox rows of that age."""
        at = func.clock_timestamp() - age
        rows = select(func.gen_random_uuid(), at).select_from(func.generate_series(1, count))
        with self.database.transaction() as tx:
            tx.execute(insert(self.tables.inbox).from_select(["event_id", "handled_at"], rows))

    def seen(self, subject: str, age: timedelta) -> None:
        """Add the highest sequence of `subject`, handled so long ago."""
        at = func.clock_timestamp() - age
        with self.database.transaction() as tx:
            tx.execute(insert(self.tables.sequences).values(topic="t", subject=subject, sequence=1, handled_at=at))

    def subjects(self) -> list[str]:
        """Return the subjects whose highest sequence is known."""
        with self.database.transaction() as tx:
            return list(tx.execute(select(self.tables.sequences.c.subject)).scalars())

    def left(self) -> tuple[list[str], int]:
        """Return the names in the outbox, and how many rows the inbox has."""
        with self.database.transaction() as tx:
            names = tx.execute(select(self.tables.outbox.c.name).order_by(self.tables.outbox.c.id)).scalars().all()
            return list(names), tx.execute(select(func.count()).select_from(self.tables.inbox)).scalar_one()


@pytest.fixture
def memory(databases: Databases) -> Iterator[Memory]:
    """A memory with nothing in it."""
    memory = Memory(databases.empty())
    yield memory
    memory.database.dispose()


def test_what_is_older_than_its_retention_is_forgotten(memory: Memory) -> None:
    memory.announced("old", RETENTION + DAY, published=True)
    memory.announced("young", RETENTION - DAY, published=True)
    memory.handled(3, INBOX_RETENTION + DAY)
    memory.handled(2, INBOX_RETENTION - DAY)
    assert Sweeper(memory.database, memory.tables).step() == SWEEP_SECONDS
    assert memory.left() == (["young"], 2)


def test_a_subject_of_which_nothing_older_can_come_any_more_is_forgotten(memory: Memory) -> None:
    memory.seen("old", INBOX_RETENTION + DAY)
    memory.seen("young", INBOX_RETENTION - DAY)
    Sweeper(memory.database, memory.tables).step()
    assert memory.subjects() == ["young"]


def test_what_kafka_has_not_acknowledged_is_kept_however_old(memory: Memory) -> None:
    memory.announced("waiting", RETENTION * 3, published=False)
    Sweeper(memory.database, memory.tables).step()
    assert memory.left() == (["waiting"], 0)


def test_more_than_a_batch_is_forgotten_in_several_transactions(memory: Memory) -> None:
    memory.handled(BATCH + 1, INBOX_RETENTION + DAY)
    sweeper = Sweeper(memory.database, memory.tables)
    assert sweeper.step() == 0.0
    assert memory.left() == ([], 1)
    assert sweeper.step() == SWEEP_SECONDS
    assert memory.left() == ([], 0)
