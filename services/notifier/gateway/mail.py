"""A notice as a mail that looks like nothing in particular."""

import contextlib
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from services.notifier.gateway.port import Message, PermanentFailure

POLICY = SMTP.clone(max_line_length=998)
"""SMTP's own limit for a line. The library's lower default would encode every body with a link in it."""


class MailFrom:
    """Who our mails come from."""

    def __init__(self, mail_from: str) -> None:
        """Take `notices@example.org` or `Name <notices@example.org>`; raises ValueError for anything else."""
        name, spec = parseaddr(mail_from)
        address = read_address(spec, name)
        if address is None:
            raise ValueError("not a mail address")
        self.address = address

    @property
    def host(self) -> str:
        """The part behind the @: it also names us in Message-IDs and in the SMTP greeting, instead of this machine."""
        return self.address.domain


def to_mail(message: Message, sender: MailFrom, now: datetime) -> EmailMessage:
    """Return `message` as a mail of `now`. Raises PermanentFailure if its recipient is no ASCII mail address.

    The Message-ID is the same at every attempt. The boundary is set because the library's own names the library.
    """
    mail = EmailMessage(policy=POLICY)
    mail["From"] = sender.address
    mail["To"] = _recipient(message.recipient)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.ref}@{sender.host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    mail.set_boundary(message.ref)
    return mail


def _recipient(value: str) -> Address:
    address = read_address(value)
    if address is None:
        raise PermanentFailure("not_an_address")
    return address


def read_address(spec: str, name: str = "") -> Address | None:
    """Return `spec` as an address shown under `name`, or None unless it is one in ASCII."""
    # Suppressed, not chained: the library's error repeats the address, and would travel along as the context of ours.
    with contextlib.suppress(ValueError, IndexError, MessageError):
        address = Address(display_name=name, addr_spec=spec)
        if spec.isascii() and address.username and address.domain:
            return address
    return None
