"""The tables of event flow and due rows, as a service's first migration creates them. Migrations only go forward."""

from alembic import op

FLOW = (
    """
    CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL UNIQUE,
        topic text NOT NULL,
        name text NOT NULL,
        subject text NOT NULL,
        sequence bigint NOT NULL,
        key text NOT NULL,
        data text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        topic_id uuid,
        partition integer,
        "offset" bigint
    )
    """,
    "CREATE INDEX outbox_unpublished ON outbox (id) WHERE topic_id IS NULL",
    'CREATE INDEX outbox_acknowledged ON outbox (topic, partition, "offset")',
    """
    CREATE TABLE inbox (
        event_id uuid PRIMARY KEY,
        handled_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
    """
    CREATE TABLE sequences (
        topic text NOT NULL,
        subject text NOT NULL,
        sequence bigint NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (topic, subject)
    )
    """,
    """
    CREATE TABLE positions (
        consumer_group text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        topic_id uuid NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (consumer_group, topic, partition)
    )
    """,
    "CREATE TABLE relay_lease (id smallint PRIMARY KEY, owner uuid NOT NULL, until timestamptz NOT NULL)",
)

DUE_ROWS = (
    """
    CREATE TABLE due_rows (
        kind text NOT NULL,
        item text NOT NULL,
        subject text NOT NULL,
        due_at timestamptz NOT NULL,
        failures integer NOT NULL DEFAULT 0,
        PRIMARY KEY (kind, item)
    )
    """,
    "CREATE INDEX due_rows_due_at ON due_rows (due_at)",
    "CREATE INDEX due_rows_subject ON due_rows (subject)",
)


def create_flow_tables() -> None:
    for statement in FLOW:
        op.execute(statement)


def create_due_rows() -> None:
    for statement in DUE_ROWS:
        op.execute(statement)
