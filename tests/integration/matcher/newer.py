"""Run as a matcher of a newer version, with the words of VOCABULARY_FILE: handles what is due, and ends.

Arguments: the URLs of the matcher's database and of the vault, the folder of keyrings, and a request that is due.
"""

import sys
from pathlib import Path

from services.matcher.handlers import kinds
from services.matcher.handlers.context import Context
from services.matcher.handlers.due import due_handlers
from services.matcher.storage.pool_in_memory import Pool
from services.matcher.storage.tables import due_rows
from shared.database import Database
from shared.duerows import DueLoop
from shared.vault.keyrings import Keyrings
from shared.vault.purposes import MATCHER
from shared.vault.vault import Vault

if __name__ == "__main__":
    url, vault_url, folder, request = sys.argv[1:]
    database = Database(url, name="newer", pool_size=2)
    vault = Vault(Database(vault_url, name="newer-vault", pool_size=1), Keyrings(Path(folder)), MATCHER)
    with database.transaction() as tx:
        due_rows.schedule_now(tx, kinds.READ_AGAIN, request, request)
    DueLoop(database, due_rows, due_handlers(Context(vault, Pool(vault)))).step()
