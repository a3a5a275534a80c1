"""What the person reads about their own request: where it is, who was found and why, what is held, who opened it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.affiliations import Register
from services.intake.domain.conversation import texts_left
from services.intake.domain.next_step import NextStep, Search, next_step
from services.intake.domain.requests import IN_A_MATCH, SEARCHING, RequestState, may_ask_again
from services.intake.domain.volunteers import MAY_GO_ON
from services.intake.domain.why import why_this_peer
from services.intake.handlers.context import Intake
from services.intake.handlers.requests import find_request, open_person_form
from services.intake.handlers.retention import FORGET_WORDS, kept_until
from services.intake.schemas.shapes import Sealable
from services.intake.storage.access import Access, accesses_of
from services.intake.storage.messages import count_messages
from services.intake.storage.projections import MatchRow, handed_back, match_by_ref, offers_until
from services.intake.storage.requests import RequestRow
from services.intake.storage.volunteers import VolunteerRow, volunteer_by_ref
from shared.vault.errors import VaultError
from shared.vault.purposes import Purpose
from shared.vault.vault import SealedItem
from shared.vocabulary import vocabulary


@dataclass(frozen=True)
class Held:
    """One `part` of what is held (profile, card, private, notify), and until when if nothing more happens.

    `ends` is the code of what ends it sooner, besides an erasure, or moves that day: at_once or introduction.
    """

    part: str
    until: datetime | None
    ends: str = "at_once"


@dataclass(frozen=True)
class Conversation:
    """What the two of a live match may still do here: how many texts can be written.

    `check_ins` and `sign_asks` count how often the house has asked both how it goes, and for a sign of life.
    """

    texts_left: int
    check_ins: int
    sign_asks: int


@dataclass(frozen=True)
class MatchView:
    """The peer who said yes, as far as the person may know: the reasons `why`, and `shows`.

    `shows` always has affiliations and evaluative_roles (labels); besides, what the volunteer chose to show. The
    volunteer's contact is among it only after the introduction. None where the volunteer has left. `conversation` is
    None where nothing may be written.
    """

    match: str
    since: datetime
    live: bool
    introduced: bool
    why: list[str] | None
    shows: dict[str, Any] | None
    conversation: Conversation | None


@dataclass(frozen=True)
class RequestView:
    """A request as its person sees it. `wishes` is None once it is over; `time_zone` (IANA) is theirs, else UTC.

    `may_ask_again`: there is or was a peer, and what a search for someone else needs is not forgotten yet.
    `words_kept`: neither are the words and the contact, whether or not any were given.
    """

    state: RequestState
    next_step: NextStep
    match: MatchView | None
    wishes: dict[str, Any] | None
    may_ask_again: bool
    words_kept: bool
    held: list[Held]
    accesses: list[Access]
    asked_at: datetime
    time_zone: str


def read_request(intake: Intake, key: str) -> RequestView:
    """Return everything the person may know about the request of this key; Unknown or Gone otherwise."""
    with intake.database.transaction() as tx:
        row = find_request(tx, key)
        words_kept = row.private is not None
        return RequestView(
            state=row.state,
            next_step=next_step(
                row.state,
                Search(row.why, row.next_try_at, row.late),
                answer_by=_answer_by(tx, row),
                words_kept=words_kept,
            ),
            match=_match_view(tx, intake, row),
            wishes=open_person_form(intake, row) if row.state in SEARCHING else None,
            may_ask_again=may_ask_again(row.state) and words_kept,
            words_kept=words_kept,
            held=_held(tx, row),
            accesses=accesses_of(tx, row.ref),
            asked_at=row.asked_at,
            time_zone=time_zone_in(intake, row.profile, row.ref, Purpose.PERSON_PROFILE),
        )


def _answer_by(tx: Connection, row: RequestRow) -> datetime | None:
    """Return until when the volunteers can answer, or the person once somebody said yes; a little more is given."""
    if row.state is RequestState.OFFERING:
        return offers_until(tx, row.ref, row.round)
    match = match_by_ref(tx, row.match) if row.match and row.state is RequestState.MATCHED else None
    if match is None:
        return None
    # Writing first is an answer as well: the time counts from the last one of the person.
    since = max(match.matched_at, row.sign_at or match.matched_at)
    return since + vocabulary().defaults.match.person_yes


def time_zone_in(intake: Intake, profile: str | None, ref: str, purpose: Purpose) -> str:
    """Return the time zone of a sealed profile; UTC once it cannot be opened any more."""
    try:
        return str(intake.vault.open(profile, ref, purpose)["time_zone"]) if profile else "UTC"
    except VaultError:
        return "UTC"


def _held(tx: Connection, row: RequestRow) -> list[Held]:
    until, forgotten_at = kept_until(tx, row.ref), kept_until(tx, row.ref, FORGET_WORDS)
    private = Held("private", forgotten_at or until, "at_once" if forgotten_at else "introduction")
    rows = [
        (row.profile, Held("profile", until)),
        (row.card, Held("card", until)),
        (row.private, private),
        (row.notify, Held("notify", until)),
    ]
    return [held for value, held in rows if value is not None]


def _match_view(tx: Connection, intake: Intake, row: RequestRow) -> MatchView | None:
    match = match_by_ref(tx, row.match) if row.match else None
    if match is None:
        return None
    introduced = row.introduced_at is not None
    volunteer = volunteer_by_ref(tx, match.volunteer)
    why, shows = _about_peer(intake, row, volunteer, introduced=introduced) if volunteer else (None, None)
    open_to_both = row.state in IN_A_MATCH and match.live and volunteer_goes_on(tx, match)
    conversation = conversation_in(tx, match) if open_to_both else None
    return MatchView(match.ref, match.matched_at, match.live, introduced, why, shows, conversation)


def volunteer_goes_on(tx: Connection, match: MatchRow) -> bool:
    """Tell whether the volunteer of a match neither left nor handed it back, before the matcher has heard of it."""
    volunteer = volunteer_by_ref(tx, match.volunteer)
    return volunteer is not None and volunteer.state in MAY_GO_ON and not handed_back(tx, match.offer)


def conversation_in(tx: Connection, match: MatchRow) -> Conversation:
    """Return what the two of a live match may still do here."""
    return Conversation(texts_left(count_messages(tx, match.ref)), match.check_ins, match.sign_asks)


def _about_peer(
    intake: Intake, row: RequestRow, volunteer: VolunteerRow, *, introduced: bool
) -> tuple[list[str] | None, dict[str, Any] | None]:
    if row.profile is None or volunteer.profile is None or volunteer.private is None:
        return None, None
    try:
        person, profile, private = intake.open_all(
            [
                SealedItem(row.profile, row.ref, Purpose.PERSON_PROFILE),
                SealedItem(volunteer.profile, volunteer.ref, Purpose.VOLUNTEER_PROFILE),
                SealedItem(volunteer.private, volunteer.ref, Purpose.VOLUNTEER_PRIVATE),
            ],
        )
    except VaultError:
        # The volunteer, or the person on another device, is being erased at this moment.
        return None, None
    return why_this_peer(person, profile), what_is_shown(intake.register, profile, private, introduced=introduced)


def what_is_shown(register: Register, profile: Sealable, private: Sealable, *, introduced: bool) -> dict[str, Any]:
    """Return what the person sees of a volunteer, in labels: affiliations and roles always, the rest as they chose."""
    words = vocabulary()
    chosen = {
        "name": private["name"],
        "profession": words.professions[profile["profession"]],
        "care_area": words.care_areas[profile["care_area"]],
        "stage": words.stages[profile["stage"]].label,
        "gender": words.genders.get(profile["gender"] or ""),
        "themes": [words.themes[each["slug"]].label for each in profile["themes"]],
        "values": [words.values[slug] for slug in profile["values"]],
        "contact": private["contact"] if introduced else None,
    }
    return {
        "affiliations": [register.shown(text) for text in private["affiliations"]],
        "evaluative_roles": [
            {"role": words.evaluative_roles[each["role"]].label, "body": register.shown(each["body"])}
            for each in private["evaluative_roles"]
        ],
        **{name: value for name, value in chosen.items() if name in private["shows"] and value},
    }
