"""`alongside disclose <ref>`: prints all that the operator could hand over about one person or volunteer.

Run it with intake's DATABASE_URL. It opens no vault: what is sealed could not be handed over by it.
"""

import argparse
import json
import sys
from datetime import date

from services.intake.handlers.disclosing import disclose
from shared.clock import SystemClock
from shared.database import Database
from shared.settings import database_url, read_settings


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
