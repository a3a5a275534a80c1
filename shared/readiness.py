"""What /readyz of a worker asks: can this process do its work?"""

from sqlalchemy.exc import SQLAlchemyError

from shared.database import Database
from shared.messaging.consumer import Consumer
from shared.migrations import at_head
from shared.observability.health import Check


def worker_is_ready(database: Database, migrations: str, consumer: Consumer) -> Check:
    """Return a check that says "fuse", "database" or "migrations" when one of them stands in the way.

    `migrations` is Alembic's script_location of the service's database.
    """

    def check() -> str | None:
        if consumer.fuse_blown:
            return "fuse"
        try:
            return None if at_head(database.engine, migrations) else "migrations"
        except SQLAlchemyError:
            return "database"

    return check
