"""The life of a request: waiting -> offering -> matched -> introduced -> ended -> closed.

Beside that road: stalled (a coordinator is needed), withdrawn, erased. A withdrawal, a close or an erasure by the
person is final: nothing that the matcher says afterwards changes it.
"""

from enum import StrEnum

from services.intake.domain.refusals import WrongState


class RequestState(StrEnum):
    WAITING = "waiting"
    OFFERING = "offering"
    STALLED = "stalled"
    MATCHED = "matched"
    INTRODUCED = "introduced"
    ENDED = "ended"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Command(StrEnum):
    CHANGE = "change"
    INTRODUCE = "introduce"
    ANOTHER = "another"
    SPOKEN = "spoken"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    ERASE = "erase"


SEARCHING = frozenset({RequestState.WAITING, RequestState.OFFERING, RequestState.STALLED})
IN_A_MATCH = frozenset({RequestState.MATCHED, RequestState.INTRODUCED})
FINAL = frozenset({RequestState.CLOSED, RequestState.WITHDRAWN, RequestState.ERASED})

_UNFINISHED = frozenset(RequestState) - FINAL
ALLOWED: dict[Command, frozenset[RequestState]] = {
    Command.CHANGE: SEARCHING,
    Command.INTRODUCE: IN_A_MATCH,
    Command.ANOTHER: IN_A_MATCH | {RequestState.ENDED},
    Command.SPOKEN: frozenset({RequestState.INTRODUCED}),
    Command.WITHDRAW: _UNFINISHED | {RequestState.WITHDRAWN},
    Command.CLOSE: _UNFINISHED | {RequestState.CLOSED},
    Command.ERASE: frozenset(RequestState),
}
_LEADS_TO: dict[Command, RequestState] = {
    Command.INTRODUCE: RequestState.INTRODUCED,
    Command.ANOTHER: RequestState.WAITING,
    Command.WITHDRAW: RequestState.WITHDRAWN,
    Command.CLOSE: RequestState.CLOSED,
    Command.ERASE: RequestState.ERASED,
}


def after_command(state: RequestState, command: Command) -> RequestState:
    """Return the state that `command` leads to from `state`; the same state means that it was done before.

    Raises WrongState where the command does not fit, e.g. a yes to an introduction while nobody has said yes yet.
    """
    if state not in ALLOWED[command]:
        raise WrongState(state)
    return _LEADS_TO.get(command, state)


def after_offers(state: RequestState, *, any_open: bool) -> RequestState:
    """Return the state once an offer of this round changed; `any_open` says whether somebody is being asked."""
    return after_search(state, stalled=state is RequestState.STALLED, any_open=any_open)


def after_search(state: RequestState, *, stalled: bool, any_open: bool) -> RequestState:
    """Return the state once the matcher said that this round waits, or that it is stalled."""
    if state not in SEARCHING:
        return state
    if any_open:
        return RequestState.OFFERING
    return RequestState.STALLED if stalled else RequestState.WAITING


def after_match_made(state: RequestState) -> RequestState:
    return RequestState.MATCHED if state in SEARCHING else state


def after_match_ended(state: RequestState, *, search_goes_on: bool, is_its_match: bool) -> RequestState:
    """Return the state once a match of this round is over.

    `search_goes_on`: the volunteer's side ended it before the introduction, so the matcher looks further.
    `is_its_match`: the request knows this match as its own; it does not when the news of its beginning was skipped.
    """
    ours = state in SEARCHING or (is_its_match and state in IN_A_MATCH)
    if not ours:
        return state
    if not search_goes_on:
        return RequestState.ENDED
    return state if state in SEARCHING else RequestState.WAITING
