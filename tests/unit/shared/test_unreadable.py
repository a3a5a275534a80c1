"""Which errors of a poll may lie in a record, and where its record is found."""

import zlib

import pytest
from kafka import TopicPartition
from kafka.errors import (
    CorruptRecordError,
    KafkaConnectionError,
    KafkaError,
    NotCoordinatorError,
    TopicAuthorizationFailedError,
    UnsupportedCodecError,
)

from shared.messaging.unreadable import Unreadable, find_unreadable, is_about_bytes

GOOD, BAD = TopicPartition("requests", 0), TopicPartition("replies", 7)


@pytest.mark.parametrize(
    "error",
    [CorruptRecordError(), UnsupportedCodecError(), KafkaError("no complete records"), zlib.error(), UnicodeError()],
    ids=lambda error: type(error).__name__,
)
def test_what_cannot_be_decoded_may_lie_in_a_record(error: Exception) -> None:
    assert is_about_bytes(error)


@pytest.mark.parametrize("kind", [KafkaConnectionError, NotCoordinatorError, TopicAuthorizationFailedError])
def test_what_the_broker_says_lies_in_no_record(kind: type[KafkaError]) -> None:
    assert not is_about_bytes(kind())


class Reader:
    """A client that reads one partition at a time and fails in some."""

    def __init__(self, failures: dict[TopicPartition, Exception]) -> None:
        self._failures = failures
        self._assigned: list[TopicPartition] = []
        self.asked: list[tuple[TopicPartition, int]] = []

    def assign(self, partitions: list[TopicPartition]) -> None:
        """Read these."""
        self._assigned = partitions

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Note from where."""
        self.asked.append((partition, offset))

    def poll(self, *, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[object]]:
        """Give nothing, or fail."""
        (partition,) = self._assigned
        if partition in self._failures:
            raise self._failures[partition]
        return {}


def test_a_record_that_cannot_be_read_is_found_among_others_with_its_address() -> None:
    error = zlib.error()
    reader = Reader({BAD: error})
    assert find_unreadable(reader, {GOOD: 3, BAD: 9}) == [Unreadable("replies", 7, 9, error)]
    assert reader.asked == [(GOOD, 3), (BAD, 9)]


def test_a_broker_that_goes_away_meanwhile_is_no_unreadable_record() -> None:
    with pytest.raises(KafkaConnectionError):
        find_unreadable(Reader({GOOD: KafkaConnectionError()}), {GOOD: 3})
