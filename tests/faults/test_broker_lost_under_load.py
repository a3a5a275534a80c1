"""F12, F13: the broker is killed under load, and loses its disk; nothing is lost and nothing takes effect twice."""

from collections.abc import Iterator

import pytest

from shared.messaging.consumer import LOOK_SECONDS
from tests.integration.messaging.harness import Flow, drive, running
from tests.support.databases import Databases
from tests.support.kafka import KafkaBroker

DRAIN_SECONDS = 100.0


@pytest.fixture
def flows(databases: Databases, empty_kafka: KafkaBroker) -> Iterator[tuple[Flow, Flow]]:
    """The half that announces and the half that consumes."""
    pair = (
        Flow(databases.fresh("intake"), empty_kafka.bootstrap_servers),
        Flow(databases.fresh("matcher"), empty_kafka.bootstrap_servers),
    )
    yield pair
    for flow in pair:
        flow.close()


def announce_for_a_while(intake: Flow, rounds: int) -> list[str]:
    """Announce some events in each of several transactions."""
    return [event for _ in range(rounds) for event in intake.announce_many(10)]


def skip_to_the_look(*flows: Flow) -> None:
    """Let relay and consumer look at the topics at once."""
    for flow in flows:
        flow.time.skip(LOOK_SECONDS)


@pytest.mark.timeout(240)
def test_f12_a_broker_killed_and_started_under_load_loses_nothing(
    flows: tuple[Flow, Flow], empty_kafka: KafkaBroker
) -> None:
    intake, matcher = flows
    relay, consumer = intake.relay(), matcher.consumer()
    with running(relay.step, consumer.step):
        ids = announce_for_a_while(intake, 10)
        drive(until=lambda: len(matcher.handled()) > 0)
        for _ in range(2):
            ids += announce_for_a_while(intake, 5)
            empty_kafka.kill()
            ids += announce_for_a_while(intake, 10)
            empty_kafka.start()
            ids += announce_for_a_while(intake, 5)
        skip_to_the_look(*flows)
        drive(until=lambda: len(matcher.handled()) >= len(ids), seconds=DRAIN_SECONDS)
    assert matcher.handled() == sorted(ids)
    assert intake.unpublished() == 0


@pytest.mark.timeout(240)
def test_f13_a_broker_that_lost_its_disk_gets_every_retained_event_again(
    flows: tuple[Flow, Flow], empty_kafka: KafkaBroker
) -> None:
    intake, matcher = flows
    relay, consumer = intake.relay(), matcher.consumer()
    with running(relay.step, consumer.step):
        ids = announce_for_a_while(intake, 10)
        drive(until=lambda: len(matcher.handled()) > 0)
        empty_kafka.wipe()
        ids += announce_for_a_while(intake, 3)
        skip_to_the_look(*flows)
        drive(until=lambda: len(matcher.handled()) >= len(ids), seconds=DRAIN_SECONDS)
    assert matcher.handled() == sorted(ids)
    assert intake.unpublished() == 0
