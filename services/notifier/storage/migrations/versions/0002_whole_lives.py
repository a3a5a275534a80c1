"""Home links, check-ins, requests that end soon, reports, and when each copy last changed."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE requests ADD COLUMN ends_at timestamptz",
    "ALTER TABLE volunteers ADD COLUMN generation integer NOT NULL DEFAULT 0",
    "ALTER TABLE volunteers ADD COLUMN vetted bigint NOT NULL DEFAULT 0",
    "ALTER TABLE matches ADD COLUMN check_ins integer NOT NULL DEFAULT 0",
    "ALTER TABLE matches ADD COLUMN sign_asks integer NOT NULL DEFAULT 0",
    "ALTER TABLE searches ADD COLUMN late text NOT NULL DEFAULT 'no'",
    "ALTER TABLE deliveries ADD COLUMN report text",
    *(
        f"ALTER TABLE {copy} ADD COLUMN changed_at timestamptz NOT NULL DEFAULT date_trunc('hour', clock_timestamp())"
        for copy in ("requests", "volunteers", "offers", "matches", "searches")
    ),
)


def upgrade() -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        op.execute(statement)
