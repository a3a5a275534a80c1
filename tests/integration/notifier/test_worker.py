"""The whole process: from a record in Kafka to a mail, and from there to an event in Kafka."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from deploy.client import wait_until
from deploy.embedded.processes import LOOPBACK
from services.notifier.bootstrap import Notifier, build
from services.notifier.gateway.smtp import SmtpServer
from services.notifier.settings import Settings
from services.notifier.storage.tables import messaging
from shared.database import Database
from shared.messaging.kafka import KafkaSettings, TopicIds
from shared.refs import new_ref
from shared.settings import CommonSettings
from shared.vault.purposes import Purpose
from tests.integration.conftest import House
from tests.integration.notifier.mail_server import Manners, what_it_says
from tests.integration.notifier.world import World
from tests.support.kafka import KafkaBroker

PATIENCE = 30.0


def published(world: World) -> int:
    """Return how many events of the notifier Kafka has acknowledged."""
    with world.database.transaction() as tx:
        acknowledged = select(func.count()).where(messaging.outbox.c.topic_id.is_not(None))
        return tx.execute(acknowledged).scalar_one()


@pytest.fixture
def settings(database: Database, house: House, world: World, empty_kafka: KafkaBroker) -> Settings:
    return Settings(
        common=CommonSettings(
            database_url=database.url,
            vault_url=house.connections["notifier"].url,
            kafka=KafkaSettings(empty_kafka.bootstrap_servers, fetch_max_wait_ms=20),
            keyring_dir=house.folders["notifier"],
            health_host=LOOPBACK,
            health_port=0,
            log_level="INFO",
        ),
        smtp=SmtpServer(LOOPBACK, world.mail_port, "none"),
        mail_from="notices@example.org",
        public_url="https://x.example",
        coordinator_mail=(),
        webhooks_to_loopback=False,
    )


@pytest.fixture
def notifier(settings: Settings) -> Iterator[Notifier]:
    """A notifier at work, drained afterwards."""
    notifier = build(settings)
    threads = notifier.worker.start()
    yield notifier
    notifier.worker.stop()
    for thread in threads:
        thread.join(10)
    notifier.close()


def test_a_record_becomes_a_mail_and_the_mail_an_event(
    notifier: Notifier, settings: Settings, world: World, manners: Manners
) -> None:
    assert notifier.worker.ready() is None
    volunteer, request, offer = new_ref(), new_ref(), new_ref()
    notify = world.seal(volunteer, Purpose.VOLUNTEER_NOTIFY, "volunteer@example.net", two_words="amber river")
    ends = datetime.now(UTC) + timedelta(hours=1)
    parties = {"offer": offer, "request": request, "volunteer": volunteer, "expires_at": ends}
    records = [
        world.record("matches", "offered", offer, **parties),
        world.record("volunteers", "published", volunteer, volunteer=volunteer, notify=notify),
    ]
    producer = settings.common.kafka.producer()
    topics = TopicIds(settings.common.kafka.admin, 1)
    wait_until(lambda: "matches" in topics.look(), seconds=PATIENCE, what="the topic matches")
    topics.close()
    for topic, headers, value in records:
        producer.send(topic, key=request.encode(), headers=headers, value=value).get(10)
    producer.close()

    wait_until(lambda: len(manners.taken) == 2, seconds=PATIENCE, what="two mails")
    assert {what_it_says(mail) for mail in manners.taken} == {"A question for you", "Everything is ready"}
    wait_until(lambda: published(world) == 2, seconds=PATIENCE, what="word of both")
