"""The notifier's tables: projections of what others announced, deliveries, and the tables of the event flow.

Nothing here can be read by a person: refs, states, due times, and addresses as the sealed text that intake announced.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Index, MetaData, Table, UniqueConstraint, func

from services.notifier.domain.facts import Match, Offer, Request, Search, Volunteer
from services.notifier.domain.notices import Notice
from shared.messaging.tables import MessagingTables
from shared.refs import Version
from shared.rows import Rows, table_of

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

REQUESTS, VOLUNTEERS, OFFERS = Rows(requests, Request), Rows(volunteers, Volunteer), Rows(offers, Offer)
MATCHES, SEARCHES = Rows(matches, Match), Rows(searches, Search)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One notice to one reader.

    `volunteer_sequence` is the volunteer's version whose address was used last. `attempts` counts tries begun,
    `refused` those that are known to have left nothing at the other side; while they differ, some try was accepted or
    may have been. `code` says why the last try did not succeed, `tried_at` when it began. `desk` tells which of the
    coordinator's addresses is told; a notice to it that goes out with another one is `gathered_into` that.
    """

    ref: str
    sequence: Version = Version(0)
    notice: Notice
    about: str
    request: str | None
    offer: str | None
    match: str | None
    volunteer: str | None
    report: str | None
    volunteer_sequence: Version | None
    state: str = "pending"
    attempts: int = 0
    refused: int = 0
    code: str = ""
    desk: str = ""
    gathered_into: str | None = None
    tried_at: datetime | None = None
    due_at: datetime
    give_up_at: datetime
    lease_owner: str | None
    lease_until: datetime | None


deliveries = table_of(
    Delivery, "deliveries", metadata, UniqueConstraint("notice", "about", "desk", name="deliveries_notice_about")
)
Index("deliveries_due", deliveries.c.due_at, postgresql_where=deliveries.c.state == "pending")
Index("deliveries_gathered_into", deliveries.c.gathered_into, postgresql_where=deliveries.c.state == "gathered")
Index("deliveries_desk", deliveries.c.desk, deliveries.c.notice, postgresql_where=deliveries.c.desk != "")
for _subject in ("request", "offer", "match", "volunteer"):
    Index(f"deliveries_pending_{_subject}", deliveries.c[_subject], postgresql_where=deliveries.c.state == "pending")
