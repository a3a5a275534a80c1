"""Which notices an aggregate's state makes due.

Each rule looks at one state alone, never at an event's name or at what came before, so a skipped or repeated version
neither loses nor doubles a notice: `(notice, about)` exists once. Whatever else a notice depends on is judged when its
time comes (`relevance.py`).
"""

from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from hashlib import sha256
from typing import Self

from services.notifier.domain.facts import VOLUNTEER_SERVING, Match, Offer, Request, Search, Volunteer


class Reader(Enum):
    """Who is told. Notices to a volunteer show the two words."""

    PERSON = auto()
    VOLUNTEER = auto()
    COORDINATOR = auto()


class Way(Enum):
    """Where a notice leads its reader."""

    OFFER = auto()
    """By a link with the token of the offer it is about. It asks for an answer, and lives no longer than that offer."""
    MATCH = auto()
    """By a link with the token of the offer that became the match."""
    HOME = auto()
    """By a link to the volunteer's own page."""
    KEY = auto()
    """To the start page, where the reader's own key opens what it is about."""
    COORDINATOR_PAGE = auto()
    """To the coordinator's page, where it stands under a ref."""
    NOWHERE = auto()


class Notice(StrEnum):
    """What somebody may be told. The value is the key of its texts and stands in events."""

    reader: Reader
    way: Way

    OFFER = "offer", Reader.VOLUNTEER, Way.OFFER
    NUDGE = "nudge", Reader.VOLUNTEER, Way.OFFER
    TOO_LATE = "too_late", Reader.VOLUNTEER, Way.NOWHERE
    WITHDRAWN = "withdrawn", Reader.VOLUNTEER, Way.NOWHERE
    INTRODUCED = "introduced", Reader.VOLUNTEER, Way.MATCH
    TEXT_WAITING_VOLUNTEER = "text_waiting_volunteer", Reader.VOLUNTEER, Way.MATCH
    CHECK_IN_VOLUNTEER = "check_in_volunteer", Reader.VOLUNTEER, Way.MATCH
    NO_SIGN_OF_LIFE = "no_sign_of_life", Reader.VOLUNTEER, Way.MATCH
    APPROVED = "approved", Reader.VOLUNTEER, Way.KEY
    HOME_LINK = "home_link", Reader.VOLUNTEER, Way.HOME
    MATCHED = "matched", Reader.PERSON, Way.KEY
    YES_WAITED_FOR = "yes_waited_for", Reader.PERSON, Way.KEY
    MATCH_OVER = "match_over", Reader.PERSON, Way.KEY
    STALLED = "stalled", Reader.PERSON, Way.KEY
    TEXT_WAITING_PERSON = "text_waiting_person", Reader.PERSON, Way.KEY
    CHECK_IN_PERSON = "check_in_person", Reader.PERSON, Way.KEY
    ENDS_SOON = "ends_soon", Reader.PERSON, Way.KEY
    APPLICATION = "application", Reader.COORDINATOR, Way.COORDINATOR_PAGE
    REQUEST_LATE = "request_late", Reader.COORDINATOR, Way.COORDINATOR_PAGE
    REQUEST_STALLED = "request_stalled", Reader.COORDINATOR, Way.COORDINATOR_PAGE
    SAFETY_REPORT = "safety_report", Reader.COORDINATOR, Way.COORDINATOR_PAGE
    FLOOD = "flood", Reader.COORDINATOR, Way.COORDINATOR_PAGE

    def __new__(cls, value: str, reader: Reader, way: Way) -> Self:
        notice = str.__new__(cls, value)
        notice._value_, notice.reader, notice.way = value, reader, way
        return notice


@dataclass(frozen=True, slots=True)
class Due:
    """A notice that is due. `about` tells it from others of its kind; the refs are what is known so far.

    It is the ref of an aggregate, or that and one of its facts, such as `<volunteer>.<generation>`.
    """

    notice: Notice
    about: str
    request: str | None = None
    offer: str | None = None
    match: str | None = None
    volunteer: str | None = None
    report: str | None = None


def desk_of(address: str) -> str:
    """Return what stands in rows for one of the coordinator's addresses, which itself stands in none."""
    return sha256(address.encode()).hexdigest()[:16]


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
    was asked since. Once it has ended, those hear of that who did not end it.
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


def from_message(message: str, to: str, request: str, match: str, volunteer: str) -> list[Due]:
    """Return what a message of the conversation that waits for `to`, person or volunteer, makes due to its reader."""
    known = Due(Notice.TEXT_WAITING_PERSON, about=message, request=request, match=match)
    if to == "person":
        return [known]
    return [replace(known, notice=Notice.TEXT_WAITING_VOLUNTEER, volunteer=volunteer)]


def from_volunteer(volunteer: Volunteer) -> list[Due]:
    """Return what a volunteer's state makes due.

    The volunteer hears of the approval, once in a lifetime, and gets each home link that was asked for; the coordinator
    hears of each application, and of changes that are to be vetted.
    """
    told: list[Due] = []
    if volunteer.state in VOLUNTEER_SERVING:
        told.append(Due(Notice.APPROVED, about=volunteer.ref, volunteer=volunteer.ref))
    if volunteer.state == "applied" or (volunteer.to_vet and volunteer.state in VOLUNTEER_SERVING):
        about = f"{volunteer.ref}.{volunteer.vetted}"
        told.append(Due(Notice.APPLICATION, about=about, volunteer=volunteer.ref))
    if volunteer.generation and volunteer.state != "removed":
        about = f"{volunteer.ref}.{volunteer.generation}"
        told.append(Due(Notice.HOME_LINK, about=about, volunteer=volunteer.ref))
    return told


def from_search(search: Search) -> list[Due]:
    """Return what a search makes due, once per wait: an alarm to the coordinator, and in the end how it stands to both.

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


def from_report(report: str, kind: str) -> list[Due]:
    """Return what a report of the kind safety or flood makes due: the coordinator is to look."""
    notice = Notice.SAFETY_REPORT if kind == "safety" else Notice.FLOOD
    return [Due(notice, about=report, report=report)]
