"""What a match needs to be asked about and to end by itself."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE matches ADD COLUMN sign_at timestamptz",
    "ALTER TABLE matches ADD COLUMN check_ins integer NOT NULL DEFAULT 0",
    "ALTER TABLE matches ADD COLUMN sign_asks integer NOT NULL DEFAULT 0",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
