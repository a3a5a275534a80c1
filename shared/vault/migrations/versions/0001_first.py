"""The table of keys, and one view for each service that may only read its own purposes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

VIEWS = {
    "matcher": ("keys_for_matcher", "'person.profile', 'volunteer.profile'"),
    "notifier": ("keys_for_notifier", "'person.notify', 'volunteer.notify'"),
}
"""For each role: its view and the purposes in it, as SQL literals."""


def upgrade() -> None:
    """Create the table and the views, and grant each view to its role where that role exists."""
    op.create_table(
        "keys",
        sa.Column("key_id", sa.Uuid, primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("destroyed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="keys_open_or_destroyed"),
    )
    for role, (view, purposes) in VIEWS.items():
        # A security barrier keeps a reader's own functions from being shown rows that the view leaves out.
        op.execute(
            f"CREATE VIEW {view} WITH (security_barrier = true) AS"  # noqa: S608 - constants of this file
            f" SELECT key_id, purpose, wrapped, destroyed_at FROM keys WHERE purpose IN ({purposes})"
        )
        op.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
            f" THEN GRANT SELECT ON {view} TO {role}; END IF; END $$"
        )
