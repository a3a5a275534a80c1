"""The tables of the event flow that every service has in its own database."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

MOMENT, NOW = sa.DateTime(timezone=True), sa.func.clock_timestamp()


class MessagingTables:
    """Defines outbox, inbox, sequences, positions and the relay's lease in a service's metadata."""

    def __init__(self, metadata: sa.MetaData) -> None:
        self.outbox = sa.Table(
            "outbox",
            metadata,
            sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
            sa.Column("event_id", UUID(as_uuid=False), nullable=False, unique=True),
            sa.Column("topic", sa.Text, nullable=False),
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("subject", sa.Text, nullable=False),
            sa.Column("sequence", sa.BigInteger, nullable=False),
            sa.Column("key", sa.Text, nullable=False),
            sa.Column("data", sa.Text, nullable=False),
            sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
            # The acknowledgement: which incarnation of the topic took the row, and where. All null: not published.
            sa.Column("topic_id", UUID(as_uuid=False)),
            sa.Column("partition", sa.Integer),
            sa.Column("offset", sa.BigInteger),
        )
        outbox = self.outbox.c
        sa.Index("outbox_unpublished", outbox.id, postgresql_where=outbox.topic_id.is_(None))
        sa.Index("outbox_acknowledged", outbox.topic, outbox.partition, outbox.offset)
        self.inbox = sa.Table(
            "inbox",
            metadata,
            sa.Column("event_id", UUID(as_uuid=False), primary_key=True),
            sa.Column("handled_at", MOMENT, nullable=False, server_default=NOW),
        )
        self.sequences = sa.Table(
            "sequences",
            metadata,
            sa.Column("topic", sa.Text, primary_key=True),
            sa.Column("subject", sa.Text, primary_key=True),
            sa.Column("sequence", sa.BigInteger, nullable=False),
            sa.Column("handled_at", MOMENT, nullable=False, server_default=NOW),
        )
        self.positions = sa.Table(
            "positions",
            metadata,
            sa.Column("consumer_group", sa.Text, primary_key=True),
            sa.Column("topic", sa.Text, primary_key=True),
            sa.Column("partition", sa.Integer, primary_key=True),
            sa.Column("topic_id", UUID(as_uuid=False), nullable=False),
            sa.Column("next_offset", sa.BigInteger, nullable=False),
        )
        self.relay_lease = sa.Table(
            "relay_lease",
            metadata,
            sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
            sa.Column("owner", UUID(as_uuid=False), nullable=False),
            sa.Column("until", MOMENT, nullable=False),
        )
