"""Where a consumer stands: per partition the topic's incarnation, the next offset, and the events between two tries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaConsumer, TopicPartition

LOOK_MS = 3_000

Record = Any
"""A record of kafka-python: topic, partition, offset, key, headers, value."""


@dataclass
class Failing:
    """An event that failed, between two tries; `hopeless` means that no further try would help."""

    record: Record
    tries: int
    retry_at: float
    error: BaseException
    hopeless: bool


@dataclass
class Position:
    """Where a consumer stands in one partition: the topic's incarnation, and the offset after the last one seen."""

    topic_id: str
    next_offset: int
    failing: dict[int, Failing] = field(default_factory=dict)

    def resume_at(self) -> int:
        """Return the offset to start from after a crash: the first one that is not settled."""
        return min([self.next_offset, *self.failing])

    def without(self, offset: int) -> "Position":
        failing = {other: event for other, event in self.failing.items() if other != offset}
        return Position(self.topic_id, self.next_offset, failing)


def partition_of(record: Record) -> TopicPartition:
    return TopicPartition(record.topic, record.partition)


def unread(kafka: KafkaConsumer, positions: Mapping[TopicPartition, Position]) -> dict[TopicPartition, int]:
    """Return where to read on in each partition that holds something beyond its position. Raises KafkaError."""
    first = kafka.beginning_offsets(list(positions), timeout_ms=LOOK_MS)
    end = kafka.end_offsets(list(positions), timeout_ms=LOOK_MS)
    offsets = {partition: max(first[partition], position.next_offset) for partition, position in positions.items()}
    return {partition: offset for partition, offset in offsets.items() if offset < end[partition]}
