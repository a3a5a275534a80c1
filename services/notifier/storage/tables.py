"""The notifier's tables: projections of what others announced, deliveries, and the tables of the event flow.

Nothing here can be read by a person: refs, states, due times, and addresses as the sealed text that intake announced.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, MetaData, Table, Text, UniqueConstraint, func

from shared.messaging.tables import MessagingTables

metadata = MetaData()
messaging = MessagingTables(metadata)

MIGRATIONS = "services.notifier.storage:migrations"

THIS_HOUR = func.date_trunc("hour", func.clock_timestamp())
"""Times in rows about people are kept to the hour, except due times."""


def _projection(name: str, *columns: Column[Any]) -> Table:
    """Return the table of another service's aggregate; what is over goes some time after it last changed."""
    return Table(
        name,
        metadata,
        Column("ref", Text, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
        *columns,
        Column("changed_at", DateTime(timezone=True), nullable=False, server_default=THIS_HOUR),
    )


requests = _projection(
    "requests",
    Column("state", Text, nullable=False),
    Column("match", Text),
    Column("ends_at", DateTime(timezone=True)),
    Column("sign_at", DateTime(timezone=True)),
    Column("notify", Text),
)

volunteers = _projection(
    "volunteers",
    Column("state", Text, nullable=False),
    Column("generation", Integer, nullable=False, server_default="0"),
    # The last version that was no application: whatever comes after it is the next one.
    Column("vetted", BigInteger, nullable=False, server_default="0"),
    Column("notify", Text),
)

offers = _projection(
    "offers",
    Column("request", Text, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("nudged_at", DateTime(timezone=True)),
)

matches = _projection(
    "matches",
    Column("offer", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("nudged_at", DateTime(timezone=True)),
    Column("check_ins", Integer, nullable=False, server_default="0"),
    Column("sign_asks", Integer, nullable=False, server_default="0"),
    Column("ended_by", Text),
)

# The ref is the request's: the search of a request is an aggregate of the matcher with a sequence of its own.
searches = _projection(
    "searches",
    Column("round", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("waiting_since", DateTime(timezone=True)),
    Column("late", Text, nullable=False, server_default="no"),
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
    Column("report", Text),
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
