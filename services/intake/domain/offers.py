"""What an offer looks like from the volunteer's side: always the truth, as far as it is known here.

The matcher alone judges who won; intake shows its projection of that judgement, and what the person decided since.
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


class OfferStatus(StrEnum):
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


LIVE = frozenset({OfferStatus.MATCHED, OfferStatus.INTRODUCED})
"""While the match that an offer led to goes on."""


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
    OfferState.DECLINED: OfferStatus.DECLINED,
    OfferState.EXPIRED: OfferStatus.EXPIRED,
    # It reached nobody, so nothing was needed of those who find it after all.
    OfferState.UNDELIVERABLE: OfferStatus.WITHDRAWN,
    OfferState.WITHDRAWN: OfferStatus.WITHDRAWN,
    OfferState.SUPERSEDED: OfferStatus.TAKEN,
}


def status_of(facts: OfferFacts) -> OfferStatus:
    """Return what the volunteer is told.

    A person's withdrawal, close or erasure shows at once, before the matcher has heard of it; but what the matcher had
    judged before stays as it was judged.
    """
    if facts.match is not None:
        return _status_of_match(facts.match, one_left=facts.one_left)
    if facts.state in _JUDGED:
        return _JUDGED[facts.state]
    if facts.one_left:
        return OfferStatus.WITHDRAWN
    if facts.state is OfferState.ACCEPTED:
        return OfferStatus.MATCHED
    return OfferStatus.OPEN if facts.reply is None else OfferStatus.NOTED


def _status_of_match(match: MatchFacts, *, one_left: bool) -> OfferStatus:
    if match.handed_back:
        return OfferStatus.ENDED
    if match.live and not one_left:
        return OfferStatus.INTRODUCED if match.introduced else OfferStatus.MATCHED
    # A volunteer who said yes and was never introduced hears that it was withdrawn, unless they stepped back.
    never_met = not match.introduced and (one_left or match.ended_by == "person")
    return OfferStatus.WITHDRAWN if never_met else OfferStatus.ENDED


def may_answer(status: OfferStatus) -> bool:
    """Tell whether an answer given now is recorded; any other is only told what has become of the offer."""
    return status is OfferStatus.OPEN
