"""A yes that is waited for is asked about, and an offer that reached nobody may be made again."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "ALTER TABLE matches ADD COLUMN nudged_at timestamptz",
    "ALTER TABLE offers DROP CONSTRAINT offers_asked_once",
    "CREATE UNIQUE INDEX offers_asked_once ON offers (request, volunteer) WHERE state <> 'undeliverable'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
