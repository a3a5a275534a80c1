"""What may become of an offer, a match and a request. Pure: a state and where it shall go -> yes or ForbiddenMove."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class ForbiddenMove(Exception):
    """A state cannot become that other one; whoever asked for it came too late or is wrong."""


class OfferState(StrEnum):
    """An offer is made once and ends once."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    UNDELIVERABLE = "undeliverable"


class MatchState(StrEnum):
    """A match lives until it ends."""

    LIVE = "live"
    ENDED = "ended"


class RequestState(StrEnum):
    """A request as the matcher sees it."""

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


State = TypeVar("State", bound=StrEnum)
Moves = Mapping[StrEnum, frozenset[StrEnum]]

_ENDS_OF_AN_OFFER = frozenset(OfferState) - {OfferState.MADE}
_PERSON_LEAVES = frozenset({RequestState.WITHDRAWN, RequestState.CLOSED, RequestState.ERASED})

OFFER_MOVES: Moves = {OfferState.MADE: _ENDS_OF_AN_OFFER}

MATCH_MOVES: Moves = {MatchState.LIVE: frozenset({MatchState.ENDED})}

REQUEST_MOVES: Moves = {
    RequestState.WAITING: _PERSON_LEAVES | {RequestState.OFFERING, RequestState.STALLED},
    RequestState.OFFERING: _PERSON_LEAVES | {RequestState.WAITING, RequestState.MATCHED, RequestState.STALLED},
    RequestState.MATCHED: _PERSON_LEAVES | {RequestState.INTRODUCED, RequestState.WAITING, RequestState.ENDED},
    # Someone else is asked for after an introduction: the match ends and a new round waits.
    RequestState.INTRODUCED: _PERSON_LEAVES | {RequestState.WAITING, RequestState.ENDED},
    RequestState.ENDED: _PERSON_LEAVES | {RequestState.WAITING},
    RequestState.STALLED: _PERSON_LEAVES | {RequestState.WAITING},
    RequestState.WITHDRAWN: frozenset({RequestState.ERASED}),
    RequestState.CLOSED: frozenset({RequestState.ERASED}),
}
"""What is not named is terminal."""


def may_become(moves: Moves, state: StrEnum, to: StrEnum) -> bool:
    """Say whether a state may become another; staying is no move."""
    return to in moves.get(state, frozenset())


def is_terminal(moves: Moves, state: StrEnum) -> bool:
    """Say whether nothing can become of a state any more."""
    return not moves.get(state)


def moved(moves: Moves, state: State, to: State) -> State:
    """Return the new state; raises ForbiddenMove."""
    if not may_become(moves, state, to):
        raise ForbiddenMove(f"{state} cannot become {to}")
    return to


def what_follows(ended_by: EndedBy | None, *, introduced: bool) -> Then:
    """Return what follows a match's end: back to waiting if the volunteer's side ended it before the introduction.

    A coordinator who ends a match, by suspending the volunteer for instance, is the volunteer's side.
    """
    volunteers_side = ended_by in (EndedBy.VOLUNTEER, EndedBy.COORDINATOR)
    return Then.WAITING if volunteers_side and not introduced else Then.OVER
