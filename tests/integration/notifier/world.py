"""What happens around a notifier, said by its peers: each call announces the whole new state of one aggregate."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, func, select, update

from deploy.embedded.processes import LOOPBACK
from services.notifier.domain.notices import Notice
from services.notifier.gateway.port import Gateway
from services.notifier.gateway.smtp import SEND_LIMIT, SmtpGateway, SmtpServer, read_mail_from
from services.notifier.gateway.webhook import WebhookGateway
from services.notifier.handlers import Handlers
from services.notifier.sending.attempts import Attempts
from services.notifier.sending.rendering import EMAIL, WEBHOOK, Renderer
from services.notifier.sending.sender import Sender
from services.notifier.storage.tables import deliveries, messaging
from shared.clock import SystemClock
from shared.database import Database
from shared.events.catalogue import event_type
from shared.events.envelope import data_to_json, decode, encode
from shared.messaging.inbox import first_time
from shared.refs import new_ref
from shared.vault.keyrings import Keyrings
from shared.vault.purposes import LINKS, Purpose
from shared.vault.sealing import key_id_of
from shared.vault.tokens import home_link, offer_token, webhook_secret
from tests.integration.conftest import House

IMPATIENT = 2.0
"""Seconds for one send, where a test has to do with an address that never answers."""

VOLUNTEER, PERSON, COORDINATOR = "volunteer@example.net", "person@example.net", "desk@example.net"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TLS = ssl.create_default_context()
"""Made once, because reading the machine's authorities takes longer than most tests."""


@dataclass
class Aggregate:
    """The last announced state of something."""

    data: dict[str, Any]
    sequence: int


@dataclass
class World:
    """A notifier's database and mail server, and the services that it listens to."""

    database: Database
    house: House
    mail_port: int
    coordinators: tuple[str, ...] = (COORDINATOR,)
    aggregates: dict[tuple[str, str], Aggregate] = field(default_factory=dict)

    def announce(self, topic: str, name: str, subject: str, **changes: Any) -> None:
        """Announce `subject` with `changes` to its last state, or to the catalogue's example."""
        self.deliver(*self.record(topic, name, subject, **changes))

    def record(self, topic: str, name: str, subject: str, **changes: Any) -> tuple[str, Any, bytes]:
        """Return topic, headers and value of the record that announces this, without delivering it."""
        kind = event_type(topic, name)
        example = kind.schema.load(dict(kind.example))
        # The request and the search for it share a ref, but not a topic.
        last = self.aggregates.get((topic, subject), Aggregate(dict(example), 0))
        now = Aggregate({**last.data, **changes}, last.sequence + 1)
        self.aggregates[topic, subject] = now
        headers = encode(
            event_id=str(uuid4()),
            type_=f"{topic}.{name}.v1",
            source="test",
            subject=subject,
            sequence=now.sequence,
            time=NOW,
        )
        return topic, headers, data_to_json(topic, name, now.data).encode()

    def deliver(self, topic: str, headers: Any, value: bytes) -> None:
        """Hand a record to the notifier's handler as its consumer does."""
        event = decode(topic, b"", headers, value)
        with self.database.transaction() as tx:
            if first_time(tx, messaging, event) == "handled":
                Handlers(self.coordinators).by_topic()[topic](tx, event)

    def seal(self, subject: str, purpose: Purpose, value: str, **more: Any) -> str:
        """Seal a mail address as intake does."""
        address = {"channel": "email", "value": value, "language": "en", "time_zone": "America/Toronto", **more}
        key = self.house.keeper.mint([purpose])[purpose]
        return self.house.keeper.seal(key, subject, purpose, address)

    def volunteer(self, value: str, state: str = "active", channel: str = "email") -> str:
        """Publish a volunteer who is reached at `value`."""
        ref = new_ref()
        notify = self.seal(ref, Purpose.VOLUNTEER_NOTIFY, value, channel=channel, two_words="amber river")
        self.announce("volunteers", "published", ref, volunteer=ref, state=state, notify=notify)
        return ref

    def person(self, value: str | None = None) -> str:
        """Publish a request whose person wants notices at `value`, or none."""
        ref = new_ref()
        notify = self.seal(ref, Purpose.PERSON_NOTIFY, value) if value else None
        self.announce("requests", "published", ref, request=ref, notify=notify)
        return ref

    def offered(self, request: str, volunteer: str, ends_in: timedelta = timedelta(hours=6)) -> str:
        """Offer `request` to `volunteer`."""
        ref = new_ref()
        ends = datetime.now(UTC) + ends_in
        self.announce("matches", "offered", ref, offer=ref, request=request, volunteer=volunteer, expires_at=ends)
        return ref

    def closed(self, offer: str, state: str) -> None:
        """Close an offer as `state`."""
        self.announce("matches", "offer_closed", offer, state=state, closed_at=NOW)

    def matched(self, offer: str) -> str:
        """Let the volunteer of `offer` say yes."""
        ref = new_ref()
        self.announce("matches", "offer_closed", offer, state="accepted", closed_at=NOW)
        self.announce("matches", "matched", ref, match=ref, **self.parties(offer))
        return ref

    def parties(self, offer: str) -> dict[str, str]:
        """Return the refs of `offer`, its request and its volunteer."""
        return {name: self.aggregates["matches", offer].data[name] for name in ("offer", "request", "volunteer")}

    def introduced(self, request: str, match: str) -> None:
        """Let the person of `request` say yes."""
        self.announce("requests", "introduced", request, state="introduced", match=match, introduced_at=NOW)

    def text(self, match: str, to: str) -> str:
        """Let a text of `match` wait for `to`."""
        ref, about = new_ref(), self.aggregates["matches", match].data
        parties = {name: about[name] for name in ("request", "match", "volunteer")}
        self.announce("requests", "message_waiting", ref, message=ref, to=to, **parties)
        return ref

    def reported(self, kind: str) -> str:
        """Report something to the coordinator."""
        ref = new_ref()
        self.announce("requests", "reported", ref, report=ref, kind=kind)
        return ref

    def erased(self, request: str) -> None:
        """Erase a person: the keys, and then the word of it."""
        sealed = self.aggregates["requests", request].data["notify"]
        if sealed is not None:
            self.house.keeper.destroy([key_id_of(sealed)], NOW)
        self.announce("requests", "erased", request, state="erased", profile=None, notify=None)

    def gateway(self, limit: float = SEND_LIMIT) -> Gateway:
        """Return a gateway to the test's mail server; a send lasts up to `limit`."""
        return SmtpGateway(
            SmtpServer(LOOPBACK, self.mail_port, "none"),
            read_mail_from("notices@example.org"),
            SystemClock(),
            tls=TLS,
            limit=limit,
        )

    def sender(self, mail: Gateway | None = None) -> Sender:
        """Return the sender of one more replica; webhooks lead to this machine."""
        links = Keyrings(self.house.folders["notifier"]).named(LINKS)
        hooks = WebhookGateway(partial(webhook_secret, links), SystemClock(), loopback=True, tls=TLS)
        attempts = Attempts(
            self.house.notifier.open,
            self.coordinators,
            Renderer("https://x.example", partial(offer_token, links), partial(home_link, links)),
            {EMAIL: mail or self.gateway(), WEBHOOK: hooks},
        )
        return Sender(self.database, attempts, wake=lambda: None)

    def send_due(self, mail: Gateway | None = None) -> None:
        """Let a replica send what is due now, and wait for it."""
        with self.sending(mail) as sender:
            while sender.step() == 0.0:
                pass

    @contextmanager
    def sending(self, mail: Gateway | None = None) -> Iterator[Sender]:
        """Give a replica's sender that ends with the block, once its tries are over."""
        sender = self.sender(mail)
        try:
            yield sender
        finally:
            sender.close()

    def make_due(self) -> None:
        """Let the time come for everything that waits for it."""
        with self.database.transaction() as tx:
            tx.execute(update(deliveries).values(due_at=func.clock_timestamp()))

    def pass_hours(self, hours: float) -> None:
        """Let all that was done be so much longer ago, and what waits for its time come nearer."""
        past, rows = timedelta(hours=hours), deliveries.c
        with self.database.transaction() as tx:
            tx.execute(update(deliveries).values(due_at=rows.due_at - past, tried_at=rows.tried_at - past))

    def end_leases(self) -> None:
        """Let every lease run out."""
        with self.database.transaction() as tx:
            tx.execute(update(deliveries).values(lease_until=func.clock_timestamp()))

    def delivery(self, notice: Notice, about: str) -> Row[Any]:
        """Return the row of one delivery; raises NoResultFound if there is none."""
        rows = deliveries.c
        with self.database.transaction() as tx:
            return tx.execute(select(deliveries).where(rows.notice == notice.value, rows.about == about)).one()

    def told(self) -> list[tuple[str, str]]:
        """Return what was announced about deliveries so far: event name and notice, in order."""
        return [(name, data["notice"]) for name, data in self.announced()]

    def announced(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the announced events, name and data, in order."""
        with self.database.transaction() as tx:
            rows = tx.execute(select(messaging.outbox).order_by(messaging.outbox.c.id)).all()
        return [(row.name, json.loads(row.data)) for row in rows]
