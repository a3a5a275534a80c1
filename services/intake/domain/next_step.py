"""What the person is told comes next, and when."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.flood import MANY_AT_ONCE
from services.intake.domain.requests import RequestState


@dataclass(frozen=True)
class Search:
    """Where the search stands, as the matcher last said. `why` is the code of the hard rule that leaves nobody."""

    why: str | None
    next_try_at: datetime | None
    late: str


@dataclass(frozen=True)
class NextStep:
    """One plain sentence, and the moment it speaks of, if there is one. `turn`: the search begins then."""

    text: str
    when: datetime | None = None
    turn: bool = False


_TEXTS = {
    RequestState.WAITING: "We are looking for a peer who fits. Nobody who fits is free at this moment; we keep trying.",
    RequestState.OFFERING: "A peer who fits has been asked. They see a card with nothing that names you.",
    RequestState.STALLED: "Nobody who fits is here at present. It may help to relax a wish; we keep trying.",
    RequestState.MATCHED: "A peer said yes. Read what they show, then say whether you would like to be introduced.",
    RequestState.INTRODUCED: "You are introduced. Your peer can now read your words and how to reach you.",
    RequestState.ENDED: "This conversation is over. You can ask for someone else, close your request, or erase it.",
    RequestState.CLOSED: "Your request is closed.",
    RequestState.WITHDRAWN: "Your request is withdrawn. Nobody will be asked any more.",
    RequestState.ERASED: "Your request is erased.",
}
_NOT_ASKED_YET = "Your request is safe with us. The search begins within moments."
_WAITS_FOR_ITS_TURN = (
    "Your request is safe with us. Unusually many people asked at the same time, so each waits for their turn."
)
_ASLEEP = "Nobody who fits is awake and free at this hour. We ask the first of them who wakes."
_WORDS_FORGOTTEN = "You are introduced. Your words and how to reach you have vanished here, as we said they would."
_LATE = " This takes longer than it should. We are sorry; you have done nothing wrong."


def next_step(
    state: RequestState, search: Search, *, answer_by: datetime | None = None, words_kept: bool = True
) -> NextStep:
    """Return what comes next for a request in `state`.

    `answer_by`: until when an answer helps, of whoever is asked, or of the person once somebody said yes.
    `words_kept`: what the person wrote for their peer is not forgotten yet.
    """
    late = "" if search.late == "no" else _LATE
    if state in {RequestState.OFFERING, RequestState.MATCHED}:
        return NextStep(_TEXTS[state] + late, answer_by)
    if state is RequestState.INTRODUCED and not words_kept:
        return NextStep(_WORDS_FORGOTTEN)
    if state is RequestState.WAITING and search.why is None and search.next_try_at is None:
        return NextStep(_NOT_ASKED_YET)
    if state is RequestState.WAITING and search.why == MANY_AT_ONCE:
        return NextStep(_WAITS_FOR_ITS_TURN, search.next_try_at, turn=True)
    if state not in {RequestState.WAITING, RequestState.STALLED}:
        return NextStep(_TEXTS[state])
    text = _ASLEEP if state is RequestState.WAITING and search.why == "asleep" else _TEXTS[state]
    return NextStep(text + late, search.next_try_at)
