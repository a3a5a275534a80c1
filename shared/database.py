"""One service's own database: transactions with a bound, what counts as "not now", and LISTEN."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.observability.logging import error_fields, logger

TRANSACTION_AT_MOST = timedelta(seconds=5)
"""A transaction older than this is ended by the server: the fence against a stopped replica (R8)."""

LOCK_TIMEOUT_MS = 2_000

TRANSIENT_CLASSES = ("08", "40", "53", "57", "58")
TRANSIENT_STATES = ("55P03", "25P04")
"""SQLSTATEs by which PostgreSQL says "not now"; they are never the fault of what is being handled (R5)."""


class Database:
    """A pool of connections to one database. Every session carries both timeouts of R8."""

    def __init__(self, url: str, *, name: str, pool_size: int = 5) -> None:
        """Connect lazily to `url` (postgresql+psycopg://...); `name` shows in pg_stat_activity."""
        self.url = url
        self.engine: Engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=3,
            pool_pre_ping=True,
            # Parameters may be sealed or derived from what a person said, so no error message repeats them.
            hide_parameters=True,
            connect_args={
                "application_name": name,
                "connect_timeout": 3,
                "options": f"-c transaction_timeout={TRANSACTION_AT_MOST // timedelta(milliseconds=1)}"
                f" -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC",
            },
        )

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give one transaction: committed when the block ends well, rolled back when it raises."""
        with self.engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give one transaction that only reads: all its statements see the database as it was at the first."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    def dispose(self) -> None:
        self.engine.dispose()


def database_now(tx: Connection) -> datetime:
    """Return the time by the database's clock, the only one that judges deadlines (R7)."""
    now: datetime = tx.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now


def notify(tx: Connection, channel: str, payload: str = "") -> None:
    """Wake those who listen on `channel` once `tx` is committed. A waker only: polling is the truth."""
    tx.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload})


def is_transient(error: BaseException) -> bool:
    """Tell whether `error` is PostgreSQL out of reach or saying "not now" (R5)."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        error = error.orig or error
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate[:2] in TRANSIENT_CLASSES or error.sqlstate in TRANSIENT_STATES


def is_contention(error: BaseException) -> bool:
    """Tell whether `error` is another transaction in the way: a deadlock, a serialization failure, a lock timeout."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None) or ""
    return state.startswith("40") or state == "55P03"


def listen(
    url: str,
    channels: Sequence[str],
    *,
    stop: threading.Event,
    wake: Callable[[str, str], None],
    reconnected: Callable[[], None] = lambda: None,
) -> None:
    """Call `wake(channel, payload)` for each NOTIFY on `channels` until `stop` is set.

    `url` is the SQLAlchemy URL of the database. `reconnected()` is called after each (re)connection, because what was
    notified while nobody listened is lost and has to be looked up. Connection failures are retried every second.
    """
    conninfo = url.replace("postgresql+psycopg://", "postgresql://", 1)
    while not stop.is_set():
        try:
            with psycopg.connect(conninfo, autocommit=True, connect_timeout=3) as connection:
                for channel in channels:
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                reconnected()
                while not stop.is_set():
                    for notice in connection.notifies(timeout=0.5):
                        wake(notice.channel, notice.payload)
        except psycopg.Error as error:
            logger().warning("listener_reconnects", **error_fields(error))
            stop.wait(1.0)
