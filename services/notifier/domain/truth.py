"""Whether a notice that has come due is still true: the last look before anything leaves the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from services.notifier.domain.facts import REQUEST_OVER, VOLUNTEER_SERVING, Match, Offer, Request, Search, Volunteer
from services.notifier.domain.notices import (
    TO_THE_PERSON,
    TO_THE_VOLUNTEER,
    Notice,
    from_match,
    from_request,
    from_search,
    from_volunteer,
)
from shared.vocabulary import vocabulary

IN_TIME = vocabulary().defaults.offers.grace / 2
"""How long after its end an offer that nobody was told of is left alone: a yes that was given on the volunteer's own
page in time still comes first (R7). The other half is left for the word of it to reach the matcher, which closes the
offer as ignored after the whole."""

SOONEST_QUESTION = vocabulary().defaults.match.first_contact
"""No match is asked for a sign of life sooner than this after its introduction, or after its last sign."""


class Verdict(Enum):
    """What to do with a notice now."""

    SEND = auto()
    WAIT = auto()
    """Something it depends on has not arrived, or another notice must be settled first."""
    OBSOLETE = auto()
    """It is no longer true, or nobody is there to be told."""
    UNTOLD = auto()
    """It ran out, and it is known that nothing went out: whoever counts on an answer has to hear that."""


@dataclass(frozen=True, slots=True)
class OfferNotice:
    """How the first notice of an offer fared. `may_be_out`: some attempt was accepted, or its outcome is unknown."""

    settled: bool
    may_be_out: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is known around one delivery; None = not here (yet)."""

    request: Request | None = None
    volunteer: Volunteer | None = None
    offer: Offer | None = None
    match: Match | None = None
    search: Search | None = None
    offer_notice: OfferNotice | None = None


def judge(notice: Notice, about: str, picture: Picture, now: datetime, made_at: datetime) -> Verdict:
    """Return what to do with `notice` about `about`, made at `made_at`, at `now` (the notifier's database clock)."""
    if notice in TO_THE_PERSON:
        recipient = _person_can_be_told(picture.request)
    elif notice in TO_THE_VOLUNTEER:
        recipient = _volunteer_can_be_told(picture.volunteer)
    else:
        recipient = Verdict.SEND
    # An offer runs out while its volunteer is awaited as well, and then nobody was told.
    if recipient is Verdict.OBSOLETE or (recipient is Verdict.WAIT and notice is not Notice.OFFER):
        return recipient
    if _is_answered(notice, picture, made_at):
        return Verdict.OBSOLETE
    rule = _RULES.get(notice)
    return rule(picture, now) if rule is not None else _still_due(notice, about, picture, now)


def _volunteer_can_be_told(volunteer: Volunteer | None) -> Verdict:
    if volunteer is None:
        return Verdict.WAIT
    return Verdict.OBSOLETE if volunteer.notify is None else Verdict.SEND


def _person_can_be_told(request: Request | None) -> Verdict:
    if request is None:
        return Verdict.WAIT
    return Verdict.OBSOLETE if request.notify is None or request.state in REQUEST_OVER else Verdict.SEND


def _is_answered(notice: Notice, picture: Picture, made_at: datetime) -> bool:
    """Tell whether what `notice` asks for has come meanwhile.

    The question for a sign of life does not say when it was put; that was before it was made a notice, and not sooner
    after the last sign than SOONEST_QUESTION. So any later sign came after the question, or crossed it.
    """
    request, match = picture.request, picture.match
    if request is None or match is None:
        return False
    if notice is Notice.YES_WAITED_FOR:
        return request.state != "open"
    if notice is not Notice.NO_SIGN_OF_LIFE or request.sign_at is None or request.match != match.ref:
        return False
    return request.sign_at > made_at - SOONEST_QUESTION


def _still_due(notice: Notice, about: str, picture: Picture, now: datetime) -> Verdict:
    """Send what the present states still make due; what they have moved on from is over."""
    request = picture.request
    if request is not None and _is_over(request, now):
        return Verdict.OBSOLETE
    dues = [
        *(from_request(request) if request is not None else []),
        *(from_match(picture.match) if picture.match is not None else []),
        *(from_search(picture.search) if picture.search is not None else []),
        *(from_volunteer(picture.volunteer) if picture.volunteer is not None else []),
    ]
    return Verdict.SEND if any((due.notice, due.about) == (notice, about) for due in dues) else Verdict.OBSOLETE


def _is_over(request: Request, now: datetime) -> bool:
    return request.state in REQUEST_OVER or (request.ends_at is not None and now >= request.ends_at)


def _offer(picture: Picture, now: datetime) -> Verdict:
    offer, request, volunteer = picture.offer, picture.request, picture.volunteer
    if offer is None or offer.state != "made" or (request is not None and request.state in REQUEST_OVER):
        return Verdict.OBSOLETE
    if now >= offer.expires_at:
        return _ran_out(offer, picture.offer_notice, now)
    # The matcher asks only volunteers who serve: another state here means that this copy lags behind, and the version
    # that is on its way carries the two words. If it is true after all, the matcher takes the offer back.
    serving = volunteer is not None and volunteer.state in VOLUNTEER_SERVING
    return Verdict.SEND if serving else Verdict.WAIT


def _ran_out(offer: Offer, asked: OfferNotice | None, now: datetime) -> Verdict:
    if asked is None or asked.may_be_out:
        return Verdict.OBSOLETE
    return Verdict.UNTOLD if now >= offer.expires_at + IN_TIME else Verdict.WAIT


def _nudge(picture: Picture, now: datetime) -> Verdict:
    asked = picture.offer_notice
    # An offer notice that has not gone out yet comes now: it is its own reminder.
    if asked is None or not asked.may_be_out:
        return Verdict.OBSOLETE
    return _offer(picture, now)


def _it_is_over(picture: Picture, _now: datetime) -> Verdict:
    """Tell only a volunteer who was asked, or may have been, and only once that is settled.

    Waiting closes a gap: a replica may be claiming the offer notice at this instant, judging by the older state.
    """
    if picture.match is not None:
        return Verdict.SEND
    asked = picture.offer_notice
    if asked is None:
        return Verdict.OBSOLETE
    if not asked.settled:
        return Verdict.WAIT
    return Verdict.SEND if asked.may_be_out else Verdict.OBSOLETE


def _introduced(picture: Picture, _now: datetime) -> Verdict:
    request, match, volunteer = picture.request, picture.match, picture.volunteer
    if request is None or match is None or volunteer is None:
        return Verdict.WAIT
    if request.state != "introduced" or request.match != match.ref or match.state != "live":
        return Verdict.OBSOLETE
    return Verdict.SEND if volunteer.state in VOLUNTEER_SERVING else Verdict.WAIT


def _text_waiting(picture: Picture, _now: datetime) -> Verdict:
    """Tell of a text while its match lives: the text itself goes with the match."""
    if picture.match is None:
        return Verdict.WAIT
    return Verdict.SEND if picture.match.state == "live" else Verdict.OBSOLETE


def _always(_picture: Picture, _now: datetime) -> Verdict:
    return Verdict.SEND


_RULES: Mapping[Notice, Callable[[Picture, datetime], Verdict]] = {
    Notice.OFFER: _offer,
    Notice.NUDGE: _nudge,
    Notice.TOO_LATE: _it_is_over,
    Notice.WITHDRAWN: _it_is_over,
    Notice.INTRODUCED: _introduced,
    Notice.TEXT_WAITING_PERSON: _text_waiting,
    Notice.TEXT_WAITING_VOLUNTEER: _text_waiting,
    Notice.SAFETY_REPORT: _always,
    Notice.FLOOD: _always,
}
"""Rules that need more than the notice still being due."""
