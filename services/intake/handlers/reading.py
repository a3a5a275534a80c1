"""What the person reads about their own request: where it is, who was found and why, what is held, who opened it."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.affiliations import Register
from services.intake.domain.conversation import Written, texts_left
from services.intake.domain.next_step import NextStep, next_step
from services.intake.domain.place import place_of
from services.intake.domain.refusals import Gone, Unknown
from services.intake.domain.requests import ALLOWED, SEARCHING, Command, RequestState
from services.intake.domain.vetting import counting
from services.intake.domain.why import why_this_peer
from services.intake.handlers.context import Intake
from services.intake.handlers.keys import lookup_of
from services.intake.handlers.requests import person_form_in
from services.intake.handlers.retention import ERASE, FORGET_WORDS
from services.intake.schemas.shapes import Sealable
from services.intake.storage.access import Access, accesses_of
from services.intake.storage.queries import messages_of
from services.intake.storage.snapshots import RequestSnapshot, request_snapshot
from services.intake.storage.tables import MatchRow, MessageRow, RequestRow
from shared.clock import from_text
from shared.vault.errors import KeyDestroyed, Tampered, UnknownKey
from shared.vault.purposes import Purpose
from shared.vault.vault import Look, SealedItem
from shared.vocabulary import vocabulary

LOST = (KeyDestroyed, UnknownKey, Tampered)
"""What cannot be opened any more. A broken keyring is none of these: an operator has to hear of it."""


@dataclass(frozen=True)
class Held:
    """One `part` of what is held (profile, card, private, notify), and until when if nothing more happens.

    `ends` is the code of what ends it sooner, besides an erasure, or moves that day: at_once or introduction.
    """

    part: str
    until: datetime | None
    ends: str = "at_once"


@dataclass(frozen=True)
class Text:
    """One text as both sides read it. `by` is person or volunteer, `at` a full hour.

    `proposes` is a time to talk; with one, the text may be empty.
    """

    ref: str
    by: str
    text: str
    at: datetime
    proposes: datetime | None = None


@dataclass(frozen=True)
class Conversation:
    """What the two of a live match have written here, oldest first.

    `check_ins` and `sign_asks` count how often the house has asked both how it goes, and for a sign of life.
    """

    texts: list[Text]
    check_ins: int
    sign_asks: int

    @property
    def texts_left(self) -> int:
        return texts_left(len(self.texts))


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
    with intake.database.snapshot() as tx:
        found = found_request(request_snapshot(tx, lookup_of(key), due=(ERASE, FORGET_WORDS)))
        accesses = accesses_of(tx, found.request.ref)
        messages = messages_of(tx, found.live_match.ref) if found.live_match else []
    row, volunteer = found.request, found.volunteer
    theirs = volunteer.items(Purpose.VOLUNTEER_PROFILE, Purpose.VOLUNTEER_PRIVATE) if volunteer and row.profile else []
    wishes = (Purpose.PERSON_PRIVATE, Purpose.PERSON_NOTIFY) if row.state in SEARCHING else ()
    look = intake.vault.look(
        [*row.items(Purpose.PERSON_PROFILE, *wishes), *theirs, *(message.item for message in messages)]
    )
    words_kept = row.private is not None
    return RequestView(
        state=row.state,
        next_step=next_step(
            row.state,
            why=row.why,
            next_try_at=row.next_try_at,
            late=row.late,
            answer_by=_answer_by(found),
            words_kept=words_kept,
        ),
        match=_match_view(intake, look, found, messages),
        wishes=person_form_in(look, row) if row.state in SEARCHING else None,
        may_ask_again=row.state in ALLOWED[Command.ANOTHER] and words_kept,
        words_kept=words_kept,
        held=_held(row, until=found.due[ERASE], forgotten_at=found.due[FORGET_WORDS]),
        accesses=accesses,
        asked_at=row.asked_at,
        time_zone=zone_in(look, row.items(Purpose.PERSON_PROFILE)),
    )


def found_request(snapshot: RequestSnapshot | None) -> RequestSnapshot:
    """Return what a key found; Unknown if that is nothing, Gone if it was erased."""
    if snapshot is None:
        raise Unknown
    if snapshot.request.state is RequestState.ERASED:
        raise Gone
    return snapshot


def _answer_by(found: RequestSnapshot) -> datetime | None:
    """Return until when the volunteers can answer, or the person once somebody said yes; a little more is given."""
    if found.request.state is RequestState.OFFERING:
        return found.offers_until
    if found.match is None or found.request.state is not RequestState.MATCHED:
        return None
    # Writing first is an answer as well: the time counts from the last one of the person.
    since = max(found.match.matched_at, found.request.sign_at or found.match.matched_at)
    return since + vocabulary().defaults.match.person_yes


def zone_in(look: Look, profile: Sequence[SealedItem]) -> str:
    """Return the time zone (IANA) of a sealed profile; UTC where it is gone or cannot be opened any more."""
    try:
        return str(look.open(profile[0])["time_zone"]) if profile else "UTC"
    except LOST:
        return "UTC"


def conversation_in(look: Look, match: MatchRow | None, messages: Sequence[MessageRow]) -> Conversation | None:
    """Return what the two of a live match have written; None without one, or where it ends at this very moment."""
    if match is None:
        return None
    try:
        opened = [(row, written_in(look, row)) for row in messages]
    except KeyDestroyed:
        return None
    texts = [Text(row.ref, row.by, said.text, row.at, said.proposes) for row, said in opened]
    return Conversation(texts, match.check_ins, match.sign_asks)


def written_in(look: Look, row: MessageRow) -> Written:
    said = look.open(row.item)
    # Texts that were sealed before times could be proposed have no such field.
    proposes = said.get("proposes")
    return Written(said["text"], from_text(proposes) if proposes else None)


def _held(row: RequestRow, *, until: datetime | None, forgotten_at: datetime | None) -> list[Held]:
    private = Held("private", forgotten_at or until, "at_once" if forgotten_at else "introduction")
    parts = [Held("profile", until), Held("card", until), private, Held("notify", until)]
    return [each for each in parts if getattr(row, each.part) is not None]


def _match_view(intake: Intake, look: Look, found: RequestSnapshot, messages: Sequence[MessageRow]) -> MatchView | None:
    row, match, volunteer = found.request, found.match, found.volunteer
    if match is None:
        return None
    introduced = row.introduced_at is not None
    why: list[str] | None = None
    shows: dict[str, Any] | None = None
    if row.profile and volunteer and volunteer.profile and volunteer.private:
        # What is lost: the volunteer, or the person on another device, is being erased at this moment.
        with contextlib.suppress(*LOST):
            profile = look.open(volunteer.item(Purpose.VOLUNTEER_PROFILE))
            private = look.open(volunteer.item(Purpose.VOLUNTEER_PRIVATE))
            why = why_this_peer(look.open(row.item(Purpose.PERSON_PROFILE)), profile)
            shows = what_is_shown(intake.register, profile, private, introduced=introduced)
    conversation = conversation_in(look, found.live_match, messages)
    return MatchView(match.ref, match.matched_at, match.live, introduced, why, shows, conversation)


def what_is_shown(register: Register, profile: Sealable, private: Sealable, *, introduced: bool) -> dict[str, Any]:
    """Return what the person sees of a volunteer, in labels: affiliations and roles always, the rest as they chose.

    Places and roles that were changed since a coordinator last looked are shown, too: they count.
    """
    words = vocabulary()
    chosen = {
        "name": private["name"],
        "profession": words.labels["professions"][profile["profession"]],
        "care_area": words.labels["care_areas"][profile["care_area"]],
        "stage": words.labels["stages"][profile["stage"]],
        "gender": words.genders.get(profile["gender"] or ""),
        "themes": [words.labels["themes"][each["slug"]] for each in profile["themes"]],
        "values": [words.values[slug] for slug in profile["values"]],
        "contact": private["contact"] if introduced else None,
    }
    return {
        "affiliations": [register.shown(place_of(each)) for each in counting(private, "affiliations")],
        "evaluative_roles": [
            {"role": words.evaluative_roles[each["role"]].label, "body": register.shown(place_of(each["body"]))}
            for each in counting(private, "evaluative_roles")
        ],
        **{name: value for name, value in chosen.items() if name in private["shows"] and value},
    }
