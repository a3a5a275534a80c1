"""The operator's look at parked events: listed, shown without their content, published again."""

from uuid import uuid4

import pytest

from deploy.cli import main
from deploy.dlq import list_parked, replay, show
from shared.messaging.consumer import LOOK_SECONDS
from tests.integration.messaging.harness import DLQ, PLANTED, Flow, dead_letters, drive, envelope, recreate
from tests.integration.messaging.test_poison import park_one
from tests.integration.messaging.test_unreadable import send_unreadable
from tests.support.kafka import KafkaBroker, delete_topics


def test_where_nothing_is_parked_the_command_line_says_so_and_what_is_missing(
    intake: Flow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    assert main(["dlq", "list"]) == 1
    assert capsys.readouterr().err == "missing: KAFKA_BOOTSTRAP_SERVERS\n"
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", intake.kafka.bootstrap_servers)
    assert main(["dlq", "list"]) == 0
    assert capsys.readouterr().out == "Nothing is parked.\n"
    assert main(["dlq", "show", DLQ, "3"]) == 1
    assert main(["dlq", "replay", DLQ, "3"]) == 1
    assert capsys.readouterr().err == f"missing: {DLQ} has no dead letter 3\n" * 2


def test_nothing_is_listed_where_there_are_no_topics(kafka: KafkaBroker) -> None:
    delete_topics(kafka.bootstrap_servers)
    assert list_parked(kafka.bootstrap_servers) == []


def test_a_parked_event_is_listed_and_published_again_from_the_topic_and_then_from_the_outbox(
    intake: Flow, matcher: Flow
) -> None:
    event_id, letter, consumer = park_one(intake, matcher)
    servers, outbox = intake.kafka.bootstrap_servers, intake.database.url
    where = f"requests[{letter.partition}]@{letter.offset}"
    assert list_parked(servers) == [f"{DLQ} 0  {where}  {event_id}  RuntimeError"]
    assert "from the topic" in replay(servers, DLQ, 0, None)
    recreate(servers, "requests")
    with pytest.raises(LookupError, match="DATABASE_URL"):
        replay(servers, DLQ, 0, None)
    with pytest.raises(LookupError, match="neither"):
        replay(servers, DLQ, 0, matcher.database.url)
    assert "from the outbox" in replay(servers, DLQ, 0, outbox)
    intake.publish()
    matcher.time.skip(LOOK_SECONDS)
    drive(consumer.step, until=lambda: matcher.handled() == [event_id])


@pytest.fixture(scope="module")
def parked(both: tuple[Flow, Flow]) -> tuple[str, str]:
    """Let what is no event be parked, then what cannot be read; return the event id of the first, and the brokers."""
    intake, matcher = both
    event_id = str(uuid4())
    intake.send(PLANTED.encode(), envelope(event_id))
    send_unreadable(intake)
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 2)
    assert len(dead_letters(matcher)) == 2
    return event_id, intake.kafka.bootstrap_servers


def test_a_parked_event_is_shown_without_its_content(parked: tuple[str, str]) -> None:
    event_id, servers = parked
    shown = show(servers, DLQ, 0)
    assert event_id in shown[0]
    assert "ce_type: requests.published.v1" in shown
    assert PLANTED not in str(shown)


def test_a_dead_letter_that_does_not_exist_is_named(parked: tuple[str, str]) -> None:
    with pytest.raises(KeyError, match="no dead letter 7"):
        show(parked[1], DLQ, 7)


def test_the_command_line_says_that_a_record_cannot_be_read_and_quotes_nothing_of_it(
    parked: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", parked[1])
    capsys.readouterr()
    for action in ("show", "replay"):
        assert main(["dlq", action, DLQ, "1"]) == 1
    said = capsys.readouterr()
    assert said.err == "LookupError: the topic has this record, but it cannot be read\n" * 2
    assert said.out == ""
