"""What the two of a live match do: write short texts, say that they spoke, and once introduced open words and contact.

Writing is open to both from the volunteer's yes on, so that the person can write first. Texts are sealed, lie in this
database alone and go with the match; no name, number or address goes with one. `by` is PERSON, whose `key` is the
request key, or VOLUNTEER, whose `key` is the offer's token.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from services.intake.domain.conversation import PROPOSES, Written, check_written
from services.intake.domain.offers import LIVE, OfferStatus
from services.intake.domain.refusals import Invalid, WrongState
from services.intake.domain.requests import Command, RequestState, after_command
from services.intake.domain.times import moment_at
from services.intake.handlers import retention
from services.intake.handlers.announcing import announce, message_event, publish_request
from services.intake.handlers.context import Intake
from services.intake.handlers.erasing import let_go
from services.intake.handlers.keys import lookup_of, offer_of
from services.intake.handlers.offers import find_offer, read_offer
from services.intake.handlers.reading import Text, found_request, read_request, written_in, zone_in
from services.intake.storage.access import Access, Opened, Opener, Reason, record_access
from services.intake.storage.queries import lock_request, messages_of, take_out_messages
from services.intake.storage.snapshots import request_snapshot
from services.intake.storage.tables import MESSAGES, MatchRow, MessageRow, RequestRow, due_rows
from shared.clock import to_hour, to_text
from shared.messaging.outbox import NewEvent
from shared.refs import new_ref
from shared.vault.purposes import Purpose
from shared.vault.vault import Look, SealedItem

PERSON, VOLUNTEER = "person", "volunteer"


@dataclass(frozen=True)
class Revealed:
    """What the person wants the volunteer to have; None is what they did not give.

    `forgotten`: the time of both is over, so nobody can tell any more whether they were given.
    """

    words: str | None
    contact: dict[str, str] | None
    forgotten: bool = False


@dataclass(frozen=True)
class Side:
    """One of the two of a live match, with the request's row, which is locked, and the match.

    `profile` is the sealed one of this side, as far as it is left.
    """

    request: RequestRow
    match: MatchRow
    profile: list[SealedItem]


def read_texts(intake: Intake, by: str, key: str) -> list[Text]:
    """Return the texts of the live match, oldest first; WrongState without one."""
    if by == PERSON:
        request = read_request(intake, key)
        conversation, state = request.match.conversation if request.match else None, str(request.state)
    else:
        offer = read_offer(intake, key)
        conversation, state = offer.conversation, str(offer.status)
    if conversation is None:
        raise WrongState(state)
    return conversation.texts


def write_text(intake: Intake, by: str, key: str, text: str, proposes: datetime | str | None = None) -> None:
    """Add a text, a time to talk, or both, and announce that something waits.

    `proposes` may be a day and time as typed, by the writer's own clock. The same twice in a row is one: a page that is
    reloaded sends it again. Raises Invalid for what cannot be taken, and WrongState without a live match.
    """
    now = intake.clock.now()
    with intake.database.transaction() as tx:
        side = _side(tx, intake, by, key)
        earlier = messages_of(tx, side.match.ref)
        # The key lies with the first one; the last one tells whether this is a repeat.
        look = intake.vault.look([*side.profile, *(row.item for row in (*earlier[:1], *earlier[-1:]))])
        if isinstance(proposes, str):
            proposes = _moment(proposes, zone_in(look, side.profile))
        written = Written(text.strip(), proposes)
        if earlier and earlier[-1].by == by and written_in(look, earlier[-1]) == written:
            return
        check_written(written, written=len(earlier), now=now)
        sealed = _sealed(intake, look, side, earlier, written)
        row = MessageRow(new_ref(), side.request.ref, side.match.ref, by, sealed, to_hour(now))
        MESSAGES.insert(tx, row)
        _note_sign(tx, intake, side.request, by, message_event(row, volunteer=side.match.volunteer))


def _moment(typed: str, zone: str) -> datetime | None:
    try:
        return moment_at(typed, zone) if typed else None
    except ValueError:
        raise Invalid(PROPOSES, "not_a_typed_time") from None


def _sealed(intake: Intake, look: Look, side: Side, earlier: list[MessageRow], written: Written) -> str:
    said = {"text": written.text, "proposes": to_text(written.proposes) if written.proposes else None}
    if earlier:
        return look.reseal(earlier[0].item, said)
    # Made here and not before: only the first text of a match needs a key, and none stays unused.
    key = intake.vault.mint([Purpose.MATCH_PRIVATE])[Purpose.MATCH_PRIVATE]
    return intake.vault.seal(key, side.match.ref, Purpose.MATCH_PRIVATE, said)


def say_spoken(intake: Intake, by: str, key: str) -> None:
    """Take note that the two have spoken; WrongState before the introduction."""
    with intake.database.transaction() as tx:
        side = _side(tx, intake, by, key)
        after_command(side.request.state, Command.SPOKEN)
        _note_sign(tx, intake, side.request, by)


def reveal(intake: Intake, token: str) -> Revealed:
    """Open the person's words and contact for the volunteer, and write it into the person's access record.

    WrongState before the person's yes and after the end.
    """
    with intake.database.transaction() as tx:
        side = _volunteer_side(tx, offer_of(intake, token), needed=frozenset({OfferStatus.INTRODUCED}))
        request = side.request
        _note_sign(tx, intake, request, VOLUNTEER)
        if request.private is None:
            return Revealed(None, None, forgotten=True)
        opened = Access(Opener.VOLUNTEER, Opened.WORDS_AND_CONTACT, Reason.INTRODUCED, intake.clock.now())
        record_access(tx, opened, request.ref, match=side.match.ref)
        private = intake.vault.open(request.private, request.ref, Purpose.PERSON_PRIVATE)
    return Revealed(private["words"], private["contact"])


def end_conversation(tx: Connection, intake: Intake, match: MatchRow) -> None:
    """Delete the texts of a match that is over, and let go of their key."""
    sealed = take_out_messages(tx, match=match.ref)
    if sealed:
        let_go(tx, intake, match.request, sealed)


def _side(tx: Connection, intake: Intake, by: str, key: str) -> Side:
    """Return the side of who writes; WrongState unless there is a live match with which the other goes on."""
    if by == VOLUNTEER:
        return _volunteer_side(tx, offer_of(intake, key))
    lookup = lookup_of(key)
    lock_request(tx, lookup_id=lookup)
    found = found_request(request_snapshot(tx, lookup))
    if found.live_match is None:
        raise WrongState(found.request.state)
    return Side(found.request, found.live_match, found.request.items(Purpose.PERSON_PROFILE))


def _volunteer_side(tx: Connection, offer: str, *, needed: frozenset[OfferStatus] = LIVE) -> Side:
    """Return the side of the volunteer who holds this offer; WrongState unless it stands as `needed`."""
    # The person's row is locked first, as everywhere, so that an erasure comes before this or after it.
    lock_request(tx, offer=offer)
    found = find_offer(tx, offer)
    if found.request is None or found.match is None or found.status not in needed:
        raise WrongState(found.status)
    profile = found.volunteer.items(Purpose.VOLUNTEER_PROFILE) if found.volunteer else []
    return Side(found.request, found.match, profile)


def _note_sign(tx: Connection, intake: Intake, request: RequestRow, by: str, *message: NewEvent) -> None:
    """Announce a text, if there is one, and a sign of life in a match, at most one an hour and side.

    The request's row is locked. The match ends by itself only so long after the last sign, so the request is kept anew,
    its words are not. Before the introduction only the person's writing counts: it is their answer that is waited for.
    """
    hour = to_hour(intake.clock.now())
    kept = {
        RequestState.INTRODUCED: retention.TALKING,
        RequestState.MATCHED: retention.UNTOUCHED if by == PERSON else None,
    }.get(request.state)
    if kept is None or (request.sign_at, request.sign_by) == (hour, by):
        if message:
            announce(tx, *message)
        return
    due_rows.arrange(tx, request.ref, kept)
    publish_request(tx, replace(request, sign_at=hour, sign_by=by, ends_at=None), name="sign_of_life", first=message)
