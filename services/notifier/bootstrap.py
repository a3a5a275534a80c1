"""Puts the notifier's parts together."""

import threading
from dataclasses import dataclass
from functools import partial

from services.notifier.gateway.port import Gateway
from services.notifier.gateway.smtp import SmtpGateway, read_mail_from
from services.notifier.gateway.webhook import WebhookGateway
from services.notifier.handlers import Handlers
from services.notifier.sending.attempts import Attempts
from services.notifier.sending.rendering import EMAIL, WEBHOOK, Renderer
from services.notifier.sending.sender import SLOTS, Sender
from services.notifier.settings import Settings
from services.notifier.storage import deliveries
from services.notifier.storage.retention import Retention
from services.notifier.storage.tables import MIGRATIONS, messaging
from shared.clock import SystemClock
from shared.database import Database
from shared.messaging.loops import event_worker
from shared.runtime import Loop, Worker
from shared.vault.keyrings import Keyrings
from shared.vault.purposes import LINKS, NOTIFIER
from shared.vault.tokens import home_link, offer_token, webhook_secret
from shared.vault.vault import Vault

SERVICE = "notifier"
"""The service's name: its consumer group, the source of its events, and what its database sessions are called."""


@dataclass(frozen=True)
class Notifier:
    """One notifier process, ready to run."""

    worker: Worker
    database: Database
    vault: Database

    def close(self) -> None:
        self.database.dispose()
        self.vault.dispose()


def open_gateways(settings: Settings) -> dict[str, Gateway]:
    """Return the gateway of each channel: the mail server of `settings`, and webhooks."""
    links = Keyrings(settings.common.keyring_dir).named(LINKS)
    clock = SystemClock()
    return {
        EMAIL: SmtpGateway(settings.smtp, read_mail_from(settings.mail_from), clock),
        WEBHOOK: WebhookGateway(partial(webhook_secret, links), clock, loopback=settings.webhooks_to_loopback),
    }


def build(settings: Settings) -> Notifier:
    """Put a notifier together."""
    common = settings.common
    # Every slot of the sender may want a connection at once, beside the claim, the consumer and the relay.
    database = Database(common.database_url, name=SERVICE, pool_size=SLOTS // 2 + 4)
    vault = Database(common.vault_url, name=SERVICE, pool_size=SLOTS // 2)
    keyrings = Keyrings(common.keyring_dir)
    links = keyrings.named(LINKS)
    attempts = Attempts(
        Vault(vault, keyrings, NOTIFIER).open,
        settings.coordinator_mail,
        Renderer(settings.public_url, partial(offer_token, links), partial(home_link, links)),
        open_gateways(settings),
    )
    wake = threading.Event()
    sender = Sender(database, attempts, wake.set)
    sending = Loop("sender", sender.step, sender.close, wake)
    worker = event_worker(
        database,
        messaging,
        common.kafka,
        service=SERVICE,
        handlers=Handlers(settings.coordinator_mail).by_topic(),
        migrations=MIGRATIONS,
        loops=[sending, Loop("forgetting", Retention(database).step)],
        wakes={deliveries.CHANNEL: sending},
    )
    return Notifier(worker, database, vault)
