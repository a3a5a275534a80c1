"""Whether a notice that has come due is still true: the last look before anything leaves the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from services.notifier.domain.facts import REQUEST_OVER, VOLUNTEER_SERVING, Match, Offer, Request, Search, Volunteer
from services.notifier.domain.notices import Notice, from_search


class Verdict(Enum):
    """What to do with a notice now."""

    SEND = auto()
    WAIT = auto()
    """Something it depends on has not arrived, or another notice must be settled first."""
    OBSOLETE = auto()
    """It is no longer true, or nobody is there to be told."""


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


def judge(notice: Notice, about: str, picture: Picture, now: datetime) -> Verdict:
    """Return what to do with `notice` about `about` at `now` (the notifier's database clock)."""
    if notice is Notice.STALLED:
        return _stalled(picture, about)
    if notice is Notice.MATCHED:
        return _matched(picture, state="live")
    if notice is Notice.MATCH_OVER:
        return _matched(picture, state="ended")
    recipient = _volunteer_can_be_told(picture)
    if recipient is not Verdict.SEND:
        return recipient
    return _ABOUT_VOLUNTEERS[notice](picture, now)


def _volunteer_can_be_told(picture: Picture) -> Verdict:
    if picture.volunteer is None:
        return Verdict.WAIT
    return Verdict.OBSOLETE if picture.volunteer.notify is None else Verdict.SEND


def _offer(picture: Picture, now: datetime) -> Verdict:
    offer, request, volunteer = picture.offer, picture.request, picture.volunteer
    if offer is None or offer.state != "made" or now >= offer.expires_at:
        return Verdict.OBSOLETE
    if request is not None and request.state in REQUEST_OVER:
        return Verdict.OBSOLETE
    # The matcher asks only volunteers who serve: another state here means that this copy lags behind, and the version
    # that is on its way carries the two words. If it is true after all, the matcher takes the offer back.
    serving = volunteer is not None and volunteer.state in VOLUNTEER_SERVING
    return Verdict.SEND if serving else Verdict.WAIT


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


def _approved(picture: Picture, _now: datetime) -> Verdict:
    serving = picture.volunteer is not None and picture.volunteer.state in VOLUNTEER_SERVING
    return Verdict.SEND if serving else Verdict.OBSOLETE


def _person_can_be_told(request: Request | None) -> Verdict:
    if request is None:
        return Verdict.WAIT
    return Verdict.OBSOLETE if request.notify is None or request.state in REQUEST_OVER else Verdict.SEND


def _matched(picture: Picture, *, state: str) -> Verdict:
    if picture.match is None or picture.match.state != state:
        return Verdict.OBSOLETE
    return _person_can_be_told(picture.request)


def _stalled(picture: Picture, about: str) -> Verdict:
    still_due = from_search(picture.search) if picture.search is not None else []
    if about not in (due.about for due in still_due):
        return Verdict.OBSOLETE
    return _person_can_be_told(picture.request)


_ABOUT_VOLUNTEERS: Mapping[Notice, Callable[[Picture, datetime], Verdict]] = {
    Notice.OFFER: _offer,
    Notice.NUDGE: _nudge,
    Notice.TOO_LATE: _it_is_over,
    Notice.WITHDRAWN: _it_is_over,
    Notice.INTRODUCED: _introduced,
    Notice.APPROVED: _approved,
}
