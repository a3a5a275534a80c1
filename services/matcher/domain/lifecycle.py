"""The states of an offer, a match and a request, and what follows the end of a match."""

from enum import StrEnum


class OfferState(StrEnum):
    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    UNDELIVERABLE = "undeliverable"


class MatchState(StrEnum):
    LIVE = "live"
    ENDED = "ended"


class RequestState(StrEnum):
    WAITING = "waiting"
    OFFERING = "offering"
    MATCHED = "matched"
    INTRODUCED = "introduced"
    ENDED = "ended"
    STALLED = "stalled"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    ERASED = "erased"


class EndedBy(StrEnum):
    """Who ended a match; a match that ended by itself was ended by nobody (None)."""

    PERSON = "person"
    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"


class Then(StrEnum):
    """What follows for the request when its match ends."""

    WAITING = "waiting"
    OVER = "over"


def what_follows(ended_by: EndedBy | None, *, introduced: bool) -> Then:
    """Return what follows a match's end: back to waiting if the volunteer's side ended it before the introduction.

    A coordinator who ends a match, by suspending the volunteer for instance, is the volunteer's side.
    """
    volunteers_side = ended_by in (EndedBy.VOLUNTEER, EndedBy.COORDINATOR)
    return Then.WAITING if volunteers_side and not introduced else Then.OVER
