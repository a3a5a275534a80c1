"""Which notices an aggregate's state makes due.

Each rule looks at one state alone, never at an event's name or at what came before, so a skipped or repeated version
neither loses nor doubles a notice: `(notice, about)` exists once. Whatever else a notice depends on is judged when its
time comes (`relevance.py`).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from services.notifier.domain.facts import (
    VOLUNTEER_SERVING,
    Match,
    Offer,
    Report,
    Request,
    Search,
    Volunteer,
    WaitingMessage,
)


class Notice(StrEnum):
    """What somebody may be told. The value is the key of its texts and stands in events."""

    OFFER = "offer"
    NUDGE = "nudge"
    TOO_LATE = "too_late"
    WITHDRAWN = "withdrawn"
    INTRODUCED = "introduced"
    TEXT_WAITING_VOLUNTEER = "text_waiting_volunteer"
    CHECK_IN_VOLUNTEER = "check_in_volunteer"
    NO_SIGN_OF_LIFE = "no_sign_of_life"
    APPROVED = "approved"
    HOME_LINK = "home_link"
    MATCHED = "matched"
    YES_WAITED_FOR = "yes_waited_for"
    MATCH_OVER = "match_over"
    STALLED = "stalled"
    TEXT_WAITING_PERSON = "text_waiting_person"
    CHECK_IN_PERSON = "check_in_person"
    ENDS_SOON = "ends_soon"
    APPLICATION = "application"
    REQUEST_LATE = "request_late"
    REQUEST_STALLED = "request_stalled"
    SAFETY_REPORT = "safety_report"
    FLOOD = "flood"


TO_THE_PERSON = frozenset(
    {
        Notice.MATCHED,
        Notice.YES_WAITED_FOR,
        Notice.MATCH_OVER,
        Notice.STALLED,
        Notice.TEXT_WAITING_PERSON,
        Notice.CHECK_IN_PERSON,
        Notice.ENDS_SOON,
    }
)
"""Notices that go to the person who asked."""

TO_THE_COORDINATOR = frozenset(
    {Notice.APPLICATION, Notice.REQUEST_LATE, Notice.REQUEST_STALLED, Notice.SAFETY_REPORT, Notice.FLOOD}
)
"""Notices that go to the coordinator."""

TO_THE_VOLUNTEER = frozenset(Notice) - TO_THE_PERSON - TO_THE_COORDINATOR
"""Notices that go to a volunteer, with the two words."""

ASKING = frozenset({Notice.OFFER, Notice.NUDGE})
"""Notices that ask for an answer, and therefore live no longer than the offer they are about."""

OF_A_MATCH = frozenset(
    {Notice.INTRODUCED, Notice.TEXT_WAITING_VOLUNTEER, Notice.CHECK_IN_VOLUNTEER, Notice.NO_SIGN_OF_LIFE}
)
"""Notices to the volunteer of a match: what they lead to opens with the token of the offer that became the match."""

LINKED = ASKING | OF_A_MATCH | {Notice.HOME_LINK}
"""Notices that carry a link which opens what they are about."""

KEY_OPENS = TO_THE_PERSON | {Notice.APPROVED}
"""Notices that lead to the start page, where their reader's own key opens what they are about."""


@dataclass(frozen=True, slots=True)
class Due:
    """A notice that is due. `about` tells it from others of its kind; the refs are what is known so far."""

    notice: Notice
    about: str
    request: str | None = None
    offer: str | None = None
    match: str | None = None
    volunteer: str | None = None
    report: str | None = None


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
    """Return what a match makes due.

    While it lives the person hears of the yes, and in time that it waits for theirs; both hear of each question that
    was asked since. Once it has ended, whoever did not end it hears of that.
    """
    person = Due(Notice.MATCHED, about=match.ref, request=match.request, offer=match.offer, match=match.ref)
    volunteer = replace(person, volunteer=match.volunteer)
    told: list[Due] = []
    if match.state == "live":
        told.append(person)
        if match.nudged_at is not None:
            told.append(replace(person, notice=Notice.YES_WAITED_FOR))
        if match.check_ins:
            about = f"{match.ref}.{match.check_ins}"
            told.append(replace(person, notice=Notice.CHECK_IN_PERSON, about=about))
            told.append(replace(volunteer, notice=Notice.CHECK_IN_VOLUNTEER, about=about))
        if match.sign_asks:
            told.append(replace(volunteer, notice=Notice.NO_SIGN_OF_LIFE, about=f"{match.ref}.{match.sign_asks}"))
        return told
    if match.ended_by != "volunteer":
        told.append(replace(volunteer, notice=Notice.WITHDRAWN))
    if match.ended_by != "person":
        told.append(replace(person, notice=Notice.MATCH_OVER))
    return told


def from_request(request: Request) -> list[Due]:
    """Return what a request makes due: word of the person's yes to the volunteer, word of its end to the person."""
    told: list[Due] = []
    if request.state == "introduced" and request.match is not None:
        told.append(Due(Notice.INTRODUCED, about=request.match, request=request.ref, match=request.match))
    if request.ends_at is not None:
        told.append(Due(Notice.ENDS_SOON, about=f"{request.ref}.{request.ends_at:%Y%m%d%H}", request=request.ref))
    return told


def from_message(message: WaitingMessage) -> list[Due]:
    """Return what a message that waits makes due: its reader hears that something waits."""
    known = Due(Notice.TEXT_WAITING_PERSON, about=message.ref, request=message.request, match=message.match)
    if message.to == "person":
        return [known]
    return [replace(known, notice=Notice.TEXT_WAITING_VOLUNTEER, volunteer=message.volunteer)]


def from_volunteer(volunteer: Volunteer) -> list[Due]:
    """Return what a volunteer's state makes due.

    The volunteer hears of the approval, once in a lifetime, and gets each home link that was asked for; the coordinator
    hears of each application.
    """
    told: list[Due] = []
    if volunteer.state in VOLUNTEER_SERVING:
        told.append(Due(Notice.APPROVED, about=volunteer.ref, volunteer=volunteer.ref))
    if volunteer.state == "applied":
        about = f"{volunteer.ref}.{volunteer.vetted}"
        told.append(Due(Notice.APPLICATION, about=about, volunteer=volunteer.ref))
    if volunteer.generation and volunteer.state != "removed":
        about = f"{volunteer.ref}.{volunteer.generation}"
        told.append(Due(Notice.HOME_LINK, about=about, volunteer=volunteer.ref))
    return told


def from_search(search: Search) -> list[Due]:
    """Return what a search makes due, once per wait: an alarm to the coordinator, and in the end the truth to both.

    A volunteer who hands a request back lets it wait anew in the same round, and that is told of anew.
    """
    wait = search.round if search.waiting_since is None else f"{search.waiting_since:%Y%m%d%H}"
    stalled, silent = search.state == "stalled", search.late == "silent_limit"
    notices = [
        *([Notice.REQUEST_LATE] if search.late != "no" else []),
        *([Notice.REQUEST_STALLED] if stalled else []),
        *([Notice.STALLED] if stalled or silent else []),
    ]
    return [Due(notice, about=f"{search.ref}.{wait}", request=search.ref) for notice in notices]


def from_report(report: Report) -> list[Due]:
    """Return what a report makes due: the coordinator is to look."""
    notice = Notice.SAFETY_REPORT if report.kind == "safety" else Notice.FLOOD
    return [Due(notice, about=report.ref, report=report.ref)]
