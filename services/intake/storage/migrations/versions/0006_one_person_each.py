"""One volunteer an address among those at work; changes of what they were vetted by wait for a coordinator."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Let who came first hold an address that several at work have; the others wait for the coordinator.

    A version that does not know the column leaves it false for whom it adds, so nothing of it is refused here.
    """
    op.add_column("volunteers", sa.Column("holds_address", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("volunteers", sa.Column("to_vet", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(
        """
        UPDATE volunteers SET holds_address = true WHERE ref IN (
            SELECT DISTINCT ON (notify_hash) ref FROM volunteers
            WHERE state IN ('active', 'paused') AND notify_hash IS NOT NULL
            ORDER BY notify_hash, applied_at, ref
        )
        """
    )
    op.create_index(
        "volunteers_one_an_address",
        "volunteers",
        ["notify_hash"],
        unique=True,
        postgresql_where=sa.text("holds_address"),
    )
