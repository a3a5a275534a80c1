"""The port through which a notice leaves: one message, and three ways in which it can end."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One notice, ready to leave. `ref` is stable over all attempts, so that a repeat can be recognised as one."""

    ref: str
    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


class SendingFailed(Exception):
    """The message was not accepted. `code` is a reply code or one fixed word; never what the other side wrote."""

    def __init__(self, code: str) -> None:
        """Keep the code; the other side's text may repeat the address, so it goes no further."""
        super().__init__(code)
        self.code = code


class PermanentFailure(SendingFailed):
    """This address cannot be reached, now or later."""


class AddressRefused(SendingFailed):
    """Not now, says the server about this very address or message (4xx); nothing was left there."""


class ServerUnavailable(SendingFailed):
    """Not now, and it is not the address's fault: no connection, no TLS, no sign-in, or a cut.

    `may_be_out`: the message may have been accepted all the same, because the cut came while or after it was sent.
    """

    def __init__(self, code: str, *, may_be_out: bool = False) -> None:
        """Keep the code and whether the outcome is unknown."""
        super().__init__(code)
        self.may_be_out = may_be_out


class Gateway(Protocol):
    """Sends messages through one channel. Safe to use from several threads."""

    def send(self, message: Message) -> None:
        """Return once the other side has accepted `message`, within 8 s in all.

        Raises AddressRefused or ServerUnavailable (try again later) or PermanentFailure (never again).
        """
