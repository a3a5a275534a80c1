"""Records that the client itself cannot read (F25): parked by their address, and the rest flows."""

import time
from typing import Any
from uuid import uuid4

import pytest
from kafka import ConsumerRebalanceListener, KafkaConsumer
from kafka.errors import CorruptRecordError, KafkaConnectionError

from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetter
from shared.messaging.handling import FUSE_LIMIT
from tests.integration.messaging.harness import PLANTED, Flow, dead_letters, drive, envelope
from tests.support.kafka import KafkaBroker


class Undecodable(str):
    """The name of a header that goes into the record as bytes that are no UTF-8, as another client may send it."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return what no UTF-8 text contains, and then words."""
        return b"\xff" + PLANTED.encode()


def send_unreadable(flow: Flow, *, partition: int = 0) -> int:
    """Put such a record into `requests`; return its offset."""
    return flow.send(b"{}", [*envelope(str(uuid4())), (Undecodable("x"), b"y")], partition=partition)


def carry(intake: Flow, matcher: Flow, consumer: Consumer, ids: list[str]) -> float:
    """Publish what waits and return the seconds until the effects of `ids` are there."""
    relay, began_at = intake.relay(), time.monotonic()
    drive(relay.step, consumer.step, until=lambda: matcher.handled() == sorted(ids))
    taken = time.monotonic() - began_at
    relay.close()
    return taken


def unreadable(number: int, offset: int, *, partition: int = 0) -> DeadLetter:
    """Return the dead letter of a record that could not be read."""
    return DeadLetter(number, "requests", partition, offset, None, "CorruptRecordError")


def test_f25_a_record_that_cannot_be_read_is_parked_and_its_neighbours_do_not_wait(intake: Flow, matcher: Flow) -> None:
    ids = [intake.announce(key="one partition")]
    consumer = matcher.consumer()
    carry(intake, matcher, consumer, ids)
    partition = intake.rows(intake.tables.outbox)[0].partition
    offset = send_unreadable(intake, partition=partition)
    ids += [intake.announce(key="one partition") for _ in range(20)] + intake.announce_many(30)
    assert carry(intake, matcher, consumer, ids) < 5
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    assert dead_letters(matcher) == [unreadable(0, offset, partition=partition)]
    assert PLANTED not in str(matcher.rows(matcher.tables.outbox))


def test_a_consumer_that_begins_at_a_record_that_cannot_be_read_parks_it(intake: Flow, matcher: Flow) -> None:
    offsets = [send_unreadable(intake) for _ in range(2)]
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 2)
    assert dead_letters(matcher) == [unreadable(number, offset) for number, offset in enumerate(offsets)]
    matcher.kill_members()
    ids = intake.announce_many(24)
    carry(intake, matcher, matcher.consumer(), ids)
    assert matcher.count(matcher.tables.outbox) == 2


def test_a_consumer_killed_before_it_parks_such_a_record_leaves_it_to_the_next_one(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(24)
    consumer = matcher.consumer()
    carry(intake, matcher, consumer, ids)
    offset = send_unreadable(intake)
    with matcher.database.transaction() as tx:
        tx.exec_driver_sql("ALTER TABLE outbox RENAME TO away")
    with pytest.raises(Exception, match="outbox"):
        drive(consumer.step, until=lambda: False)
    matcher.kill_members()
    with matcher.database.transaction() as tx:
        tx.exec_driver_sql("ALTER TABLE away RENAME TO outbox")
    ids += intake.announce_many(24)
    successor = matcher.consumer()
    carry(intake, matcher, successor, ids)
    drive(successor.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    assert dead_letters(matcher) == [unreadable(0, offset)]


def test_f25_a_record_damaged_on_the_disk_of_kafka_is_parked_and_its_neighbours_flow(
    intake: Flow, matcher: Flow, kafka: KafkaBroker
) -> None:
    offset = intake.send(PLANTED.encode(), envelope(str(uuid4())))
    segment = "requests-0/00000000000000000000.log"
    kafka.damage(segment, kafka.disk()[segment].index(PLANTED.encode()))
    ids = intake.announce_many(48)
    consumer = matcher.consumer()
    carry(intake, matcher, consumer, ids)
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    assert dead_letters(matcher) == [unreadable(0, offset)]


def test_the_fuse_stops_a_consumer_that_can_read_nothing(intake: Flow, matcher: Flow) -> None:
    for _ in range(FUSE_LIMIT + 1):
        send_unreadable(intake)
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: consumer.fuse_blown)
    assert matcher.count(matcher.tables.outbox) == FUSE_LIMIT


class Garbling:
    """A member whose first poll fails as if the bytes had been garbled on their way."""

    def __init__(self, member: KafkaConsumer) -> None:
        self._member = member
        self._garbled = False

    def __getattr__(self, name: str) -> Any:
        """Do everything else as the member does."""
        return getattr(self._member, name)

    def poll(self, **options: Any) -> Any:
        """Fail once there is something to read; read nothing before."""
        if not self._garbled and self._member.assignment():
            self._garbled = True
            raise CorruptRecordError
        return self._member.poll(**options)


def test_bytes_garbled_on_their_way_are_read_again_and_nothing_is_parked(intake: Flow, matcher: Flow) -> None:
    ids = intake.announce_many(24)

    def join(group: str, topics: tuple[str, ...], listener: ConsumerRebalanceListener) -> KafkaConsumer:
        member = matcher.join(group, topics, listener)
        return member if len(matcher.members) > 1 else Garbling(member)

    carry(intake, matcher, matcher.consumer(connect=join), ids)
    assert len(matcher.members) == 2
    assert matcher.count(matcher.tables.outbox) == 0


def test_a_client_that_cannot_find_the_record_is_given_up_and_the_next_one_finds_it(
    intake: Flow, matcher: Flow
) -> None:
    offset = send_unreadable(intake)
    tries: list[int] = []

    def reader() -> KafkaConsumer:
        tries.append(1)
        if len(tries) == 1:
            raise KafkaConnectionError
        return matcher.kafka.reader()

    consumer = matcher.consumer(reader=reader)
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == 1)
    assert len(matcher.members) == 2
    assert dead_letters(matcher) == [unreadable(0, offset)]
