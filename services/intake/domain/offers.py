"""What an offer looks like from the volunteer's side: always the truth, as far as it is known here.

The matcher alone judges who won; intake shows its projection of that judgement, and what the person decided since.
"""

from enum import StrEnum


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


_JUDGED = {
    OfferState.DECLINED: OfferStatus.DECLINED,
    OfferState.EXPIRED: OfferStatus.EXPIRED,
    # It reached nobody, so nothing was needed of those who find it after all.
    OfferState.UNDELIVERABLE: OfferStatus.WITHDRAWN,
    OfferState.WITHDRAWN: OfferStatus.WITHDRAWN,
    OfferState.SUPERSEDED: OfferStatus.TAKEN,
}


def status_of_offer(state: OfferState, *, answered: bool, one_left: bool) -> OfferStatus:
    """Return what the volunteer is told of an offer that led to no match, as far as intake knows.

    `one_left`: the person ended the request, or the volunteer may not go on. That shows at once, before the matcher has
    heard of it; but what the matcher had judged before stays as it was judged.
    """
    if state in _JUDGED:
        return _JUDGED[state]
    if one_left:
        return OfferStatus.WITHDRAWN
    if state is OfferState.ACCEPTED:
        return OfferStatus.MATCHED
    return OfferStatus.NOTED if answered else OfferStatus.OPEN


def status_of_match(
    *, live: bool, introduced: bool, handed_back: bool, ended_by: str | None, one_left: bool
) -> OfferStatus:
    """Return what the volunteer is told of an offer that led to a match; `one_left` as for an offer."""
    if handed_back:
        return OfferStatus.ENDED
    if live and not one_left:
        return OfferStatus.INTRODUCED if introduced else OfferStatus.MATCHED
    # A volunteer who said yes and was never introduced hears that it was withdrawn, unless they stepped back.
    never_met = not introduced and (one_left or ended_by == "person")
    return OfferStatus.WITHDRAWN if never_met else OfferStatus.ENDED
