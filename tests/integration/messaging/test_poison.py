"""Poison (F25, I12): parked without its content after its tries, its neighbours hardly waiting, and replayed later."""

import json
import time
from typing import Any
from uuid import uuid4

import pytest
from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from sqlalchemy import Connection, text

from shared.clock import SystemClock
from shared.events.envelope import Event, Headers, encode
from shared.messaging.dead_letters import (
    DeadLetter,
    read_dead_letters,
    read_record,
    replay_from_outbox,
    replay_record,
)
from shared.messaging.fuse import FUSE_LIMIT
from shared.refs import new_ref
from tests.integration.messaging.harness import Flow, attempt, drive, recreate

DLQ = "requests.matcher.dlq"
PLANTED = "planted-words-of-a-person"


def envelope(event_id: str, *, type_: str = "requests.published.v1") -> Headers:
    """Return valid headers."""
    return encode(
        event_id=event_id, type_=type_, source="intake", subject=new_ref(), sequence=1, time=SystemClock().now()
    )


def send(flow: Flow, value: bytes, headers: Any, *, partition: int = 0, limit: int = 1_048_576) -> int:
    """Put a record into `requests` as no relay would; return its offset."""
    producer = KafkaProducer(
        bootstrap_servers=flow.kafka.bootstrap_servers, enable_idempotence=True, max_request_size=limit
    )
    try:
        sent = producer.send("requests", key=b"k", value=value, headers=headers, partition=partition)
        return int(sent.get(timeout=10).offset)
    finally:
        producer.close()


def dead_letters(flow: Flow) -> list[DeadLetter]:
    """Publish the parked events of `flow` and read them back."""
    relay = flow.relay()
    drive(relay.step, until=lambda: flow.unpublished() == 0)
    relay.close()
    consumer = flow.kafka.reader()
    try:
        return list(read_dead_letters(consumer, DLQ))
    finally:
        consumer.close()


BAD = {
    "bad JSON": (f'{{"request": "{PLANTED}'.encode(), {}),
    "no JSON at all": (b"\xff\x00" + PLANTED.encode(), {}),
    "an unknown version": (b"{}", {"type_": "requests.published.v9"}),
    "an unknown type": (b"{}", {"type_": "requests.invented.v1"}),
    "a schema that does not fit": (json.dumps({"request": PLANTED}).encode(), {}),
}


@pytest.mark.parametrize("kind", BAD)
def test_f25_what_is_no_event_is_parked_without_its_content(intake: Flow, matcher: Flow, kind: str) -> None:
    value, options = BAD[kind]
    intake.topics().look()
    event_id = str(uuid4())
    offset = send(intake, value, envelope(event_id, **options))
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    letter = dead_letters(matcher)[0]
    assert letter == DeadLetter(0, "requests", 0, offset, event_id, "InvalidEvent")
    assert PLANTED not in str(matcher.rows(matcher.tables.outbox))
    assert matcher.count(matcher.tables.inbox) == 0


@pytest.mark.parametrize(
    "headers",
    [[], [("ce_id", b"\xff")], [("x", b"y")]],
    ids=["no headers", "bytes", "foreign headers"],
)
def test_f25_a_record_without_an_envelope_is_parked_by_its_address(
    intake: Flow, matcher: Flow, headers: Headers
) -> None:
    intake.topics().look()
    send(intake, b"{}", headers)
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    assert dead_letters(matcher)[0].event_id is None


def test_f25_i12_a_valid_event_that_always_fails_is_parked_and_its_neighbours_do_not_wait(
    intake: Flow, matcher: Flow
) -> None:
    ids = [intake.announce(key="one partition") for _ in range(20)] + intake.announce_many(30)
    poison, tries = ids[3], []

    def handler(tx: Connection, event: Event) -> None:
        if event.id == poison:
            tries.append(time.monotonic())
            raise RuntimeError(PLANTED)
        matcher.effect(tx, event)

    relay, consumer = intake.relay(), matcher.consumer({"requests": handler})
    drive(relay.step, until=lambda: intake.unpublished() == 0)
    drive(consumer.step, until=lambda: len(tries) >= 1)
    others = sorted(set(ids) - {poison})
    drive(consumer.step, until=lambda: matcher.handled() == others)
    waited = time.monotonic() - tries[0]
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    assert waited < 5
    # A rebalance while the group forms begins the count anew; five tries in a row it always gets.
    assert 5 <= len(tries) < 10
    assert tries[-1] - tries[-5] < 5
    assert [(letter.event_id, letter.error) for letter in dead_letters(matcher)] == [(poison, "RuntimeError")]
    assert poison not in {row.event_id for row in matcher.rows(matcher.tables.inbox)}
    assert PLANTED not in str(matcher.rows(matcher.tables.outbox))


def test_an_event_that_fails_once_is_handled_at_its_second_try(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(10)
    failed: list[str] = []

    def handler(tx: Connection, event: Event) -> None:
        matcher.effect(tx, event)
        if event.id not in failed:
            failed.append(event.id)
            raise RuntimeError

    relay, consumer = intake.relay(), matcher.consumer({"requests": handler})
    drive(relay.step, consumer.step, until=lambda: matcher.handled() == sorted(ids))
    assert sorted(failed) == sorted(ids)
    assert matcher.count(matcher.tables.outbox) == 0


def test_a_consumer_killed_between_two_tries_leaves_the_failing_event_to_the_next_one(
    intake: Flow, matcher: Flow
) -> None:
    subject = new_ref()
    ids = [intake.announce(subject, sequence) for sequence in range(1, 6)]
    relay = intake.relay()
    drive(relay.step, until=lambda: intake.unpublished() == 0)

    def fails(tx: Connection, event: Event) -> None:
        if event.id == ids[-1]:
            raise RuntimeError
        matcher.effect(tx, event)

    consumer = matcher.consumer({"requests": fails})
    drive(consumer.step, until=lambda: matcher.handled() == sorted(ids[:-1]))
    matcher.kill_members()
    drive(matcher.consumer().step, until=lambda: matcher.handled() == sorted(ids))


@pytest.mark.only_apache("it takes records of 10 MB where the topic says so")
def test_f25_a_record_of_10_mb_is_parked(intake: Flow, matcher: Flow) -> None:
    intake.topics().look()
    size = 11_000_000
    admin = KafkaAdminClient(bootstrap_servers=intake.kafka.bootstrap_servers)
    try:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, "requests", {"max.message.bytes": str(size)})])
    finally:
        admin.close()
    event_id = str(uuid4())
    send(intake, b"x" * 10_000_000, envelope(event_id), limit=size)
    neighbours = intake.announce_many(24)
    relay, consumer = intake.relay(), matcher.consumer()
    drive(relay.step, consumer.step, until=lambda: matcher.handled() == sorted(neighbours))
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    assert [letter.event_id for letter in dead_letters(matcher)] == [event_id]


def park_one(intake: Flow, matcher: Flow) -> tuple[str, DeadLetter]:
    """Let one valid event be parked; return its id and its dead letter."""
    event_id = intake.announce()
    relay = intake.relay()
    drive(relay.step, until=lambda: intake.unpublished() == 0)
    relay.close()

    def fails(_tx: Connection, _event: Event) -> None:
        raise RuntimeError

    consumer = matcher.consumer({"requests": fails})
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    consumer.close()
    return event_id, dead_letters(matcher)[0]


def test_a_parked_event_is_replayed_from_its_record(intake: Flow, matcher: Flow) -> None:
    event_id, letter = park_one(intake, matcher)
    client, producer = intake.kafka.reader(), intake.kafka.producer()
    try:
        replay_record(producer, read_record(client, letter))
    finally:
        client.close()
        producer.close()
    drive(matcher.consumer().step, until=lambda: matcher.handled() == [event_id])


def test_a_parked_event_whose_record_is_lost_is_replayed_from_the_outbox(intake: Flow, matcher: Flow) -> None:
    event_id, letter = park_one(intake, matcher)
    recreate(intake.kafka.bootstrap_servers, "requests")
    intake.topics().look()
    send(intake, b"{}", envelope(str(uuid4())), partition=letter.partition)
    client = intake.kafka.reader()
    try:
        assert read_record(client, letter) is None
    finally:
        client.close()
    with intake.database.transaction() as tx:
        assert replay_from_outbox(tx, intake.tables, event_id)
        assert not replay_from_outbox(tx, intake.tables, str(uuid4()))
    relay = intake.relay()
    drive(relay.step, until=lambda: intake.unpublished() == 0)
    drive(matcher.consumer().step, until=lambda: matcher.handled() == [event_id])


def test_a_replayed_event_that_a_newer_version_overtook_changes_nothing(intake: Flow, matcher: Flow) -> None:
    event_id, letter = park_one(intake, matcher)
    subject = intake.rows(intake.tables.outbox)[0].subject
    newer = intake.announce(subject, 2)
    relay, consumer = intake.relay(), matcher.consumer()
    drive(relay.step, consumer.step, until=lambda: matcher.handled() == [newer])
    client, producer = intake.kafka.reader(), intake.kafka.producer()
    try:
        replay_record(producer, read_record(client, letter))
    finally:
        client.close()
        producer.close()
    drive(consumer.step, until=lambda: event_id in {row.event_id for row in matcher.rows(matcher.tables.inbox)})
    assert matcher.handled() == [newer]


def test_the_fuse_stops_a_consumer_that_parks_too_much(intake: Flow, matcher: Flow) -> None:
    intake.topics().look()
    for _ in range(FUSE_LIMIT + 5):
        send(intake, b"no JSON", envelope(str(uuid4())))
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: consumer.fuse_blown)
    ids = intake.announce_many(10)
    relay = intake.relay()
    drive(relay.step, until=lambda: intake.unpublished() == 0)
    for _ in range(5):
        consumer.step()
    assert matcher.handled() == []
    assert matcher.count(matcher.tables.outbox) == FUSE_LIMIT
    drive(
        matcher.consumer().step,
        until=lambda: (matcher.handled(), matcher.count(matcher.tables.outbox)) == (sorted(ids), FUSE_LIMIT + 5),
    )


def test_f14_a_terminated_session_is_never_counted_against_the_event(intake: Flow, matcher: Flow) -> None:
    event_id = intake.announce()
    relay = intake.relay()
    drive(relay.step, until=lambda: intake.unpublished() == 0)
    tries: list[int] = []

    def is_cut_off(tx: Connection, event: Event) -> None:
        matcher.effect(tx, event)
        tries.append(1)
        if len(tries) <= 7:
            with matcher.database.transaction() as other:
                pid = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
                other.execute(text("SELECT pg_terminate_backend(:pid, 1000)"), {"pid": pid})

    consumer = matcher.consumer({"requests": is_cut_off})
    drive(consumer.step, until=lambda: matcher.handled() == [event_id])
    for _ in range(3):
        attempt(consumer.step)
    assert len(tries) == 8
    assert matcher.count(matcher.tables.outbox) == 0
