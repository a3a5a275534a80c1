"""The notifier's tables: copies of what others announced, deliveries, and the tables of the event flow.

Nothing here can be read by a person: refs, states, due times, and addresses as the sealed text that intake announced.
"""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, MetaData, Table, Text, UniqueConstraint

from shared.messaging.tables import MessagingTables

metadata = MetaData()
messaging = MessagingTables(metadata)

MIGRATIONS = "services.notifier.storage:migrations"

requests = Table(
    "requests",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("match", Text),
    Column("notify", Text),
)

volunteers = Table(
    "volunteers",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("notify", Text),
)

offers = Table(
    "offers",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("request", Text, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("nudged_at", DateTime(timezone=True)),
)

matches = Table(
    "matches",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("offer", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_by", Text),
)

searches = Table(
    "searches",
    metadata,
    # The request's ref: the search of a request is an aggregate of the matcher with a sequence of its own.
    Column("ref", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("round", Integer, nullable=False),
    Column("state", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False, server_default="0"),
    Column("notice", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("request", Text),
    Column("offer", Text),
    Column("match", Text),
    Column("volunteer", Text),
    # The volunteer's version whose address was used last.
    Column("volunteer_sequence", BigInteger),
    Column("state", Text, nullable=False, server_default="pending"),
    # `attempts` counts tries begun, `refused` those that are known to have left nothing at the other side.
    # While they differ, some message was accepted or may have been.
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("give_up_at", DateTime(timezone=True), nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", DateTime(timezone=True)),
    UniqueConstraint("notice", "about", name="deliveries_notice_about"),
)
Index("deliveries_due", deliveries.c.due_at, postgresql_where=deliveries.c.state == "pending")
for _subject in ("request", "offer", "match", "volunteer"):
    Index(f"deliveries_pending_{_subject}", deliveries.c[_subject], postgresql_where=deliveries.c.state == "pending")
