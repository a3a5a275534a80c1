"""Why a delivery was not taken, and since when an address has refused all it was sent."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    "ALTER TABLE deliveries ADD COLUMN code text NOT NULL DEFAULT ''",
    "ALTER TABLE volunteers ADD COLUMN refused_since timestamptz, ADD COLUMN refused_digest text",
)


def upgrade() -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        op.execute(statement)
