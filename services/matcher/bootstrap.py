"""The one place where the matcher's parts are put together."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from services.matcher.domain import ranking
from services.matcher.handlers.context import Context
from services.matcher.handlers.due import due_handlers
from services.matcher.handlers.replies import on_reply
from services.matcher.handlers.requests import on_request
from services.matcher.handlers.volunteers import on_delivery, on_volunteer
from services.matcher.storage import pool as pool_rows
from services.matcher.storage.pool_in_memory import Pool
from services.matcher.storage.tables import MIGRATIONS, due_rows, messaging
from shared import duerows
from shared.database import Database, listen
from shared.duerows import DueLoop
from shared.messaging.loops import event_worker
from shared.runtime import Loop, Worker
from shared.settings import CommonSettings
from shared.vault.keyrings import Keyrings
from shared.vault.keystore import KEYS_DESTROYED
from shared.vault.purposes import MATCHER
from shared.vault.vault import Vault
from shared.vocabulary import vocabulary

SERVICE = "matcher"
"""The service's name: its consumer group, the source of its events, and what its database sessions are called."""


@dataclass(frozen=True)
class Matcher:
    """One matcher process, ready to run."""

    worker: Worker
    database: Database
    vault: Database
    pool: Pool

    def watch(self) -> None:
        """Follow what other replicas and intake notify, each on a thread that ends with the worker."""
        changes = (self.database.url, pool_rows.CHANNEL, self.pool.changed, self.pool.suspect_all)
        erasures = (self.vault.url, KEYS_DESTROYED, self.pool.forget_key, self.pool.forget_destroyed)
        for url, channel, wake, reconnected in (changes, erasures):
            threading.Thread(
                target=listen,
                args=(url, [channel]),
                kwargs={"stop": self.worker.stopping, "wake": _told(wake), "reconnected": reconnected},
                name=f"listen-{channel}",
                daemon=True,
            ).start()

    def close(self) -> None:
        self.database.dispose()
        self.vault.dispose()


def _told(wake: Callable[[str], None]) -> Callable[[str, str], None]:
    return lambda _channel, payload: wake(payload)


def build(settings: CommonSettings) -> Matcher:
    ranking.check(vocabulary())
    database = Database(settings.database_url, name=SERVICE)
    vault_database = Database(settings.vault_url, name=SERVICE, pool_size=3)
    vault = Vault(vault_database, Keyrings(settings.keyring_dir), MATCHER)
    pool = Pool(vault)
    context = Context(vault, pool)
    handlers = {
        "requests": partial(on_request, context),
        "volunteers": partial(on_volunteer, context),
        "replies": partial(on_reply, context),
        "deliveries": partial(on_delivery, context),
    }
    due = Loop("due", DueLoop(database, due_rows, due_handlers(context)).step)
    worker = event_worker(
        database,
        messaging,
        settings.kafka,
        service=SERVICE,
        handlers=handlers,
        migrations=MIGRATIONS,
        loops=[due, Loop("pool", partial(pool.look, database))],
        wakes={duerows.CHANNEL: due},
    )
    return Matcher(worker, database, vault_database, pool)
