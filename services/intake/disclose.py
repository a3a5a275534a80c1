"""`alongside disclose <ref>`: prints all that the operator could hand over about one person or volunteer.

At most five fields, none of them sealed. Run it with intake's DATABASE_URL. It opens no vault: what is sealed could not
be handed over by it.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from services.intake.handlers.retention import kept_until
from services.intake.storage.access import Access, Opened, Opener, Reason, record_access
from services.intake.storage.tables import requests, volunteers
from shared.clock import Clock, SystemClock
from shared.database import Database
from shared.settings import database_url, read_settings

ERASED = frozenset({"erased", "removed"})

OF_A_REQUEST = ("ref", "state", "asked_at", "introduced_at")
OF_A_VOLUNTEER = ("ref", "state", "applied_at", "trained_until", "paused_until")
"""The allow-lists: what says something about the person. What else can be read in rows is in docs/privacy.md."""


def run(options: argparse.Namespace) -> int:
    """Print one JSON object; return 0, or 1 where nothing is held about `options.ref`."""
    database = Database(read_settings(database_url), name="disclose", pool_size=1)
    try:
        with database.transaction() as tx:
            held = disclose(tx, SystemClock(), options.ref)
    finally:
        database.dispose()
    sys.stdout.write(f"{json.dumps(held or {}, default=date.isoformat, indent=2)}\n")
    return 0 if held else 1


def disclose(tx: Connection, clock: Clock, ref: str) -> Mapping[str, Any] | None:
    """Return what could be handed over about `ref`, on the record of whom it concerns; None if nothing is held.

    `kept_until` is when the rest of a request goes by itself. An erased request or a removed volunteer gives nothing.
    """
    for table, allowed in ((requests, OF_A_REQUEST), (volunteers, OF_A_VOLUNTEER)):
        columns = [table.c[name] for name in allowed]
        row = tx.execute(select(*columns).where(table.c.ref == ref, table.c.state.not_in(ERASED)).with_for_update())
        found = row.first()
        if found is None:
            continue
        record_access(tx, Access(Opener.OPERATOR, Opened.ROW, Reason.DISCLOSED, clock.now()), ref)
        until = {"kept_until": kept_until(tx, ref)} if table is requests else {}
        return {**found._mapping, **until}
    return None
