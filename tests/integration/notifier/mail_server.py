"""A real SMTP server whose manners each test chooses, by recipient."""

import asyncio
import datetime
import email
import email.policy
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.embedded.processes import LOOPBACK, free_port


@dataclass
class Manners:
    """How the server answers, and what it was given.

    `answers`: recipient -> the answers to come, the last one for good. An answer is an SMTP reply to RCPT; or `data`
    and a reply to the message; or `cut`: the message is taken and the connection dropped; or `slow`: none for a minute.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)

    def taken_by(self, recipient: str) -> list[EmailMessage]:
        """Return the messages to `recipient` that were read to their end, also those that were cut afterwards."""
        return [mail for mail in self.taken if mail["To"] == recipient]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Remember how the client named itself."""
        session.host_name = hostname
        self.greetings.append(hostname)
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer as chosen for `address`."""
        self.begun.set()
        answer = self._next(address)
        if answer == "slow":
            await asyncio.sleep(60)
        if answer[:1] in {"4", "5"}:
            return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.append(answer)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message, and answer as chosen for its recipient."""
        assert isinstance(envelope.content, bytes)
        answer = envelope.rcpt_options[0]
        if answer.startswith("data "):
            return str(answer.removeprefix("data "))
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.taken.append(parsed)
        if answer == "cut":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    def _next(self, address: str) -> str:
        answers = self.answers.get(address, ["ok"])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def offers_taken(manners: Manners) -> list[str]:
    """Return the message ids of the offers that the server has read to their end."""
    return [str(mail["Message-ID"]) for mail in manners.taken if what_it_says(mail) == "A question for you"]


def what_it_says(mail: EmailMessage) -> str:
    """Return a mail's subject without its day and number."""
    says, _, numbered = str(mail["Subject"]).rpartition(", ")
    assert re.fullmatch(r"[0-9]{1,2} [A-Z][a-z]+ \(no\. [0-9]{4}\)", numbered), numbered
    return says


def subjects(manners: Manners, recipient: str) -> list[str]:
    """Return what the subjects of what `recipient` got say, in alphabetical order: several notices leave at once."""
    return sorted(what_it_says(mail) for mail in manners.taken_by(recipient))


def text_of(manners: Manners, recipient: str, subject: str) -> str:
    """Return the plain text of the one mail with `subject` that `recipient` got."""
    [mail] = [mail for mail in manners.taken_by(recipient) if what_it_says(mail) == subject]
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@contextmanager
def serving(manners: Manners, **options: Any) -> Iterator[int]:
    """Serve on a free loopback port, which is given; `options` go to aiosmtpd's controller."""
    controller = Controller(manners, hostname=LOOPBACK, port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def dripping(pause: float) -> Iterator[int]:
    """Serve a greeting that never ends, one byte every `pause` seconds; the port is given."""
    stop = threading.Event()
    listener = socket.create_server((LOOPBACK, 0))

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            while not stop.wait(pause):
                try:
                    connection.send(b"2")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        listener.close()


def knows_one_password(_server: object, _session: object, _envelope: object, mechanism: str, data: Any) -> AuthResult:
    """Let `notifier` in with `right`, and nobody else."""
    ok = isinstance(data, LoginPassword) and (data.login, data.password) == (b"notifier", b"right")
    return AuthResult(success=ok, handled=False)


@dataclass(frozen=True)
class Certificate:
    """A self-made certificate for this machine: the server's side of TLS, and the only client that trusts it."""

    path: Path

    def server(self) -> ssl.SSLContext:
        """Return the server's context."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    def trusted(self) -> ssl.SSLContext:
        """Return a client's context that verifies by this certificate."""
        return ssl.create_default_context(cafile=self.path)


def make_certificate(path: Path, name: str = LOOPBACK) -> Certificate:
    """Write a certificate for `name`, an IP address or a host, valid for a day, with its key to `path`."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.fromtimestamp(time.time(), datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_alternative(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return Certificate(path)


def _alternative(name: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
