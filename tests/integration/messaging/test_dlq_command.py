"""The operator's look at parked events: listed, shown without their content, published again."""

import json
from uuid import uuid4

import pytest

from deploy.cli import main
from deploy.dlq import list_parked, replay, show
from shared.refs import new_ref
from tests.integration.messaging.harness import Flow, drive, recreate
from tests.integration.messaging.test_poison import DLQ, PLANTED, dead_letters, envelope, park_one, send


def test_parked_events_are_listed_with_their_place(intake: Flow, matcher: Flow) -> None:
    event_id, letter = park_one(intake, matcher)
    lines = [parked.line() for parked in list_parked(intake.kafka.bootstrap_servers)]
    assert lines == [f"{DLQ} 0  requests[{letter.partition}]@{letter.offset}  {event_id}  RuntimeError"]


def test_nothing_is_listed_where_nothing_was_parked(intake: Flow) -> None:
    assert list_parked(intake.kafka.bootstrap_servers) == []


def test_a_parked_event_is_shown_without_its_content(intake: Flow, matcher: Flow) -> None:
    intake.topics().look()
    event_id = str(uuid4())
    send(intake, json.dumps({"request": PLANTED, "profile": new_ref()}).encode(), envelope(event_id))
    drive(matcher.consumer().step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    dead_letters(matcher)
    shown = show(intake.kafka.bootstrap_servers, DLQ, 0)
    assert event_id in shown[0]
    assert "ce_type: requests.published.v1" in shown
    assert PLANTED not in str(shown)


def test_a_dead_letter_that_does_not_exist_is_named(intake: Flow) -> None:
    intake.topics().look()
    with pytest.raises(KeyError, match="no dead letter 7"):
        show(intake.kafka.bootstrap_servers, DLQ, 7)


def test_a_parked_event_is_published_again_from_the_topic_and_then_from_the_outbox(intake: Flow, matcher: Flow) -> None:
    event_id, _ = park_one(intake, matcher)
    servers, outbox = intake.kafka.bootstrap_servers, intake.database.url
    assert "from the topic" in replay(servers, DLQ, 0, None)
    recreate(servers, "requests")
    with pytest.raises(LookupError, match="DATABASE_URL"):
        replay(servers, DLQ, 0, None)
    with pytest.raises(LookupError, match="neither"):
        replay(servers, DLQ, 0, matcher.database.url)
    assert "from the outbox" in replay(servers, DLQ, 0, outbox)
    relay = intake.relay()
    drive(relay.step, matcher.consumer().step, until=lambda: matcher.handled() == [event_id])


def test_the_command_line_prints_the_list_and_says_what_is_missing(
    intake: Flow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    assert main(["dlq", "list"]) == 1
    assert capsys.readouterr().err == "missing: KAFKA_BOOTSTRAP_SERVERS\n"
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", intake.kafka.bootstrap_servers)
    intake.topics().look()
    assert main(["dlq", "list"]) == 0
    assert capsys.readouterr().out == "Nothing is parked.\n"
    assert main(["dlq", "show", DLQ, "3"]) == 1
    assert main(["dlq", "replay", DLQ, "3"]) == 1
    assert capsys.readouterr().err == f"missing: {DLQ} has no dead letter 3\n" * 2
