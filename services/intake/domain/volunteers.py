"""The life of a volunteer: applied, then active after approval; paused or suspended for a time; removed at the end."""

from collections.abc import Sequence
from enum import StrEnum

from services.intake.domain.refusals import Invalid, WrongState
from shared.vocabulary.times import DAY, minutes_of

LEAST_AWAKE_HOURS = 8
"""Offers count waking hours: in fewer of them a person would wait for days."""


class VolunteerState(StrEnum):
    APPLIED = "applied"
    REFUSED = "refused"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class Step(StrEnum):
    """What a coordinator or the volunteer may do."""

    APPROVE = "approve"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    PAUSE = "pause"
    RESUME = "resume"
    CHANGE = "change"
    REMOVE = "remove"


AT_WORK = frozenset({VolunteerState.ACTIVE, VolunteerState.PAUSED})
"""Who may be asked, and answer. Somebody who was made an applicant again goes on with those they are introduced to."""
MAY_GO_ON = AT_WORK | {VolunteerState.APPLIED}

_S = VolunteerState
_AT_WORK = {_S.ACTIVE: _S.ACTIVE, _S.PAUSED: _S.PAUSED}
_STEPS: dict[Step, dict[VolunteerState, VolunteerState]] = {
    # Approving again renews the training; it does not end a pause that the volunteer chose.
    Step.APPROVE: {_S.APPLIED: _S.ACTIVE, _S.REFUSED: _S.ACTIVE, **_AT_WORK},
    Step.REFUSE: {_S.APPLIED: _S.REFUSED, _S.REFUSED: _S.REFUSED},
    Step.SUSPEND: {_S.ACTIVE: _S.SUSPENDED, _S.PAUSED: _S.SUSPENDED, _S.SUSPENDED: _S.SUSPENDED},
    Step.REINSTATE: {_S.SUSPENDED: _S.ACTIVE, **_AT_WORK},
    Step.PAUSE: {_S.ACTIVE: _S.PAUSED, _S.PAUSED: _S.PAUSED},
    Step.RESUME: {_S.PAUSED: _S.ACTIVE, _S.ACTIVE: _S.ACTIVE},
    Step.CHANGE: {state: state for state in _S if state is not _S.REMOVED},
    Step.REMOVE: dict.fromkeys(_S, _S.REMOVED),
}


def after_step(state: VolunteerState, step: Step) -> VolunteerState:
    """Return the state that `step` leads to from `state`; the same state means that it was done before.

    Raises WrongState where the step does not fit, e.g. suspending somebody who was never approved.
    """
    if state not in _STEPS[step]:
        raise WrongState(state)
    return _STEPS[step][state]


def check_waking_hours(hours: Sequence[str]) -> None:
    """Raise Invalid for [from, to] that are too few to answer in; the same time twice is the whole day."""
    start, end = map(minutes_of, hours)
    if 0 < (end - start) % DAY < LEAST_AWAKE_HOURS * 60:
        raise Invalid("waking_hours", "awake_too_short", min=LEAST_AWAKE_HOURS)
