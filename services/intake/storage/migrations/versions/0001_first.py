"""The first tables: requests, volunteers, copies of what the matcher decided, replies, and the record of access."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from shared.messaging.migration import create_due_rows, create_flow_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table of intake."""
    _people()
    _copies()
    _answers_and_records()
    create_flow_tables()
    create_due_rows()
    _append_only()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime | None]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _people() -> None:
    op.create_table(
        "requests",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("lookup_id", sa.Text, nullable=False, unique=True),
        sa.Column("body_digest", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("match", sa.Text),
        _moment("introduced_at", nullable=True),
        sa.Column("why", sa.Text),
        _moment("next_try_at", nullable=True),
        sa.Column("late", sa.Text, nullable=False),
        *(sa.Column(sealed, sa.Text) for sealed in ("profile", "notify", "private", "card")),
        _moment("asked_at"),
    )
    op.create_index("requests_state", "requests", ["state"])
    op.create_table(
        "volunteers",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("lookup_id", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("trained_until", sa.Date),
        _moment("paused_until", nullable=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("notify_sequence", sa.BigInteger, nullable=False),
        sa.Column("reachable", sa.Boolean, nullable=False),
        *(sa.Column(sealed, sa.Text) for sealed in ("profile", "notify", "private")),
        _moment("applied_at"),
    )
    op.create_index("volunteers_state", "volunteers", ["state"])


def _copies() -> None:
    op.create_table(
        "offers",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("volunteer", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("closed_at", nullable=True),
    )
    op.create_table(
        "matches",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("offer", sa.Text, nullable=False, unique=True),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("volunteer", sa.Text, nullable=False),
        sa.Column("request_sequence", sa.BigInteger, nullable=False),
        sa.Column("live", sa.Boolean, nullable=False),
        _moment("matched_at"),
        _moment("introduced_at", nullable=True),
        sa.Column("ended_by", sa.Text),
    )
    for table in ("offers", "matches"):
        for column in ("request", "volunteer"):
            op.create_index(f"{table}_{column}", table, [column])


def _answers_and_records() -> None:
    op.create_table(
        "replies",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("offer", sa.Text, nullable=False, unique=True),
        sa.Column("answer", sa.Text, nullable=False),
        _moment("answered_at"),
    )
    op.create_table(
        "reason_counts",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "access_record",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("subject", "opened_by", "what", "why")),
        _moment("at"),
    )
    op.create_index("access_record_subject", "access_record", ["subject"])
    op.create_table(
        "erasures",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("key_ids", ARRAY(UUID(as_uuid=False)), nullable=False),
        _moment("at"),
    )


def _append_only() -> None:
    op.execute(
        """
        CREATE FUNCTION access_record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the access record is append-only';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER access_record_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_record
        FOR EACH STATEMENT EXECUTE FUNCTION access_record_is_append_only()
        """
    )
