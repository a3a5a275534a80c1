"""The tables of the matcher. Rows hold refs, states, counters and sealed values; times are kept to the hour.

Exact are only due times: `expires_at`, `next_try_at`, `paused_until` and the rows of `due_rows`.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Sequence,
    Table,
    Text,
)

from shared.duerows import DueRows
from shared.messaging.tables import MessagingTables

MIGRATIONS = "services.matcher.storage:migrations"
"""Alembic's script_location of the matcher's database."""

metadata = MetaData()
messaging = MessagingTables(metadata)
due_rows = DueRows(metadata)


def _time(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


requests = Table(
    "requests",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("profile", Text),
    # The version of the person's side that was judged last.
    Column("sequence", BigInteger, nullable=False),
    # The version of the events that the matcher announces about this request.
    Column("version", BigInteger, nullable=False, server_default="0"),
    _time("waiting_since"),
    Column("tries", Integer, nullable=False, server_default="0"),
    # What was announced last, so that a try that finds the same again says nothing.
    Column("why", Text),
    Column("late", Text, nullable=False, server_default="no"),
    _time("next_try_at"),
)

pool_version = Sequence("pool_version", metadata=metadata)

pool = Table(
    "pool",
    metadata,
    Column("ref", Text, primary_key=True),
    # Raised by every change: a claim holds only on the version that was scored.
    Column("row_version", BigInteger, pool_version, server_default=pool_version.next_value(), nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("trained_until", Date),
    _time("paused_until"),
    # A decline pauses at once; the volunteer's version that says so too may come later (see handlers.volunteers).
    Column("pause_sequence", BigInteger, nullable=False, server_default="0"),
    # After an offer that was ignored a volunteer is left alone for a while.
    _time("cool_until"),
    Column("profile", Text),
    # Reachable means: no permanent failure since the version in which the sealed address last changed.
    Column("notify_digest", Text),
    Column("notify_since", BigInteger, nullable=False, server_default="0"),
    Column("failed_at", BigInteger, nullable=False, server_default="-1"),
    Column("open_offers", Integer, nullable=False, server_default="0"),
    Column("live_matches", Integer, nullable=False, server_default="0"),
    Column("month", Date),
    Column("new_in_month", Integer, nullable=False, server_default="0"),
    CheckConstraint("open_offers >= 0 AND live_matches >= 0", name="pool_counts"),
    Index("pool_row_version", "row_version"),
)

offers = Table(
    "offers",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("wave", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    _time("made_at", nullable=False),
    _time("expires_at", nullable=False),
    _time("nudged_at"),
    _time("closed_at"),
)
# Nobody is asked twice for one request; an offer that could not be delivered asked nobody.
Index(
    "offers_asked_once",
    offers.c.request,
    offers.c.volunteer,
    unique=True,
    postgresql_where=offers.c.state != "undeliverable",
)
Index("offers_of_volunteer", offers.c.volunteer, postgresql_where=offers.c.state == "made")

matches = Table(
    "matches",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("offer", Text, nullable=False, unique=True),
    Column("request", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    # The version of the request that this match was judged by.
    Column("request_sequence", BigInteger, nullable=False),
    _time("matched_at", nullable=False),
    _time("introduced_at"),
    # Since then the person has been asked for the yes that the volunteer waits for.
    _time("nudged_at"),
    _time("sign_at"),
    # How often both were asked how it goes, and how often for a sign of life.
    Column("check_ins", Integer, nullable=False, server_default="0"),
    Column("sign_asks", Integer, nullable=False, server_default="0"),
    _time("ended_at"),
    Column("ended_by", Text),
    Column("follows", Text),
)
Index("matches_live_request", matches.c.request, unique=True, postgresql_where=matches.c.state == "live")
Index("matches_live_volunteer", matches.c.volunteer, postgresql_where=matches.c.state == "live")
