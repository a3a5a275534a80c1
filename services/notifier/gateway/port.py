"""The port through which a notice leaves: one rendered notice, and four ways in which sending it can fail."""

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
    """This very address does not take it, and nobody says why: after two days of nothing else it is held to be dead.

    A mail server's bare 550, or a webhook that does not answer.
    """


class NoticeRefused(NotNow):
    """This notice is not taken for a reason of the sender's or of the moment, which says nothing about the address."""


class ServerUnavailable(NotNow):
    """No notice gets out: no connection to our mail server, no TLS, no sign-in, our sender refused, or a cut."""


class Gateway(Protocol):
    """Sends notices through one channel. Safe to use from several threads."""

    def send(self, notice: RenderedNotice) -> None:
        """Return once the other side has accepted `notice`, within 8 s in all.

        Raises a NotNow (try again later) or PermanentFailure (never again).
        """
