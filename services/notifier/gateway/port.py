"""The port through which a notice leaves: one rendered notice, and three ways in which sending it can fail."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Call:
    """What a volunteer's own program is told instead of a text. After `until` an answer helps no more."""

    volunteer: str
    notice: str
    until: datetime | None
    link: str | None = field(repr=False)
    two_words: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class RenderedNotice:
    """One notice, ready to leave. `ref` is the same at every try, so that a repeat can be recognised.

    `recipient` is a mail address, or the address of a webhook if there is a `call`.
    """

    ref: str
    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    call: Call | None = None


class SendingFailed(Exception):
    """The notice was not accepted. `code` is a reply code or one fixed word.

    It never holds what the other side wrote, which may repeat the address.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PermanentFailure(SendingFailed):
    """This address cannot be reached, now or later."""


class NotNow(SendingFailed):
    """Worth another try. `may_be_out`: the notice may have been accepted all the same, for example before a cut."""

    def __init__(self, code: str, *, may_be_out: bool = False) -> None:
        super().__init__(code)
        self.may_be_out = may_be_out


class AddressRefused(NotNow):
    """Not now, because of this very address or text: a mail server's 4xx, or a webhook that does not answer."""


class ServerUnavailable(NotNow):
    """Not now, and the address is not to blame: no connection to our mail server, no TLS, no sign-in, or a cut."""


class Gateway(Protocol):
    """Sends notices through one channel. Safe to use from several threads."""

    def send(self, notice: RenderedNotice) -> None:
        """Return once the other side has accepted `notice`, within 8 s in all.

        Raises AddressRefused or ServerUnavailable (try again later) or PermanentFailure (never again).
        """
