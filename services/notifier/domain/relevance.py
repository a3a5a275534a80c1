"""Whether a notice that has come due is still relevant: the last look before anything leaves the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from services.notifier.domain.facts import REQUEST_OVER, VOLUNTEER_SERVING, Match, Offer, Request, Search, Volunteer
from services.notifier.domain.notices import (
    Notice,
    Reader,
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
    """It ran out, and it is known that nothing went out: the matcher counts on an answer and has to hear that."""


@dataclass(frozen=True, slots=True)
class OfferNotice:
    """How the first notice of an offer fared. `may_be_out`: some try was accepted, or its outcome is unknown."""

    settled: bool
    may_be_out: bool


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """All that is known around one delivery; None = not here (yet)."""

    request: Request | None = None
    volunteer: Volunteer | None = None
    offer: Offer | None = None
    match: Match | None = None
    search: Search | None = None
    offer_notice: OfferNotice | None = None


def judge(notice: Notice, about: str, context: DeliveryContext, now: datetime, made_at: datetime) -> Verdict:
    """Return what to do with `notice` about `about`, made at `made_at`, at `now` (the notifier's database clock)."""
    if notice.reader is Reader.PERSON:
        recipient = _person_can_be_told(context.request)
    elif notice.reader is Reader.VOLUNTEER:
        recipient = _volunteer_can_be_told(context.volunteer)
    else:
        recipient = Verdict.SEND
    # An offer runs out while its volunteer is awaited as well, and then nobody was told.
    if recipient is Verdict.OBSOLETE or (recipient is Verdict.WAIT and notice is not Notice.OFFER):
        return recipient
    if _is_answered(notice, context, made_at):
        return Verdict.OBSOLETE
    rule = _RULES.get(notice)
    return rule(context, now) if rule is not None else _still_due(notice, about, context, now)


def _volunteer_can_be_told(volunteer: Volunteer | None) -> Verdict:
    if volunteer is None:
        return Verdict.WAIT
    return Verdict.OBSOLETE if volunteer.notify is None else Verdict.SEND


def _person_can_be_told(request: Request | None) -> Verdict:
    if request is None:
        return Verdict.WAIT
    return Verdict.OBSOLETE if request.notify is None or request.state in REQUEST_OVER else Verdict.SEND


def _is_answered(notice: Notice, context: DeliveryContext, made_at: datetime) -> bool:
    """Tell whether what `notice` asks for has come meanwhile.

    The question for a sign of life does not say when it was put; that was before it was made a notice, and not sooner
    after the last sign than SOONEST_QUESTION. So any later sign came after the question, or crossed it.
    """
    request, match = context.request, context.match
    if request is None or match is None:
        return False
    if notice is Notice.YES_WAITED_FOR:
        return request.state != "open"
    if notice is not Notice.NO_SIGN_OF_LIFE or request.sign_at is None or request.match != match.ref:
        return False
    return request.sign_at > made_at - SOONEST_QUESTION


def _still_due(notice: Notice, about: str, context: DeliveryContext, now: datetime) -> Verdict:
    """Send what the present states still make due; what they have moved on from is over."""
    request = context.request
    if request is not None and _is_over(request, now):
        return Verdict.OBSOLETE
    dues = [
        *(from_request(request) if request is not None else []),
        *(from_match(context.match) if context.match is not None else []),
        *(from_search(context.search) if context.search is not None else []),
        *(from_volunteer(context.volunteer) if context.volunteer is not None else []),
    ]
    return Verdict.SEND if any((due.notice, due.about) == (notice, about) for due in dues) else Verdict.OBSOLETE


def _is_over(request: Request, now: datetime) -> bool:
    return request.state in REQUEST_OVER or (request.ends_at is not None and now >= request.ends_at)


def _offer(context: DeliveryContext, now: datetime) -> Verdict:
    offer, request, volunteer = context.offer, context.request, context.volunteer
    if offer is None or offer.state != "made" or (request is not None and request.state in REQUEST_OVER):
        return Verdict.OBSOLETE
    if now >= offer.expires_at:
        return _ran_out(offer, context.offer_notice, now)
    # The matcher asks only volunteers who serve. Another state here means that this projection lags behind, and the
    # version that is on its way carries the two words. If it is true after all, the matcher takes the offer back.
    serving = volunteer is not None and volunteer.state in VOLUNTEER_SERVING
    return Verdict.SEND if serving else Verdict.WAIT


def _ran_out(offer: Offer, asked: OfferNotice | None, now: datetime) -> Verdict:
    if asked is None or asked.may_be_out:
        return Verdict.OBSOLETE
    return Verdict.UNTOLD if now >= offer.expires_at + IN_TIME else Verdict.WAIT


def _nudge(context: DeliveryContext, now: datetime) -> Verdict:
    asked = context.offer_notice
    # An offer notice that has not gone out yet comes now: it is its own reminder.
    if asked is None or not asked.may_be_out:
        return Verdict.OBSOLETE
    return _offer(context, now)


def _it_is_over(context: DeliveryContext, _now: datetime) -> Verdict:
    """Tell only a volunteer who was asked, or may have been, and only once that is settled.

    Waiting closes a gap: a replica may be claiming the offer notice at this instant, judging by the older state.
    """
    if context.match is not None:
        return Verdict.SEND
    asked = context.offer_notice
    if asked is None:
        return Verdict.OBSOLETE
    if not asked.settled:
        return Verdict.WAIT
    return Verdict.SEND if asked.may_be_out else Verdict.OBSOLETE


def _introduced(context: DeliveryContext, _now: datetime) -> Verdict:
    request, match, volunteer = context.request, context.match, context.volunteer
    if request is None or match is None or volunteer is None:
        return Verdict.WAIT
    if request.state != "introduced" or request.match != match.ref or match.state != "live":
        return Verdict.OBSOLETE
    return Verdict.SEND if volunteer.state in VOLUNTEER_SERVING else Verdict.WAIT


def _text_waiting(context: DeliveryContext, _now: datetime) -> Verdict:
    """Tell of a text while its match lives: the text itself goes with the match."""
    if context.match is None:
        return Verdict.WAIT
    return Verdict.SEND if context.match.state == "live" else Verdict.OBSOLETE


def _always(_context: DeliveryContext, _now: datetime) -> Verdict:
    return Verdict.SEND


_RULES: Mapping[Notice, Callable[[DeliveryContext, datetime], Verdict]] = {
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
