"""The access record tells one volunteer's opening from another's."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; openings that are on the record stay as they are."""
    op.add_column("access_record", sa.Column("match", sa.Text))
