"""Poison (F25, I12): parked without its content after its tries, its neighbours hardly waiting, and replayed later."""

import time
from contextlib import closing
from uuid import uuid4

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from sqlalchemy import Connection, text

from shared.events.envelope import Event
from shared.messaging.consumer import LOOK_SECONDS, Consumer
from shared.messaging.dead_letters import DeadLetter, read_record, replay_from_outbox, replay_record
from shared.messaging.handling import FUSE_LIMIT
from shared.refs import new_ref
from tests.integration.messaging.harness import (
    LARGE,
    PLANTED,
    Flow,
    attempt,
    dead_letters,
    drive,
    envelope,
    recreate,
)


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

    consumer = matcher.consumer({"requests": handler})
    intake.publish()
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
    intake.publish()

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
    admin = KafkaAdminClient(bootstrap_servers=intake.kafka.bootstrap_servers)
    try:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, "requests", {"max.message.bytes": str(LARGE)})])
    finally:
        admin.close()
    event_id = str(uuid4())
    intake.send(b"x" * 10_000_000, envelope(event_id))
    neighbours = intake.announce_many(24)
    relay, consumer = intake.relay(), matcher.consumer()
    drive(relay.step, consumer.step, until=lambda: matcher.handled() == sorted(neighbours))
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    assert [letter.event_id for letter in dead_letters(matcher)] == [event_id]


def park_one(intake: Flow, matcher: Flow) -> tuple[str, DeadLetter, Consumer]:
    """Let one valid event be parked; return its id, its dead letter and a consumer that would handle it now."""
    event_id = intake.announce()
    intake.publish()

    def fails_until_parked(tx: Connection, event: Event) -> None:
        if event.id == event_id and not matcher.count(matcher.tables.outbox):
            raise RuntimeError
        matcher.effect(tx, event)

    consumer = matcher.consumer({"requests": fails_until_parked})
    drive(consumer.step, matcher.hurry, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    return event_id, dead_letters(matcher)[0], consumer


def replay_from_topic(flow: Flow, letter: DeadLetter) -> None:
    """Publish the record of a dead letter again."""
    with closing(flow.kafka.reader()) as client, closing(flow.kafka.producer()) as producer:
        replay_record(producer, read_record(client, letter))


def test_a_parked_event_is_replayed_from_its_record(intake: Flow, matcher: Flow) -> None:
    event_id, letter, consumer = park_one(intake, matcher)
    replay_from_topic(intake, letter)
    drive(consumer.step, until=lambda: matcher.handled() == [event_id])


def test_a_parked_event_whose_record_is_lost_is_replayed_from_the_outbox(intake: Flow, matcher: Flow) -> None:
    event_id, letter, consumer = park_one(intake, matcher)
    recreate(intake.kafka.bootstrap_servers, "requests")
    intake.topics().look()
    intake.send(b"{}", envelope(str(uuid4())), partition=letter.partition)
    with closing(intake.kafka.reader()) as client:
        assert read_record(client, letter) is None
    with intake.database.transaction() as tx:
        assert replay_from_outbox(tx, intake.tables, event_id)
        assert not replay_from_outbox(tx, intake.tables, str(uuid4()))
    intake.publish()
    matcher.time.skip(LOOK_SECONDS)
    drive(consumer.step, until=lambda: matcher.handled() == [event_id])


def test_a_replayed_event_that_a_newer_version_overtook_changes_nothing(intake: Flow, matcher: Flow) -> None:
    event_id, letter, consumer = park_one(intake, matcher)
    subject = intake.rows(intake.tables.outbox)[0].subject
    newer = intake.announce(subject, 2)
    intake.publish()
    drive(consumer.step, until=lambda: matcher.handled() == [newer])
    replay_from_topic(intake, letter)
    drive(consumer.step, until=lambda: event_id in {row.event_id for row in matcher.rows(matcher.tables.inbox)})
    assert matcher.handled() == [newer]


def test_the_fuse_stops_a_consumer_that_parks_too_much(intake: Flow, matcher: Flow) -> None:
    for _ in range(FUSE_LIMIT + 5):
        intake.send(b"no JSON", envelope(str(uuid4())))
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: consumer.fuse_blown)
    ids = intake.announce_many(10)
    intake.publish()
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
    intake.publish()
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
