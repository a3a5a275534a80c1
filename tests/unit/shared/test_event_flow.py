"""A service reads the topics that the catalogue says, or it does not start."""

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import MetaData

from shared.database import Database
from shared.events.catalogue import CATALOGUE
from shared.messaging.handling import Handler
from shared.messaging.kafka import KafkaSettings
from shared.messaging.loops import event_worker
from shared.messaging.tables import MessagingTables
from shared.runtime import Worker

NOWHERE = KafkaSettings(bootstrap_servers="127.0.0.1:1", replication_factor=1, fetch_max_wait_ms=20)


@pytest.fixture
def database() -> Iterator[Database]:
    """A database that is never connected to."""
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none", name="test", pool_size=1)
    yield database
    database.dispose()


@pytest.mark.parametrize("service", ["intake", "matcher", "notifier"])
def test_a_worker_needs_a_handler_for_each_topic_that_its_service_reads_and_for_no_other(
    database: Database, service: str
) -> None:
    tables = MessagingTables(MetaData())
    reads = {name: lambda _tx, _event: None for name, topic in CATALOGUE.items() if service in topic.consumers}

    def build(handlers: Mapping[str, Handler]) -> Worker:
        return event_worker(
            database, tables, NOWHERE, service=service, handlers=handlers, migrations="", loops=[], wakes={}
        )

    assert build(reads)
    for wrong in (dict(list(reads.items())[1:]), reads | {"unheard-of": lambda _tx, _event: None}):
        with pytest.raises(ValueError, match=service):
            build(wrong)
