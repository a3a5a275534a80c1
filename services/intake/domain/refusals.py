"""The reasons for which a command is refused. Each is answered with a problem document, never with a failure."""

from datetime import datetime
from typing import Any

from services.intake.domain.faults import Fault


class Refusal(Exception):
    """A command that cannot be done, for a reason that its sender may know."""


class WrongState(Refusal):
    """The command does not fit the state that the thing is in, given as `state`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = str(state)


class Unknown(Refusal):
    """No such key, token or ref. Which of these it was, and whether it ever existed, is not told."""


class OldLink(Unknown):
    """A home link of ours that a newer one has ended."""


class PinNeeded(Unknown):
    """The home link is right, but the volunteer set a PIN, and it was not given, or was `wrong`."""

    def __init__(self, *, wrong: bool) -> None:
        super().__init__()
        self.wrong = wrong


class PinBlocked(Unknown):
    """Too many wrong PINs: none is taken before `until`, not even the right one. The volunteer key opens as ever."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class NoSuch(Refusal):
    """The coordinator named something that is not here: `what` is volunteer or report."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Closed(Refusal):
    """No new requests are taken until `until`; None: nobody knows yet until when."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__()
        self.until = until


class Gone(Refusal):
    """It existed and was erased at its owner's wish."""


class OtherBody(Refusal):
    """The Idempotency-Key was used before, with another body."""


class OtherAnswer(Refusal):
    """The offer was answered before, with the other answer, given as `given`."""

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given


class NotYet(Refusal):
    """Not heard of yet, though the token is good: the sender should ask again in a second."""


class Invalid(Refusal):
    """A value that the rules refuse: its field, and what is wrong with it, as the code of a Fault."""

    def __init__(self, field: str, code: str, **params: Any) -> None:
        super().__init__(field)
        self.field, self.fault = field, Fault(code, **params)
