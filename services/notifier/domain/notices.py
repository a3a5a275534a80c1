"""Which notices an aggregate's state makes due.

Each rule looks at one state alone, never at an event's name or at what came before, so a skipped or repeated version
neither loses nor doubles a notice: `(notice, about)` exists once. Whatever else a notice depends on is judged when its
time comes (`truth.py`).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from services.notifier.domain.facts import VOLUNTEER_SERVING, Match, Offer, Request, Search, Volunteer


class Notice(StrEnum):
    """What somebody may be told. The value names the folder of its templates and stands in events."""

    OFFER = "offer"
    NUDGE = "nudge"
    TOO_LATE = "too_late"
    WITHDRAWN = "withdrawn"
    INTRODUCED = "introduced"
    APPROVED = "approved"
    MATCHED = "matched"
    MATCH_OVER = "match_over"
    STALLED = "stalled"


TO_THE_PERSON = frozenset({Notice.MATCHED, Notice.MATCH_OVER, Notice.STALLED})
"""Notices that go to the person who asked; all others go to a volunteer."""

ASKING = frozenset({Notice.OFFER, Notice.NUDGE})
"""Notices that ask for an answer, and therefore live no longer than the offer they are about."""


@dataclass(frozen=True, slots=True)
class Due:
    """A notice that is due. `about` tells it from others of its kind; the refs are what is known so far."""

    notice: Notice
    about: str
    request: str | None = None
    offer: str | None = None
    match: str | None = None
    volunteer: str | None = None


def from_offer(offer: Offer) -> list[Due]:
    """Return what the volunteer of `offer` is due: being asked, reminded, or told that it is over."""
    notices: list[Notice] = []
    if offer.state == "made":
        notices = [Notice.OFFER] if offer.nudged_at is None else [Notice.OFFER, Notice.NUDGE]
    elif offer.state == "superseded":
        notices = [Notice.TOO_LATE]
    elif offer.state == "withdrawn":
        notices = [Notice.WITHDRAWN]
    return [
        Due(notice, about=offer.ref, request=offer.request, offer=offer.ref, volunteer=offer.volunteer)
        for notice in notices
    ]


def from_match(match: Match) -> list[Due]:
    """Return what a match makes due: the person hears of the yes; whoever did not end it hears of its end."""
    known = Due(Notice.MATCHED, about=match.ref, request=match.request, offer=match.offer, match=match.ref)
    if match.state == "live":
        return [known]
    told: list[Due] = []
    if match.ended_by != "volunteer":
        told.append(replace(known, notice=Notice.WITHDRAWN, volunteer=match.volunteer))
    if match.ended_by != "person":
        told.append(replace(known, notice=Notice.MATCH_OVER))
    return told


def from_request(request: Request) -> list[Due]:
    """Return what a request makes due: once introduced, the volunteer of that match hears of the person's yes."""
    if request.state == "introduced" and request.match is not None:
        return [Due(Notice.INTRODUCED, about=request.match, request=request.ref, match=request.match)]
    return []


def from_volunteer(volunteer: Volunteer) -> list[Due]:
    """Return what a volunteer's state makes due: word of the approval, once in a lifetime."""
    if volunteer.state in VOLUNTEER_SERVING:
        return [Due(Notice.APPROVED, about=volunteer.ref, volunteer=volunteer.ref)]
    return []


def from_search(search: Search) -> list[Due]:
    """Return what a search makes due: the person hears once per round that it has stalled."""
    if search.state == "stalled":
        return [Due(Notice.STALLED, about=f"{search.request}.{search.round}", request=search.request)]
    return []
