"""The SMTP gateway: one connection per mail, TLS always outside the loopback, eight seconds in all."""

import contextlib
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal

from services.notifier.gateway.connection import Deadline
from services.notifier.gateway.port import PermanentFailure, RenderedNotice, SendingFailed, ServerUnavailable
from services.notifier.gateway.replies import figures, refusal
from shared.clock import Clock
from shared.mail_address import BadAddress, read_mail_address

Security = Literal["starttls", "tls", "none"]

POLICY = SMTP.clone(max_line_length=998)
"""SMTP's own limit for a line. The library's lower default would encode every body with a link in it."""

SEND_LIMIT = 8.0
"""Seconds for one mail in all, far below the lease of a claim, which is what keeps two senders apart."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """The mail server that takes our mails. `security` none is for a server on this machine only."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


class SmtpGateway:
    """Sends through one mail server. Thread-safe: each mail has a connection of its own."""

    def __init__(
        self,
        server: SmtpServer,
        sender: Address,
        clock: Clock,
        *,
        tls: ssl.SSLContext | None = None,
        limit: float = SEND_LIMIT,
    ) -> None:
        """`tls` verifies the server's certificate; by default the machine's authorities do."""
        self._server = server
        self._sender = sender
        self._clock = clock
        self._tls = tls or ssl.create_default_context()
        self._limit = limit

    def send(self, notice: RenderedNotice) -> None:
        mail = to_mail(notice, self._sender, self._clock.now())
        failure: SendingFailed | None = None
        with Deadline(self._limit) as deadline:
            connection = _Connection(self._server, self._tls, deadline, self._sender.domain)
            try:
                connection.hand_over(mail, self._sender.addr_spec, mail["To"].addresses[0].addr_spec)
            except SendingFailed as error:
                failure = error
            except (smtplib.SMTPException, OSError) as error:
                failure = classify(error, data_begun=connection.data_begun, late=deadline.passed)
            finally:
                connection.close()
        # Raised outside the handler: smtplib's errors carry the address, and would travel along as its context.
        if failure is not None:
            raise failure


class _Connection(smtplib.SMTP):
    """smtplib's client on a socket that a deadline guards."""

    def __init__(self, server: SmtpServer, tls: ssl.SSLContext, deadline: Deadline, greeting: str) -> None:
        super().__init__(local_hostname=greeting)
        self._server = server
        self._tls = tls
        self._deadline = deadline
        self.data_begun = False

    def hand_over(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Connect, secure, sign in, send. Raises what smtplib and sockets raise, and SendingFailed."""
        # starttls() holds the certificate against this name, which smtplib sets only when it connects by itself.
        self._host = self._server.host
        code, reply = self.connect(self._server.host, self._server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, reply)
        self.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            if not self.has_extn("starttls"):
                raise ServerUnavailable("no_starttls")
            self.starttls(context=self._tls)
            self.ehlo_or_helo_if_needed()
        if self._server.user:
            self.login(self._server.user, self._server.password)
        self.send_message(mail, sender, [recipient])
        # The mail is accepted; how the goodbye is answered must not turn that into a failure, nor cost time.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self.putcmd("quit")

    def data(self, msg: str | bytes | bytearray) -> tuple[int, bytes]:  # type: ignore[override]
        """Remember that the text was begun: from here on a cut leaves its outcome unknown."""
        self.data_begun = True
        return super().data(msg)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - smtplib's signature
        connection = self._deadline.connect(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        if self._server.security == "tls":
            return self._tls.wrap_socket(connection, server_hostname=host)
        return connection


def classify(error: Exception, *, data_begun: bool, late: bool) -> SendingFailed:
    """Return what `error` of smtplib or a socket means for the delivery.

    A refused sender or sign-in is our own misconfiguration. If it counted against addresses, one wrong password would
    make every volunteer unreachable.
    """
    if late:
        return ServerUnavailable("too_slow", may_be_out=data_begun)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return refusal(code, said, of_recipient=True)
    if isinstance(error, smtplib.SMTPDataError):
        return refusal(error.smtp_code, _bytes(error.smtp_error), of_recipient=False)
    if isinstance(error, smtplib.SMTPResponseException):
        return ServerUnavailable(figures(error.smtp_code, error.smtp_error))
    return ServerUnavailable(_name(error), may_be_out=data_begun)


def _bytes(said: bytes | str) -> bytes:
    return said.encode() if isinstance(said, str) else said


def _name(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "cut"
    return "not_supported" if isinstance(error, smtplib.SMTPNotSupportedError) else "unreachable"


def read_mail_from(text: str) -> Address:
    """Return `notices@example.org` or `Name <notices@example.org>` as an address; raises ValueError for anything else.

    Its domain also names us in Message-IDs and in the SMTP greeting, instead of this machine.
    """
    name, spec = parseaddr(text)
    address = read_address(spec, name)
    if address is None:
        raise ValueError("not a mail address")
    return address


def to_mail(notice: RenderedNotice, sender: Address, now: datetime) -> EmailMessage:
    """Return `notice` as a mail of `now`. Raises PermanentFailure if its recipient is no address to send to.

    The Message-ID is the same at every try. The boundary is set because the library's own names the library.
    """
    recipient = read_address(notice.recipient)
    if recipient is None:
        raise PermanentFailure("not_an_address")
    mail = EmailMessage(policy=POLICY)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = notice.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{notice.ref}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(notice.text)
    mail.add_alternative(notice.html, subtype="html")
    mail.set_boundary(notice.ref)
    return mail


def read_address(spec: str, name: str = "") -> Address | None:
    """Return `spec` as an address shown under `name`, or None if nothing can be sent there.

    What is no address for a form may still be one here, such as a quoted name that was stored long ago.
    """
    try:
        spec = read_mail_address(spec)
    except BadAddress:
        # Not chained: the library's error repeats the address, and would travel along as the context of ours.
        with contextlib.suppress(ValueError, IndexError, MessageError):
            address = Address(display_name=name, addr_spec=spec)
            return address if spec.isascii() and address.username and address.domain else None
        return None
    return Address(display_name=name, addr_spec=spec)
