"""The pool, requests, offers and matches, and the tables of the event flow."""

from alembic import op

from shared.messaging.migration import create_due_rows, create_flow_tables

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE requests (
        ref text PRIMARY KEY,
        state text NOT NULL,
        round integer NOT NULL,
        profile text,
        sequence bigint NOT NULL,
        version bigint NOT NULL DEFAULT 0,
        waiting_since timestamptz,
        tries integer NOT NULL DEFAULT 0,
        why text,
        late text NOT NULL DEFAULT 'no',
        next_try_at timestamptz
    )
    """,
    "CREATE SEQUENCE pool_version",
    """
    CREATE TABLE pool (
        ref text PRIMARY KEY,
        row_version bigint NOT NULL DEFAULT nextval('pool_version'),
        state text NOT NULL,
        sequence bigint NOT NULL,
        trained_until date,
        paused_until timestamptz,
        pause_sequence bigint NOT NULL DEFAULT 0,
        cool_until timestamptz,
        profile text,
        notify_digest text,
        notify_since bigint NOT NULL DEFAULT 0,
        failed_at bigint NOT NULL DEFAULT -1,
        open_offers integer NOT NULL DEFAULT 0,
        live_matches integer NOT NULL DEFAULT 0,
        month date,
        new_in_month integer NOT NULL DEFAULT 0,
        CONSTRAINT pool_counts CHECK (open_offers >= 0 AND live_matches >= 0)
    )
    """,
    "CREATE INDEX pool_row_version ON pool (row_version)",
    """
    CREATE TABLE offers (
        ref text PRIMARY KEY,
        request text NOT NULL,
        round integer NOT NULL,
        volunteer text NOT NULL,
        wave integer NOT NULL,
        state text NOT NULL,
        version bigint NOT NULL,
        made_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        nudged_at timestamptz,
        closed_at timestamptz,
        CONSTRAINT offers_asked_once UNIQUE (request, volunteer)
    )
    """,
    "CREATE INDEX offers_of_volunteer ON offers (volunteer) WHERE state = 'made'",
    """
    CREATE TABLE matches (
        ref text PRIMARY KEY,
        offer text NOT NULL UNIQUE,
        request text NOT NULL,
        round integer NOT NULL,
        volunteer text NOT NULL,
        state text NOT NULL,
        version bigint NOT NULL,
        request_sequence bigint NOT NULL,
        matched_at timestamptz NOT NULL,
        introduced_at timestamptz,
        ended_at timestamptz,
        ended_by text,
        follows text
    )
    """,
    "CREATE UNIQUE INDEX matches_live_request ON matches (request) WHERE state = 'live'",
    "CREATE INDEX matches_live_volunteer ON matches (volunteer) WHERE state = 'live'",
)


def upgrade() -> None:
    create_flow_tables()
    create_due_rows()
    for statement in STATEMENTS:
        op.execute(statement)
