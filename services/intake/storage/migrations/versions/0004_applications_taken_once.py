"""An application that is sent twice is told from another one, as a request is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; applications that are here have no Idempotency-Key that could come again."""
    op.add_column("volunteers", sa.Column("body_digest", sa.Text))
