"""Records whose bytes the client cannot read: where they lie, so that they can be parked and the rest goes on (R5).

A header's name that is no UTF-8, a damaged batch, a compression that is not installed: kafka-python raises out of its
poll without saying for which record, and reads no further. Of a batch it reads either all or nothing from the bad
record on, so what follows there is as unreadable, and parked one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import CorruptRecordError, KafkaError, UnsupportedCodecError

READ_MS = 1_000


@dataclass(frozen=True)
class Unreadable:
    """All that is known of such a record: its address, and why. It stands in for the record in a dead letter."""

    topic: str
    partition: int
    offset: int
    error: Exception
    headers: tuple[tuple[str, bytes], ...] = ()


def is_about_bytes(error: Exception) -> bool:
    """Tell whether `error`, raised by a poll, may be about the bytes of a record instead of the broker."""
    if isinstance(error, CorruptRecordError | UnsupportedCodecError):
        return True
    # Of its own errors, kafka-python uses the bare class for a batch that ends too early.
    return type(error) is KafkaError or not isinstance(error, KafkaError)


def find_unreadable(reader: KafkaConsumer, offsets: Mapping[TopicPartition, int]) -> list[Unreadable]:
    """Read the one record at each of `offsets`; return those that cannot be read. Raises KafkaError.

    `reader` belongs to no group. A second reading by another client is what tells a bad record from a bad moment.
    """
    found = []
    for partition, offset in offsets.items():
        reader.assign([partition])
        reader.seek(partition, offset)
        try:
            reader.poll(timeout_ms=READ_MS, max_records=1)
        except Exception as error:
            if not is_about_bytes(error):
                raise
            found.append(Unreadable(partition.topic, partition.partition, offset, error))
    return found
