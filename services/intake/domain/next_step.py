"""What the person is told comes next, and when."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.flood import MANY_AT_ONCE
from services.intake.domain.requests import RequestState


@dataclass(frozen=True)
class NextStep:
    """What comes next, in codes of which each has a sentence, and the moment that they speak of, if there is one."""

    codes: tuple[str, ...]
    when: datetime | None = None


def next_step(
    state: RequestState,
    *,
    why: str | None = None,
    next_try_at: datetime | None = None,
    late: str = "no",
    answer_by: datetime | None = None,
    words_kept: bool = True,
) -> NextStep:
    """Return what comes next for a request in `state`: the state itself as a code, or one that says more.

    `why` (the code of the hard rule that leaves nobody), `next_try_at` and `late` are what the matcher last said.
    `answer_by`: until when an answer helps, of those who are asked, or of the person once somebody said yes.
    `words_kept`: what the person wrote for their peer is not forgotten yet.
    """
    lateness = () if late == "no" else ("late",)
    if state in {RequestState.OFFERING, RequestState.MATCHED}:
        return NextStep((state, *lateness), answer_by)
    if state is RequestState.INTRODUCED and not words_kept:
        return NextStep(("words_forgotten",))
    if state is RequestState.WAITING and why is None and next_try_at is None:
        return NextStep(("not_asked_yet",))
    if state is RequestState.WAITING and why == MANY_AT_ONCE:
        return NextStep(("turn",), next_try_at)
    if state not in {RequestState.WAITING, RequestState.STALLED}:
        return NextStep((state,))
    asleep = state is RequestState.WAITING and why == "asleep"
    return NextStep(("asleep" if asleep else state, *lateness), next_try_at)
