"""What an offer looks like from the volunteer's side: always the truth, as far as it is known here.

The matcher alone judges who won; intake shows its copy of that judgement, and what the person decided since.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.intake.domain.requests import FINAL, RequestState


class OfferState(StrEnum):
    """An offer as the matcher tells of it."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    UNDELIVERABLE = "undeliverable"


class Answer(StrEnum):
    """What a volunteer may answer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    HANDED_BACK = "handed_back"
    """Not an answer to the offer, but to the match it led to: the volunteer cannot go on."""


class View(StrEnum):
    """What the volunteer is told."""

    OPEN = "open"
    NOTED = "noted"
    MATCHED = "matched"
    INTRODUCED = "introduced"
    TAKEN = "taken"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True)
class MatchFacts:
    """The match that an offer led to, as far as intake knows it."""

    live: bool
    introduced: bool
    handed_back: bool = False
    ended_by: str | None = None


@dataclass(frozen=True)
class OfferFacts:
    """All that decides what a volunteer is told about one offer.

    A request that is not here any more is None. A volunteer who left or is suspended is not `at_work`.
    """

    state: OfferState
    reply: Answer | None
    match: MatchFacts | None
    request: RequestState | None
    at_work: bool

    @property
    def one_left(self) -> bool:
        """Tell whether the person ended the request, or the volunteer may not go on."""
        return self.request is None or self.request in FINAL or not self.at_work


_JUDGED = {
    OfferState.DECLINED: View.DECLINED,
    OfferState.EXPIRED: View.EXPIRED,
    # It reached nobody, so nothing was needed of whoever finds it after all.
    OfferState.UNDELIVERABLE: View.WITHDRAWN,
    OfferState.WITHDRAWN: View.WITHDRAWN,
    OfferState.SUPERSEDED: View.TAKEN,
}


def view_of(facts: OfferFacts) -> View:
    """Return what the volunteer is told.

    A person's withdrawal, close or erasure shows at once, before the matcher has heard of it; but what the matcher had
    judged before stays as it was judged.
    """
    if facts.match is not None:
        return _view_of_match(facts.match, one_left=facts.one_left)
    if facts.state in _JUDGED:
        return _JUDGED[facts.state]
    if facts.one_left:
        return View.WITHDRAWN
    if facts.state is OfferState.ACCEPTED:
        return View.MATCHED
    return View.OPEN if facts.reply is None else View.NOTED


def _view_of_match(match: MatchFacts, *, one_left: bool) -> View:
    if match.handed_back:
        return View.ENDED
    if match.live and not one_left:
        return View.INTRODUCED if match.introduced else View.MATCHED
    # Whoever said yes and was never introduced hears that it was withdrawn, if it was not they who stepped back.
    never_met = not match.introduced and (one_left or match.ended_by == "person")
    return View.WITHDRAWN if never_met else View.ENDED


def may_answer(view: View) -> bool:
    """Tell whether an answer given now is recorded; any other is only told what has become of the offer."""
    return view is View.OPEN
