"""Which wait a search is about, when the person was asked for their yes, and the last sign of life of a match."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "ALTER TABLE requests ADD COLUMN sign_at timestamptz",
    "ALTER TABLE searches ADD COLUMN waiting_since timestamptz",
    "ALTER TABLE matches ADD COLUMN nudged_at timestamptz",
)


def upgrade() -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        op.execute(statement)
