"""A volunteer says whether a coordinator is to look at what they changed."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; nothing is to be looked at of those who are here, until they are announced again."""
    op.execute("ALTER TABLE volunteers ADD COLUMN to_vet boolean NOT NULL DEFAULT false")
