"""The relay: in order, once it is acknowledged, by one at a time (R3), and again what Kafka has lost (R6)."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaTimeoutError
from sqlalchemy import func, update

from shared.events.catalogue import CATALOGUE, PARTITIONS, all_topics
from shared.events.envelope import decode
from shared.messaging.outbox import NewEvent, announce_all
from shared.messaging.relay import BATCH, LOOK_SECONDS
from shared.refs import new_ref
from tests.integration.messaging.harness import Flow, drive, example, records_of, recreate
from tests.support.kafka import delete_topics


class Interrupted:
    """A producer that does something else at a given send, or after a flush."""

    def __init__(
        self, producer: Any, *, fail_at: int | None = None, flushed: Callable[[], None] = lambda: None
    ) -> None:
        """Wrap `producer`; its send number `fail_at` (from 1) fails, `flushed` is called after each flush."""
        self._producer = producer
        self._fail_at = fail_at
        self._flushed = flushed
        self._sends = 0
        self._sender = producer._sender

    def send(self, **record: Any) -> Any:
        """Send, or fail."""
        self._sends += 1
        if self._sends == self._fail_at:
            raise KafkaTimeoutError("as asked")
        return self._producer.send(**record)

    def flush(self, timeout: float) -> None:
        """Flush and say so."""
        self._producer.flush(timeout=timeout)
        self._flushed()

    def close(self, timeout: float | None = None) -> None:
        """Close."""
        self._producer.close(timeout=timeout)


class StuckProducer:
    """What kafka-python leaves where a flush crosses the broker's death: it neither flushes nor closes."""

    def __init__(self, producer: KafkaProducer) -> None:
        """Take the place of `producer`, whose thread goes on."""
        self._sender = producer._sender
        self.send = producer.send

    def flush(self, timeout: float) -> None:
        """Give up."""
        raise KafkaTimeoutError(f"not within {timeout} s")

    def close(self, timeout: float) -> None:
        """Flush first, as kafka-python does."""
        self.flush(timeout)


def sequences_by_first_appearance(flow: Flow) -> dict[str, list[int]]:
    """Return subject -> the sequences in which its events first appeared in Kafka."""
    order: dict[str, list[int]] = defaultdict(list)
    for record in records_of(flow.kafka.bootstrap_servers, "requests"):
        event = decode("requests", record.key, record.headers, record.value)
        if event.sequence not in order[event.subject]:
            order[event.subject].append(event.sequence)
    return dict(order)


def lease_runs_out(flow: Flow) -> None:
    """Let the lease end, as it does some seconds after its relay was killed."""
    with flow.database.transaction() as tx:
        tx.execute(update(flow.tables.relay_lease).values(until=func.clock_timestamp()))


def test_rows_are_published_in_the_order_of_each_subject_and_marked_with_partition_and_offset(intake: Flow) -> None:
    subjects = [new_ref() for _ in range(5)]
    expected = [intake.announce(subject, sequence) for sequence in range(1, 9) for subject in subjects]
    drive(intake.relay().step, until=lambda: intake.unpublished() == 0)
    records = records_of(intake.kafka.bootstrap_servers, "requests")
    events = [decode("requests", r.key, r.headers, r.value) for r in records]
    assert sorted(event.id for event in events) == sorted(expected)
    assert sequences_by_first_appearance(intake) == {subject: list(range(1, 9)) for subject in subjects}
    marked = {(row.partition, row.offset): row.event_id for row in intake.rows(intake.tables.outbox)}
    assert marked == {(r.partition, r.offset): e.id for r, e in zip(records, events, strict=True)}


def test_events_of_one_statement_stand_in_the_outbox_in_their_order(intake: Flow) -> None:
    events = [NewEvent("requests", "published", new_ref(), 1, new_ref(), example()) for _ in range(5)]
    with intake.database.transaction() as tx:
        ids = announce_all(tx, intake.tables, events)
    rows = sorted(intake.rows(intake.tables.outbox), key=lambda row: row.id)
    assert [row.event_id for row in rows] == [str(each) for each in ids]
    assert [row.subject for row in rows] == [event.subject for event in events]


def test_more_rows_than_a_batch_are_published_without_a_pause_between(intake: Flow) -> None:
    intake.announce_many(BATCH + 1)
    relay = intake.relay()
    assert [relay.step(), relay.step()] == [0.0, 0.0]
    assert intake.unpublished() == 0


def test_a_producer_that_cannot_even_be_closed_is_ended_and_replaced(intake: Flow) -> None:
    made: list[KafkaProducer] = []

    def connect() -> Any:
        made.append(intake.kafka.producer())
        return StuckProducer(made[0]) if len(made) == 1 else made[-1]

    ids = intake.announce_many(3)
    relay = intake.relay(connect=connect)
    with pytest.raises(KafkaTimeoutError):
        relay.step()
    drive(relay.step, until=lambda: intake.unpublished() == 0)
    assert len(made) == 2
    made[0]._sender.join(5)
    assert not made[0]._sender.is_alive()
    events = [
        decode("requests", r.key, r.headers, r.value) for r in records_of(intake.kafka.bootstrap_servers, "requests")
    ]
    assert {event.id for event in events} == set(ids)


def test_the_producer_is_idempotent_and_creates_no_topics(intake: Flow) -> None:
    producer = intake.kafka.producer()
    try:
        assert producer.config["enable_idempotence"] is True
        assert producer.config["acks"] == -1
        assert producer.config["allow_auto_create_topics"] is False
    finally:
        producer.close()


def test_missing_topics_are_created_from_the_catalogue(intake: Flow) -> None:
    delete_topics(intake.kafka.bootstrap_servers)
    intake.relay().step()
    admin = KafkaAdminClient(bootstrap_servers=intake.kafka.bootstrap_servers)
    try:
        partitions = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
    finally:
        admin.close()
    expected = {name: PARTITIONS if name in CATALOGUE else 1 for name in all_topics()}
    assert {name: count for name, count in partitions.items() if not name.startswith("__")} == expected


def test_a_failed_send_stops_the_batch_and_leaves_the_order_of_first_appearance(intake: Flow) -> None:
    subjects = [new_ref() for _ in range(3)]
    for sequence in range(1, 5):
        for subject in subjects:
            intake.announce(subject, sequence)
    fail_at = iter([7, 2, None])
    relay = intake.relay(connect=lambda: Interrupted(intake.kafka.producer(), fail_at=next(fail_at)))
    with pytest.raises(KafkaTimeoutError):
        relay.step()
    assert intake.unpublished() == 12
    drive(relay.step, until=lambda: intake.unpublished() == 0)
    assert sequences_by_first_appearance(intake) == {subject: [1, 2, 3, 4] for subject in subjects}


def test_a_stand_by_publishes_nothing_while_the_lease_is_held(intake: Flow) -> None:
    active, stand_by = intake.relay(), intake.relay()
    active.step()
    intake.announce()
    stand_by.step()
    assert intake.unpublished() == 1


def test_a_stand_by_takes_over_when_the_lease_of_a_killed_relay_runs_out(intake: Flow) -> None:
    active, stand_by = intake.relay(), intake.relay()
    active.step()
    intake.announce()
    lease_runs_out(intake)
    stand_by.step()
    assert intake.unpublished() == 0


def test_a_stand_by_takes_over_at_once_when_the_relay_closes(intake: Flow) -> None:
    active, stand_by = intake.relay(), intake.relay()
    active.step()
    intake.announce()
    active.close()
    stand_by.step()
    assert intake.unpublished() == 0


def test_i9_a_relay_that_lost_its_lease_while_sending_marks_nothing(intake: Flow) -> None:
    stand_by = intake.relay()

    def is_overtaken() -> None:
        lease_runs_out(intake)
        stand_by.step()

    stale = intake.relay(connect=lambda: Interrupted(intake.kafka.producer(), flushed=is_overtaken))
    ids = intake.announce_many(3)
    stale.step()
    marked = {(row.partition, row.offset) for row in intake.rows(intake.tables.outbox)}
    by_stand_by = records_of(intake.kafka.bootstrap_servers, "requests")
    assert len(by_stand_by) == 2 * len(ids)
    last = {dict(r.headers)["ce_id"]: (r.partition, r.offset) for r in by_stand_by}
    assert marked == set(last.values())


def test_i9_a_relay_that_lost_its_lease_while_looking_makes_nothing_unpublished(intake: Flow) -> None:
    intake.announce()
    active = intake.relay()
    drive(active.step, until=lambda: intake.unpublished() == 0)
    present = intake.topics()

    class LooksWhileOvertaken:
        """Answers with ids of another time, after the lease has passed to another relay."""

        def look(self) -> dict[str, str]:
            """Lose the lease and answer."""
            lease_runs_out(intake)
            active.step()
            return dict.fromkeys(present.look(), "00000000-0000-0000-0000-000000000001")

    lease_runs_out(intake)
    intake.relay(topics=LooksWhileOvertaken()).step()
    assert intake.unpublished() == 0


def test_f13_a_topic_made_anew_gets_every_retained_row_again(intake: Flow) -> None:
    ids = intake.announce_many(20)
    relay = intake.relay()
    drive(relay.step, until=lambda: intake.unpublished() == 0)
    recreate(intake.kafka.bootstrap_servers, "requests")
    ids += intake.announce_many(5)
    intake.time.skip(LOOK_SECONDS)

    def arrived() -> set[str]:
        records = records_of(intake.kafka.bootstrap_servers, "requests")
        return {dict(r.headers)["ce_id"].decode() for r in records}

    drive(relay.step, until=lambda: intake.unpublished() == 0)
    assert arrived() == set(ids)


def test_a_log_that_became_shorter_gets_every_retained_row_again(intake: Flow) -> None:
    ids = [intake.announce(key="one partition"), *intake.announce_many(19)]
    relay = intake.relay()
    drive(relay.step, until=lambda: intake.unpublished() == 0)
    with intake.database.transaction() as tx:
        # The same as a log restored from an older copy: Kafka gives out offsets that were acknowledged before.
        outbox = intake.tables.outbox
        tx.execute(update(outbox).values(offset=outbox.c.offset + 1_000))
    successor = intake.relay()
    lease_runs_out(intake)
    ids.append(intake.announce(key="one partition"))
    successor.step()
    drive(successor.step, until=lambda: intake.unpublished() == 0)
    records = records_of(intake.kafka.bootstrap_servers, "requests")
    assert len(records) == 20 + 1 + 21
    assert {dict(r.headers)["ce_id"].decode() for r in records} == set(ids)


def test_an_event_rolled_back_with_its_transaction_is_never_published(intake: Flow) -> None:
    with pytest.raises(ZeroDivisionError), intake.database.transaction() as tx:
        intake.announce_in(tx)
        raise ZeroDivisionError
    kept = intake.announce()
    drive(intake.relay().step, until=lambda: intake.unpublished() == 0)
    records = records_of(intake.kafka.bootstrap_servers, "requests")
    assert [dict(r.headers)["ce_id"].decode() for r in records] == [kept]
