"""Intake's tables. Their rows hold sealed values, refs, states, lookup ids and times to the hour; nothing readable.

Exact times are only those that something is due at: the end of an offer or of a pause, the matcher's next try.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from shared.duerows import DueRows
from shared.messaging.tables import MessagingTables

MIGRATIONS = "services.intake.storage:migrations"

metadata = MetaData()
messaging = MessagingTables(metadata)
due_rows = DueRows(metadata)


def _moment(name: str, *, nullable: bool = False) -> Column[datetime | None]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


requests = Table(
    "requests",
    metadata,
    Column("ref", Text, primary_key=True),
    # The hash of the request key: it finds the row and opens nothing. It outlives erasure, so that a repeat is told so.
    Column("lookup_id", Text, nullable=False, unique=True),
    Column("body_digest", Text),
    Column("state", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("match", Text),
    _moment("introduced_at", nullable=True),
    # The last sign of life in the present match, and whose it was.
    _moment("sign_at", nullable=True),
    Column("sign_by", Text),
    # Set once the person is to be told that the request ends by itself then.
    _moment("ends_at", nullable=True),
    Column("why", Text),
    _moment("next_try_at", nullable=True),
    Column("late", Text, nullable=False),
    Column("profile", Text),
    Column("notify", Text),
    Column("private", Text),
    Column("card", Text),
    _moment("asked_at"),
)
Index("requests_state", requests.c.state)
Index("requests_asked_at", requests.c.asked_at)

volunteers = Table(
    "volunteers",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("lookup_id", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("trained_until", Date),
    _moment("paused_until", nullable=True),
    Column("sequence", BigInteger, nullable=False),
    # The version in which the address last changed: an older address's failed notice says nothing about this one.
    Column("notify_sequence", BigInteger, nullable=False),
    Column("reachable", Boolean, nullable=False),
    # How many home links were asked for; a link counts only while its generation is the newest.
    Column("generation", Integer, nullable=False, server_default="0"),
    # A keyed hash of the address, by which a lost home link is asked for.
    Column("notify_hash", Text),
    # A slow keyed hash, and how often in a row another PIN was tried.
    Column("pin_hash", Text),
    Column("pin_failures", Integer, nullable=False, server_default="0"),
    _moment("pin_blocked_until", nullable=True),
    Column("profile", Text),
    Column("notify", Text),
    Column("private", Text),
    _moment("applied_at"),
)
Index("volunteers_state", volunteers.c.state)
Index("volunteers_notify_hash", volunteers.c.notify_hash)

offers = Table(
    "offers",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("volunteer", Text, nullable=False),
    Column("state", Text, nullable=False),
    _moment("made_at"),
    _moment("expires_at"),
    _moment("closed_at", nullable=True),
)
Index("offers_request", offers.c.request)
Index("offers_volunteer", offers.c.volunteer)

matches = Table(
    "matches",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("offer", Text, nullable=False, unique=True),
    Column("request", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("volunteer", Text, nullable=False),
    # The version of the request by which the matcher judged it.
    Column("request_sequence", BigInteger, nullable=False),
    Column("live", Boolean, nullable=False),
    _moment("matched_at"),
    _moment("introduced_at", nullable=True),
    # How often the house has asked both how it goes, and for a sign of life.
    Column("check_ins", Integer, nullable=False, server_default="0"),
    Column("sign_asks", Integer, nullable=False, server_default="0"),
    Column("ended_by", Text),
)
Index("matches_request", matches.c.request)
Index("matches_volunteer", matches.c.volunteer)

replies = Table(
    "replies",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("offer", Text, nullable=False),
    Column("answer", Text, nullable=False),
    _moment("answered_at"),
    # An answer to the offer, or that its match is handed back: the first one of each counts.
    UniqueConstraint("offer", "answer", name="replies_offer_answer"),
)

messages = Table(
    "messages",
    metadata,
    Column("ref", Text, primary_key=True),
    # Counts upwards, so that texts of the same hour keep their order.
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("request", Text, nullable=False),
    Column("match", Text, nullable=False),
    Column("by", Text, nullable=False),
    # match.private; every text of a match lies under one key.
    Column("sealed", Text, nullable=False),
    _moment("at"),
)
Index("messages_match", messages.c.match)

reports = Table(
    "reports",
    metadata,
    # What somebody reported about safety, or an alarm of the house (kind flood), which says nothing more.
    Column("ref", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("by", Text),
    Column("request", Text),
    Column("volunteer", Text),
    # person.private or volunteer.private, by who wrote it; the subject is the report.
    Column("sealed", Text),
    Column("closed", Boolean, nullable=False),
    _moment("at"),
)
Index("reports_one_flood_an_hour", reports.c.at, unique=True, postgresql_where=reports.c.kind == "flood")

programme = Table(
    "programme",
    metadata,
    # One row: whether requests are taken, and if not, until when.
    Column("id", Integer, primary_key=True),
    Column("open", Boolean, nullable=False),
    _moment("until", nullable=True),
    # The fingerprint of the operator's register by which places were hashed last.
    Column("register", Text),
)

link_asks = Table(
    "link_asks",
    metadata,
    # Keyed hashes of the addresses for which a home link was asked for lately, whether anybody has them or not.
    Column("ref", Text, primary_key=True),
)

reason_counts = Table(
    "reason_counts",
    metadata,
    # Reasons for declining and closing are counted and tied to nobody.
    Column("kind", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

access_record = Table(
    "access_record",
    metadata,
    # Who opened what of whom, and why; append-only, which a trigger holds.
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
    # In which match a volunteer opened it, so that a second one within the hour is not taken for the first.
    Column("match", Text),
    _moment("at"),
)
Index("access_record_subject", access_record.c.subject)

erasures = Table(
    "erasures",
    metadata,
    # What is left of an erased subject: the ids of the keys that were destroyed, for the receipt. They open nothing.
    Column("ref", Text, primary_key=True),
    Column("key_ids", ARRAY(UUID(as_uuid=False)), nullable=False),
    _moment("at"),
)
