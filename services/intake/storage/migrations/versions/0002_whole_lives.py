"""Relay, signs of life, home links and PINs, reports, and whether requests are taken."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Add what whole lives need; rows that are here stay valid."""
    for column in (_moment("sign_at"), sa.Column("sign_by", sa.Text), _moment("ends_at")):
        op.add_column("requests", column)
    op.create_index("requests_asked_at", "requests", ["asked_at"])
    op.add_column("volunteers", sa.Column("generation", sa.Integer, nullable=False, server_default="0"))
    op.add_column("volunteers", sa.Column("notify_hash", sa.Text))
    op.add_column("volunteers", sa.Column("pin_hash", sa.Text))
    op.add_column("volunteers", sa.Column("pin_failures", sa.Integer, nullable=False, server_default="0"))
    op.add_column("volunteers", _moment("pin_blocked_until"))
    op.create_index("volunteers_notify_hash", "volunteers", ["notify_hash"])
    for asked in ("check_ins", "sign_asks"):
        op.add_column("matches", sa.Column(asked, sa.Integer, nullable=False, server_default="0"))
    op.drop_constraint("replies_offer_key", "replies")
    op.create_unique_constraint("replies_offer_answer", "replies", ["offer", "answer"])
    op.create_table(
        "messages",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("match", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        _moment("at", nullable=False),
    )
    op.create_index("messages_match", "messages", ["match"])
    op.create_table(
        "reports",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("by", sa.Text),
        sa.Column("request", sa.Text),
        sa.Column("volunteer", sa.Text),
        sa.Column("sealed", sa.Text),
        sa.Column("closed", sa.Boolean, nullable=False),
        _moment("at", nullable=False),
    )
    op.create_index(
        "reports_one_flood_an_hour", "reports", ["at"], unique=True, postgresql_where=sa.text("kind = 'flood'")
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("open", sa.Boolean, nullable=False),
        _moment("until"),
        sa.Column("register", sa.Text),
    )
    op.create_table("link_asks", sa.Column("ref", sa.Text, primary_key=True))
    op.execute("INSERT INTO programme (id, open) VALUES (1, true)")
    _let_the_access_record_go_with_its_subject()


def _let_the_access_record_go_with_its_subject() -> None:
    """Rows are still only added while the person or volunteer they are about has a row here."""
    op.execute("DROP TRIGGER access_record_is_append_only ON access_record")
    op.execute(
        """
        CREATE OR REPLACE FUNCTION access_record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM requests WHERE ref = OLD.subject)
                                AND NOT EXISTS (SELECT FROM volunteers WHERE ref = OLD.subject) THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'the access record is append-only';
        END $$
        """
    )
    for name, event, level in (
        ("access_record_is_append_only", "UPDATE OR DELETE", "ROW"),
        ("access_record_is_never_emptied", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON access_record "
            f"FOR EACH {level} EXECUTE FUNCTION access_record_is_append_only()"
        )
