"""Databases that are older than the code: what lies in them is taken along, and the code that still runs goes on."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from services.intake.storage.tables import MIGRATIONS
from shared.database import Database
from shared.migrations import upgrade
from tests.support.databases import Databases

VOLUNTEER = text(
    """
    INSERT INTO volunteers (ref, lookup_id, state, sequence, notify_sequence, reachable, notify_hash, applied_at)
    VALUES (:ref, :ref, :state, 1, 1, true, :address, now() - interval '1 day' * :days)
    """
)


def add(tx: Connection, ref: str, state: str, address: str | None, days: int) -> None:
    """Add a volunteer as the version before did, who applied so many days ago."""
    tx.execute(VOLUNTEER, {"ref": ref, "state": state, "address": address, "days": days})


def test_of_the_volunteers_who_share_an_address_already_the_first_at_work_holds_it(databases: Databases) -> None:
    url = databases.empty()
    before = Config()
    before.set_main_option("script_location", MIGRATIONS)
    before.set_main_option("path_separator", "os")
    before.attributes["url"] = url
    command.upgrade(before, "0005")
    database = Database(url, name="test")
    here = [
        *(("second", "active", "shared", 2), ("first", "paused", "shared", 3), ("applied", "applied", "shared", 4)),
        *(("alone", "active", "own", 1), ("left", "removed", None, 9), ("unhashed", "active", None, 9)),
    ]
    with database.transaction() as tx:
        for each in here:
            add(tx, *each)
    upgrade(url, MIGRATIONS)
    with database.transaction() as tx:
        add(tx, "of_the_version_that_still_runs", "active", "shared", 0)
        held = tx.execute(text("SELECT ref FROM volunteers WHERE holds_address ORDER BY ref")).scalars().all()
        assert held == ["alone", "first"]
    database.dispose()
