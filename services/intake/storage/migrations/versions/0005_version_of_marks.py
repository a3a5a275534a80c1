"""A row says by which version of the rules its marks were made."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns, empty: everybody is marked anew by the first worker that knows of versions."""
    op.add_column("requests", sa.Column("marked", sa.Text))
    op.add_column("volunteers", sa.Column("marked", sa.Text))
