"""Which of the coordinator's addresses a notice goes to, and with which other one it goes out."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    "ALTER TABLE deliveries ADD COLUMN desk text NOT NULL DEFAULT '', ADD COLUMN gathered_into text,"
    " ADD COLUMN tried_at timestamptz",
    # Under its old name, so that the code that still runs finds it.
    "ALTER TABLE deliveries DROP CONSTRAINT deliveries_notice_about,"
    " ADD CONSTRAINT deliveries_notice_about UNIQUE (notice, about, desk)",
    "CREATE INDEX deliveries_gathered_into ON deliveries (gathered_into) WHERE state = 'gathered'",
    "CREATE INDEX deliveries_desk ON deliveries (desk, notice) WHERE desk <> ''",
)


def upgrade() -> None:
    """Add the columns, and let a notice be made once for each address."""
    for statement in STATEMENTS:
        op.execute(statement)
