"""Creates the topics of the catalogue that a broker lacks; topics are never created by the broker on its own."""

from datetime import timedelta

from kafka.admin import KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError

from shared.events.catalogue import CATALOGUE, PARTITIONS, RETENTION, all_topics

SEGMENT = timedelta(days=1)


def create_topics(admin: KafkaAdminClient, replication_factor: int) -> list[str]:
    """Create what is missing and return the names created. Raises KafkaError if no broker answers.

    Several processes may do this at once: a topic that another one has just created is no error.
    """
    existing = set(admin.list_topics())
    missing = [name for name in all_topics() if name not in existing]
    for name in missing:
        options = {
            # A dead-letter topic holds a handful of records that a person reads in order.
            "num_partitions": PARTITIONS if name in CATALOGUE else 1,
            "replication_factor": replication_factor,
            "configs": {
                "retention.ms": _milliseconds(RETENTION),
                # Only whole segments go: on a quiet topic the default of a week would keep records half as long again.
                "segment.ms": _milliseconds(SEGMENT),
                "cleanup.policy": "delete",
            },
        }
        try:
            admin.create_topics({name: options}, timeout_ms=5_000)
        except TopicAlreadyExistsError:
            continue
    if missing:
        admin.wait_for_topics(missing)
    return missing


def apply_topics(bootstrap_servers: str, replication_factor: int) -> list[str]:
    """Connect to the brokers, create the missing topics and return their names. Raises KafkaError."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers.split(","), bootstrap_timeout_ms=30_000)
    try:
        return create_topics(admin, replication_factor)
    finally:
        admin.close()


def _milliseconds(span: timedelta) -> str:
    return str(span // timedelta(milliseconds=1))
