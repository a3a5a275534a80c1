"""The tables of the event flow that every service has in its own database."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import UUID


class MessagingTables:
    """Defines outbox, inbox, sequences, positions and the relay's lease in a service's metadata."""

    def __init__(self, metadata: MetaData) -> None:
        self.outbox = Table(
            "outbox",
            metadata,
            Column("id", BigInteger, Identity(always=True), primary_key=True),
            Column("event_id", UUID(as_uuid=False), nullable=False, unique=True),
            Column("topic", Text, nullable=False),
            Column("name", Text, nullable=False),
            Column("subject", Text, nullable=False),
            Column("sequence", BigInteger, nullable=False),
            Column("key", Text, nullable=False),
            Column("data", Text, nullable=False),
            Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
            # The acknowledgement: which incarnation of the topic took the row, and where. All null: not published.
            Column("topic_id", UUID(as_uuid=False)),
            Column("partition", Integer),
            Column("offset", BigInteger),
        )
        outbox = self.outbox.c
        Index("outbox_unpublished", outbox.id, postgresql_where=outbox.topic_id.is_(None))
        Index("outbox_acknowledged", outbox.topic, outbox.partition, outbox.offset)
        self.inbox = Table(
            "inbox",
            metadata,
            Column("event_id", UUID(as_uuid=False), primary_key=True),
            Column("handled_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        )
        self.sequences = Table(
            "sequences",
            metadata,
            Column("topic", Text, primary_key=True),
            Column("subject", Text, primary_key=True),
            Column("sequence", BigInteger, nullable=False),
            Column("handled_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        )
        self.positions = Table(
            "positions",
            metadata,
            Column("consumer_group", Text, primary_key=True),
            Column("topic", Text, primary_key=True),
            Column("partition", Integer, primary_key=True),
            Column("topic_id", UUID(as_uuid=False), nullable=False),
            Column("next_offset", BigInteger, nullable=False),
        )
        self.relay_lease = Table(
            "relay_lease",
            metadata,
            Column("id", SmallInteger, primary_key=True, autoincrement=False),
            Column("owner", UUID(as_uuid=False), nullable=False),
            Column("until", DateTime(timezone=True), nullable=False),
        )
