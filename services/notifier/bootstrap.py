"""The one place where the notifier's parts are put together."""

import threading
import time
from dataclasses import dataclass

from services.notifier.domain.retry import RetryPolicy
from services.notifier.gateway.channels import Channels
from services.notifier.gateway.mail import MailFrom
from services.notifier.gateway.port import Gateway
from services.notifier.gateway.smtp import SmtpGateway, SmtpServer
from services.notifier.gateway.webhook import WebhookGateway
from services.notifier.handlers import Handlers
from services.notifier.rendering import Templates
from services.notifier.sending.addresses import Addresses
from services.notifier.sending.attempts import Attempts
from services.notifier.sending.claims import Claims
from services.notifier.sending.composing import Composer, Tokens
from services.notifier.sending.sender import PLACES, Sender
from services.notifier.settings import Settings
from services.notifier.storage import deliveries
from services.notifier.storage.forgetting import Forgetting
from services.notifier.storage.tables import MIGRATIONS, messaging
from shared.clock import SystemClock
from shared.database import Database
from shared.messaging import outbox
from shared.messaging.loops import event_flow
from shared.observability.health import Check
from shared.readiness import worker_is_ready
from shared.refs import new_ref
from shared.runtime import Loop, Worker
from shared.vault.keyrings import Keyring, Keyrings
from shared.vault.purposes import LINKS, NOTIFIER
from shared.vault.tokens import home_link, offer_token, to_type, webhook_secret
from shared.vault.vault import Vault

SERVICE = "notifier"
"""The service's name: its consumer group, the source of its events, and what its database sessions are called."""


@dataclass(frozen=True)
class Notifier:
    """One notifier process, ready to run."""

    worker: Worker
    database: Database
    vault: Database
    ready: Check

    def close(self) -> None:
        """Close what was opened."""
        self.database.dispose()
        self.vault.dispose()


def open_gateway(settings: Settings) -> Gateway:
    """Return the gateway through which notices leave: the mail server of `settings`, and webhooks."""
    server = SmtpServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
    )
    links = Keyrings(settings.common.keyring_dir).named(LINKS)
    webhooks = WebhookGateway(
        lambda volunteer: webhook_secret(links, volunteer),
        SystemClock(),
        loopback=settings.webhooks_to_loopback,
    )
    return Channels(SmtpGateway(server, MailFrom(settings.mail_from), SystemClock()), webhooks)


def build(settings: Settings, gateway: Gateway, policy: RetryPolicy) -> Notifier:
    """Put a notifier together that sends through `gateway` and retries by `policy`."""
    common = settings.common
    # Every place of the sender may want a connection at once, beside the claim, the consumer and the relay.
    database = Database(common.database_url, name=SERVICE, pool_size=PLACES // 2 + 4)
    vault = Database(common.vault_url, name=SERVICE, pool_size=PLACES // 2)
    handlers = Handlers(new_ref, policy.patience, coordinator=bool(settings.coordinator_mail)).by_topic()
    flow = event_flow(database, messaging, common.kafka, service=SERVICE, handlers=handlers)
    sending = _sender_loop(settings, database, vault, gateway, policy)
    worker = Worker(
        [*flow.loops, sending, Loop("forgetting", Forgetting(database).step)],
        {common.database_url: {outbox.CHANNEL: [flow.relay], deliveries.CHANNEL: [sending]}},
    )
    return Notifier(worker, database, vault, worker_is_ready(database, MIGRATIONS, flow.consumer))


def tokens_of(links: Keyring) -> Tokens:
    """Return what makes links with the keyring `links`."""
    return Tokens(
        offer=lambda offer: offer_token(links, offer),
        home=lambda volunteer, generation: home_link(links, volunteer, generation),
        to_type=to_type,
    )


def _sender_loop(
    settings: Settings, database: Database, vault: Database, gateway: Gateway, policy: RetryPolicy
) -> Loop:
    keyrings = Keyrings(settings.common.keyring_dir)
    links = keyrings.named(LINKS)
    attempts = Attempts(
        Addresses(Vault(vault, keyrings, NOTIFIER), settings.coordinator_mail),
        Composer(Templates(), settings.public_url, tokens_of(links)),
        gateway,
        policy=policy,
        monotonic=time.monotonic,
    )
    wake = threading.Event()
    claims = Claims(policy, new_owner=new_ref, monotonic=time.monotonic)
    sender = Sender(database, claims, attempts, wake=wake.set)
    return Loop("sender", sender.step, sender.close, wake)
