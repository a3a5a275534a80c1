"""The tables of the event flow, the copies of what others announce, and the deliveries."""

import sqlalchemy as sa
from alembic import op

from shared.messaging.migration import create_flow_tables

revision = "0001"
down_revision = None


def _when(name: str, *, optional: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _text(name: str, *, optional: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=optional)


def _copy(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        *columns,
    )


def upgrade() -> None:
    """Create every table and index."""
    create_flow_tables()
    _copy("requests", _text("state"), _text("match", optional=True), _text("notify", optional=True))
    _copy("volunteers", _text("state"), _text("notify", optional=True))
    _copy(
        "offers",
        _text("request"),
        _text("volunteer"),
        _text("state"),
        _when("expires_at"),
        _when("nudged_at", optional=True),
    )
    _copy(
        "matches",
        _text("offer"),
        _text("request"),
        _text("volunteer"),
        _text("state"),
        _text("ended_by", optional=True),
    )
    _copy("searches", sa.Column("round", sa.Integer, nullable=False), _text("state"))
    _create_deliveries()


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False, server_default="0"),
        _text("notice"),
        _text("about"),
        _text("request", optional=True),
        _text("offer", optional=True),
        _text("match", optional=True),
        _text("volunteer", optional=True),
        sa.Column("volunteer_sequence", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False, server_default="pending"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("refused", sa.Integer, nullable=False, server_default="0"),
        _when("due_at"),
        _when("give_up_at"),
        _text("lease_owner", optional=True),
        _when("lease_until", optional=True),
        sa.UniqueConstraint("notice", "about", name="deliveries_notice_about"),
    )
    pending = sa.text("state = 'pending'")
    op.create_index("deliveries_due", "deliveries", ["due_at"], postgresql_where=pending)
    for subject in ("request", "offer", "match", "volunteer"):
        op.create_index(f"deliveries_pending_{subject}", "deliveries", [subject], postgresql_where=pending)
