"""The notifier's tables: projections of what others announced, deliveries, and the tables of the event flow.

Nothing here can be read by a person: refs, states, due times, and addresses as the sealed text that intake announced.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, MetaData, Table, Text, UniqueConstraint, func

from services.notifier.domain.facts import Match, Offer, Request, Search, Volunteer
from shared.messaging.tables import MessagingTables
from shared.rows import table_of

metadata = MetaData()
messaging = MessagingTables(metadata)

MIGRATIONS = "services.notifier.storage:migrations"

THIS_HOUR = func.date_trunc("hour", func.clock_timestamp())
"""Times in rows about people are kept to the hour, except due times."""


def _projection(name: str, kind: type[Any]) -> Table:
    """Return the table that keeps facts of `kind`, their versions, and when they last changed."""
    changed_at = Column("changed_at", DateTime(timezone=True), nullable=False, server_default=THIS_HOUR)
    return table_of(kind, name, metadata, Column("sequence", BigInteger, nullable=False), changed_at)


requests = _projection("requests", Request)
volunteers = _projection("volunteers", Volunteer)
offers = _projection("offers", Offer)
matches = _projection("matches", Match)
searches = _projection("searches", Search)

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
    # While they differ, some try was accepted or may have been.
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
