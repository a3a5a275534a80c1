"""The reasons for which a command is refused. Each is answered with a problem document, never with a failure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.faults import Fault


class Refusal(Exception):
    """A command that cannot be done, for a reason that its sender may know."""


@dataclass(eq=False)
class WrongState(Refusal):
    """The command does not fit the state that the thing is in, given as `state`."""

    state: str


class AddressHeld(Refusal):
    """Somebody else who may be asked has the same address; a coordinator alone hears of it."""


class Unknown(Refusal):
    """No such key, token or ref. Which of these it was, and whether it ever existed, is not told."""


class OldLink(Unknown):
    """A home link of ours that a newer one has ended."""


@dataclass(eq=False, kw_only=True)
class PinNeeded(Unknown):
    """The home link is right, but the volunteer set a PIN, and it was not given, or was `wrong`."""

    wrong: bool


@dataclass(eq=False)
class PinBlocked(Unknown):
    """Too many wrong PINs: none is taken before `until`, not even the right one. The volunteer key opens as ever."""

    until: datetime


@dataclass(eq=False)
class NoSuch(Refusal):
    """The coordinator named something that is not here: `what` is volunteer or report."""

    what: str


@dataclass(eq=False)
class Closed(Refusal):
    """No new requests are taken until `until`; None: nobody knows yet until when."""

    until: datetime | None


class Gone(Refusal):
    """It existed and was erased at its owner's wish."""


class OtherBody(Refusal):
    """The Idempotency-Key was used before, with another body."""


@dataclass(eq=False)
class OtherAnswer(Refusal):
    """The offer was answered before, with the other answer, given as `given`."""

    given: str


class NotYet(Refusal):
    """Not heard of yet, though the token is good: the sender should ask again in a second."""


class Invalid(Refusal):
    """A value that the rules refuse: its field, and what is wrong with it, as the code of a Fault."""

    def __init__(self, field: str, code: str, **params: Any) -> None:
        super().__init__(field)
        self.field, self.fault = field, Fault(code, **params)
