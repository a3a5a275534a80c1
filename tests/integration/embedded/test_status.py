"""`alongside status` tells an operator where a service's event flow stands."""

import pytest
from sqlalchemy import update

from deploy.cli import main
from services.matcher.storage.tables import messaging
from services.notifier.domain.notices import Due, Notice
from services.notifier.storage.deliveries import add
from services.notifier.storage.tables import deliveries
from shared.database import Database
from shared.events import CATALOGUE
from shared.messaging.outbox import announce
from shared.messaging.provisioning import apply_topics
from tests.support.databases import Databases
from tests.support.kafka import KafkaBroker


def test_it_counts_what_waits_for_kafka(
    databases: Databases,
    empty_kafka: KafkaBroker,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = databases.fresh("matcher")
    apply_topics(empty_kafka.bootstrap_servers, 1)
    database = Database(url, name="test")
    example = CATALOGUE["matches"].event("offered")
    with database.transaction() as tx:
        data = dict(example.schema.load(dict(example.example)))
        announce(tx, messaging, topic="matches", name="offered", subject="o" * 26, sequence=1, key="r" * 26, data=data)
    database.dispose()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", empty_kafka.bootstrap_servers)
    main(["status"])
    said = capsys.readouterr().out
    assert "outbox rows not yet in Kafka: 1" in said
    assert "nobody holds the lease" in said


def test_f34_it_says_by_which_reply_notices_are_refused(
    databases: Databases, empty_kafka: KafkaBroker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = databases.fresh("notifier")
    database = Database(url, name="test")
    with database.transaction() as tx:
        add(tx, Due(Notice.APPROVED, about="v" * 26, volunteer="v" * 26))
        tx.execute(update(deliveries).values(code="554 5.7.1"))
    database.dispose()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", empty_kafka.bootstrap_servers)
    main(["status"])
    said = capsys.readouterr().out
    assert "notices not taken, 554 5.7.1: 1, the oldest of 20" in said
    assert "volunteers whose address refuses without a reason: 0" in said


def test_a_database_that_is_away_is_said_and_makes_it_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody:nothing@127.0.0.1:1/matcher")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    assert main(["status"]) == 1
    assert "does not answer" in capsys.readouterr().out
