"""The consumer: each event exactly once in its effect, wherever it stops (R2, R4, R6)."""

import threading

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import MemberState, OffsetAndMetadata
from sqlalchemy import Connection, func, text, update

from shared.events.envelope import Event
from shared.messaging.consumer import LOOK_SECONDS, Consumer
from shared.messaging.stalls import OUTSIDE_SECONDS
from shared.refs import new_ref
from tests.integration.messaging.harness import Flow, add_partitions, attempt, drive, recreate, running


def deliver(intake: Flow, matcher: Flow, consumer: Consumer, ids: list[str]) -> None:
    """Carry what intake announced to the matcher, until the effects of `ids` are there."""
    relay = intake.relay()
    drive(relay.step, consumer.step, until=lambda: matcher.handled() == sorted(ids))
    relay.close()


def settle(consumer: Consumer, steps: int = 6) -> None:
    """Let a consumer take what may still come."""
    for _ in range(steps):
        attempt(consumer.step)


def publish_again(intake: Flow) -> None:
    """Publish every row once more, as after a take-over."""
    with intake.database.transaction() as tx:
        tx.execute(update(intake.tables.outbox).values(topic_id=None, partition=None, offset=None))
    intake.publish()


def test_f16_records_delivered_three_times_take_effect_once(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(30)
    intake.publish()
    publish_again(intake)
    publish_again(intake)
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: matcher.handled() == sorted(ids))
    settle(consumer)
    assert matcher.handled() == sorted(ids)
    assert matcher.count(matcher.tables.inbox) == 30


def test_f17_of_reordered_versions_the_higher_wins(intake: Flow, matcher: Flow) -> None:
    subject = new_ref()
    for sequence in (2, 1, 5, 4, 3):
        intake.announce(subject, sequence)
    intake.publish()
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.inbox) == 5)
    assert [row.sequence for row in matcher.rows(matcher.effects)] == [2, 5]
    assert [row.sequence for row in matcher.rows(matcher.tables.sequences)] == [5]


def test_f8_a_consumer_killed_between_commit_and_offset_commit_leaves_no_second_effect(
    intake: Flow, matcher: Flow
) -> None:
    ids = intake.announce_many(20)
    deliver(intake, matcher, matcher.consumer(), ids)
    matcher.kill_members()
    ids += intake.announce_many(10)
    deliver(intake, matcher, successor := matcher.consumer(), ids)
    settle(successor)
    assert matcher.handled() == sorted(ids)


def test_f6_a_consumer_killed_before_its_transaction_loses_nothing(intake: Flow, matcher: Flow) -> None:
    def dies(tx: Connection, event: Event) -> None:
        matcher.effect(tx, event)
        raise KeyboardInterrupt

    ids = intake.announce_many(20)
    intake.publish()
    victim = matcher.consumer({"requests": dies})
    with pytest.raises(KeyboardInterrupt):
        drive(victim.step, until=lambda: False)
    matcher.kill_members()
    assert matcher.handled() == []
    drive(matcher.consumer().step, until=lambda: matcher.handled() == sorted(ids))


def test_the_position_is_read_from_the_database_and_not_from_kafka(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(20)
    intake.publish()
    member = matcher.kafka.consumer("matcher", ("requests",), matcher.consumer())
    while not member.assignment():
        member.poll(timeout_ms=100)
    ends = member.end_offsets(list(member.assignment()))
    member.commit({partition: OffsetAndMetadata(end, "", -1) for partition, end in ends.items()})
    member.close(autocommit=False)
    drive(matcher.consumer().step, until=lambda: matcher.handled() == sorted(ids))


def test_a_lost_database_position_starts_over_and_the_inbox_drops_the_repeats(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(20)
    deliver(intake, matcher, matcher.consumer(), ids)
    matcher.kill_members()
    with matcher.database.transaction() as tx:
        tx.execute(text("DELETE FROM positions"))
    ids += intake.announce_many(1)
    deliver(intake, matcher, matcher.consumer(), ids)


@pytest.mark.parametrize(("before", "after"), [(10, 40), (40, 0)], ids=["with more", "with fewer"])
def test_f13_a_topic_made_anew_under_an_idle_consumer_skips_nothing(
    intake: Flow, matcher: Flow, before: int, after: int
) -> None:
    lost = intake.announce_many(before)
    consumer = matcher.consumer()
    deliver(intake, matcher, consumer, lost)
    recreate(intake.kafka.bootstrap_servers, "requests")
    forget(intake)
    refill = intake.announce_many(after + 3)
    intake.topics().look()
    intake.publish()
    matcher.time.skip(LOOK_SECONDS)
    drive(consumer.step, until=lambda: matcher.handled() == sorted(lost + refill))


@pytest.mark.parametrize(("before", "after"), [(10, 40), (40, 3)], ids=["with more", "with fewer"])
def test_f13_a_topic_made_anew_under_a_stopped_consumer_skips_nothing(
    intake: Flow, matcher: Flow, before: int, after: int
) -> None:
    lost = intake.announce_many(before)
    deliver(intake, matcher, stopped := matcher.consumer(), lost)
    stopped.close()
    recreate(intake.kafka.bootstrap_servers, "requests")
    forget(intake)
    refill = intake.announce_many(after)
    intake.publish()
    drive(matcher.consumer().step, until=lambda: matcher.handled() == sorted(lost + refill))


def test_f13_a_topic_made_anew_under_a_running_consumer_skips_nothing(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(30)
    consumer, relay = matcher.consumer(), intake.relay()
    deliver(intake, matcher, consumer, list(ids))
    for _ in range(2):
        recreate(intake.kafka.bootstrap_servers, "requests")
        for _ in range(5):
            ids += intake.announce_many(4)
            attempt(relay.step)
            attempt(consumer.step)
        intake.time.skip(LOOK_SECONDS)
        matcher.time.skip(LOOK_SECONDS)
    drive(relay.step, consumer.step, until=lambda: matcher.handled() == sorted(ids))


def forget(intake: Flow) -> None:
    """Empty the outbox, so that the topic is refilled with other records than before."""
    with intake.database.transaction() as tx:
        tx.execute(text("DELETE FROM outbox"))


@pytest.mark.only_apache("several members in one group; the embedded broker's coordinator may stall then")
def test_i6_members_of_a_group_that_come_and_go_leave_no_effect_twice(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(300)
    intake.publish()
    first, second, third = (matcher.consumer() for _ in range(3))
    with running(first.step, second.step):
        drive(third.step, until=lambda: len(matcher.handled()) >= 150)
        third.close()
        ids += intake.announce_many(100)
        intake.publish()
        drive(until=lambda: len(matcher.handled()) >= len(ids))
    assert matcher.handled() == sorted(ids)


@pytest.mark.only_apache("several members in one group; the embedded broker's coordinator may stall then")
def test_events_of_a_key_stay_with_one_member_across_topics(matcher: Flow) -> None:
    matcher.topics().look()
    handlers = {"requests": matcher.effect, "replies": matcher.effect}
    first, second = matcher.consumer(handlers), matcher.consumer(handlers)

    with running(first.step, second.step):
        drive(until=lambda: partitions_of(matcher.members) == [12, 12], seconds=100)
        for member in matcher.members:
            partitions: set[TopicPartition] = member.assignment()
            of_topic = {topic: {p.partition for p in partitions if p.topic == topic} for topic in handlers}
            assert of_topic["requests"] == of_topic["replies"]


@pytest.mark.only_apache("several members in one group; the embedded broker's coordinator may stall then")
def test_a_member_that_its_client_lost_on_the_way_joins_anew(matcher: Flow) -> None:
    matcher.topics().look()
    first, second = pair_led_by_the_first(matcher)
    leader = matcher.members[0]
    add_partitions(matcher.kafka.bootstrap_servers, "requests", 13)
    leader.topics()
    # The second does not poll, so that the join takes longer than a poll of the first.
    drive(first.step, until=lambda: leader.group_metadata().state == MemberState.REBALANCING)
    settle(first, steps=2)
    second.close()
    settle(first)
    matcher.time.skip(OUTSIDE_SECONDS + 1)
    drive(first.step, until=lambda: partitions_of(matcher.members) == [13])


def pair_led_by_the_first(flow: Flow) -> tuple[Consumer, Consumer]:
    """Return two consumers that share the topic and have never left the group, so that the first leads it."""
    while True:
        first, second = flow.consumer(), flow.consumer()
        drive(first.step, until=lambda: partitions_of(flow.members) == [12])
        drive(first.step, second.step, until=lambda: partitions_of(flow.members) == [6, 6])
        if len(flow.members) == 2:
            return first, second
        # A join has stalled on a busy machine and was begun anew, so the other leads.
        first.close()
        second.close()
        flow.members.clear()


def partitions_of(members: list[KafkaConsumer]) -> list[int]:
    """Return how many partitions each member has that is in its group."""
    inside = [member for member in members if member.group_metadata().state == MemberState.STABLE]
    return [len(member.assignment()) for member in inside]


def test_a_deadlock_in_a_batch_is_retried_singly(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(10)
    intake.publish()
    in_batches: list[int] = []

    def deadlocks_in_company(tx: Connection, event: Event) -> None:
        matcher.effect(tx, event)
        mine = tx.execute(text("SELECT count(*) FROM effects WHERE xmin = pg_current_xact_id()::xid")).scalar_one()
        in_batches.append(mine)
        if mine > 1:
            tx.execute(text("DO $$ BEGIN RAISE 'deadlock detected' USING ERRCODE = '40P01'; END $$"))

    consumer = matcher.consumer({"requests": deadlocks_in_company})
    drive(consumer.step, until=lambda: matcher.handled() == sorted(ids))
    assert matcher.count(matcher.tables.outbox) == 0


def test_contention_on_one_event_holds_up_its_partition_alone_and_loses_nothing(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(20)
    intake.publish()
    in_the_way = ids[7]
    free = threading.Event()

    def meets_locks(tx: Connection, event: Event) -> None:
        if event.id == in_the_way and not free.is_set():
            tx.execute(text("DO $$ BEGIN RAISE 'lock not available' USING ERRCODE = '55P03'; END $$"))
        matcher.effect(tx, event)

    consumer = matcher.consumer({"requests": meets_locks})
    rows = intake.rows(intake.tables.outbox)
    partition = next(row.partition for row in rows if row.event_id == in_the_way)
    others = {row.event_id for row in rows if row.partition != partition}
    drive(consumer.step, until=lambda: others <= set(matcher.handled()))
    assert in_the_way not in matcher.handled()
    free.set()
    drive(consumer.step, until=lambda: matcher.handled() == sorted(ids))


def test_f14_a_session_terminated_in_mid_batch_parks_and_loses_nothing(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(20)
    intake.publish()
    terminated: list[str] = []

    def cut_off(tx: Connection, event: Event) -> None:
        matcher.effect(tx, event)
        if len(terminated) < 5 and event.id not in terminated:
            terminated.append(event.id)
            own = tx.execute(func.pg_backend_pid().select()).scalar_one()
            with matcher.database.transaction() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 1000)"), {"pid": own})

    consumer = matcher.consumer({"requests": cut_off})
    drive(consumer.step, until=lambda: matcher.handled() == sorted(ids))
    assert len(terminated) == 5
    assert matcher.count(matcher.tables.outbox) == 0
