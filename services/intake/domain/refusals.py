"""The reasons for which a command is refused. Each is answered with a problem document, never with a failure."""


class Refusal(Exception):
    """A command that cannot be done, for a reason that its sender may know."""


class WrongState(Refusal):
    """The command does not fit the state that the thing is in, given as `state`."""

    def __init__(self, state: str) -> None:
        """Remember the state for the answer."""
        super().__init__(state)
        self.state = str(state)


class Unknown(Refusal):
    """No such key, token or ref. Which of these it was, and whether it ever existed, is not told."""


class NoSuchVolunteer(Refusal):
    """The coordinator named a volunteer who is not here."""


class Gone(Refusal):
    """It existed and was erased at its owner's wish."""


class OtherBody(Refusal):
    """The Idempotency-Key was used before, with another body."""


class OtherAnswer(Refusal):
    """The offer was answered before, with the other answer, given as `given`."""

    def __init__(self, given: str) -> None:
        """Remember the answer that holds."""
        super().__init__(given)
        self.given = given


class NotYet(Refusal):
    """Not heard of yet, though the token is good: the sender should ask again in a second."""


class Invalid(Refusal):
    """A value that the rules refuse, named by its field."""

    def __init__(self, field: str, message: str) -> None:
        """Name the field and say, without repeating the value, what is wrong with it."""
        super().__init__(field)
        self.field = field
        self.message = message
