"""The port through which a notice leaves: one message, and three ways in which it can end."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Call:
    """What a program of a volunteer is told instead of a text. `until` is when an answer helps no more."""

    volunteer: str
    notice: str
    until: datetime | None
    link: str | None = field(repr=False)
    two_words: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One notice, ready to leave. `ref` is stable over all attempts, so that a repeat can be recognised as one.

    `recipient` is a mail address, or the address of a webhook if there is a `call`.
    """

    ref: str
    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    call: Call | None = None


class SendingFailed(Exception):
    """The message was not accepted. `code` is a reply code or one fixed word; never what the other side wrote."""

    def __init__(self, code: str) -> None:
        """Keep the code; the other side's text may repeat the address, so it goes no further."""
        super().__init__(code)
        self.code = code


class PermanentFailure(SendingFailed):
    """This address cannot be reached, now or later."""


class NotNow(SendingFailed):
    """Worth another try. `may_be_out`: the message may have been accepted all the same, because of a cut, say."""

    def __init__(self, code: str, *, may_be_out: bool = False) -> None:
        """Keep the code and whether the outcome is unknown."""
        super().__init__(code)
        self.may_be_out = may_be_out


class AddressRefused(NotNow):
    """Not now, because of this very address or message: a mail server's 4xx, or a webhook that does not answer."""


class ServerUnavailable(NotNow):
    """Not now, and it is not the address's fault: no connection to our mail server, no TLS, no sign-in, or a cut."""


class Gateway(Protocol):
    """Sends messages through one channel. Safe to use from several threads."""

    def send(self, message: Message) -> None:
        """Return once the other side has accepted `message`, within 8 s in all.

        Raises AddressRefused or ServerUnavailable (try again later) or PermanentFailure (never again).
        """
