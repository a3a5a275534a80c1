"""Where a consumer goes on after a crash, and what it has not been given yet."""

from kafka import TopicPartition

from shared.messaging.positions import Failing, Position, unread


def position(next_offset: int, *failing: int) -> Position:
    """Return a position with failing events at some offsets."""
    return Position("id", next_offset, {at: Failing(None, 1, 0.0, ValueError(), hopeless=False) for at in failing})


def test_a_consumer_resumes_after_the_last_record_it_saw() -> None:
    assert position(17).resume_at() == 17


def test_a_consumer_resumes_at_the_first_event_that_is_not_settled() -> None:
    assert position(17, 9, 12).resume_at() == 9


def test_settling_an_event_leaves_the_others() -> None:
    assert position(17, 9, 12).without(9).resume_at() == 12


class Broker:
    """Knows where one partition begins and ends."""

    def __init__(self, *, first: int, end: int) -> None:
        self._first, self._end = first, end

    def beginning_offsets(self, partitions: list[TopicPartition], *, timeout_ms: int) -> dict[TopicPartition, int]:
        """Return the first offset that it still has."""
        return dict.fromkeys(partitions, self._first)

    def end_offsets(self, partitions: list[TopicPartition], *, timeout_ms: int) -> dict[TopicPartition, int]:
        """Return the offset of the next record that comes."""
        return dict.fromkeys(partitions, self._end)


PARTITION = TopicPartition("requests", 0)


def test_a_partition_read_to_its_end_holds_nothing_unread() -> None:
    assert unread(Broker(first=0, end=17), {PARTITION: position(17)}) == {}


def test_what_lies_behind_the_last_record_seen_is_unread() -> None:
    assert unread(Broker(first=0, end=18), {PARTITION: position(17, 9)}) == {PARTITION: 17}


def test_what_retention_has_taken_away_is_not_waited_for() -> None:
    assert unread(Broker(first=30, end=40), {PARTITION: position(17)}) == {PARTITION: 30}
    assert unread(Broker(first=40, end=40), {PARTITION: position(17)}) == {}
