"""What the two of a live match do: write short texts, say that they spoke, and once introduced open words and contact.

Writing is open to both from the volunteer's yes on, so that the person can write first. Texts are sealed, lie in this
database alone and go with the match; no name, number or address goes with one. `by` is PERSON, whose `key` is the
request key, or VOLUNTEER, whose `key` is the offer's token.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from services.intake.domain.conversation import Written, check_written
from services.intake.domain.offers import OfferStatus
from services.intake.domain.refusals import NotYet, WrongState
from services.intake.domain.requests import IN_A_MATCH, Command, RequestState, after_command
from services.intake.handlers import retention
from services.intake.handlers.announcing import announce_message, publish_request
from services.intake.handlers.context import Intake
from services.intake.handlers.erasing import let_go
from services.intake.handlers.keys import offer_of
from services.intake.handlers.offers import LIVE, load_scene
from services.intake.handlers.reading import volunteer_goes_on
from services.intake.handlers.requests import find_request
from services.intake.schemas.shapes import Sealable
from services.intake.storage.access import Access, Opened, Opener, Reason, record_access
from services.intake.storage.messages import MessageRow, insert_message, messages_of, take_out_messages
from services.intake.storage.projections import MatchRow, live_match, offer_by_ref
from services.intake.storage.requests import RequestRow, request_by_ref
from shared.clock import from_text, to_hour, to_text
from shared.refs import new_ref
from shared.vault.purposes import Purpose
from shared.vault.vault import SealedItem

PERSON, VOLUNTEER = "person", "volunteer"


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
class Revealed:
    """What the person wants the volunteer to have; None is what they did not give.

    `forgotten`: the time of both is over, so nobody can tell any more whether they were given.
    """

    words: str | None
    contact: dict[str, str] | None
    forgotten: bool = False


@dataclass(frozen=True)
class Side:
    """One of the two of a live match, with the request's row, which is locked, and the match."""

    by: str
    request: RequestRow
    match: MatchRow


def read_texts(intake: Intake, by: str, key: str) -> list[Text]:
    """Return the texts of the live match, oldest first; WrongState without one."""
    with intake.database.transaction() as tx:
        rows = messages_of(tx, _side(tx, intake, by, key).match.ref)
        opened = intake.open_all([SealedItem(row.sealed, row.match, Purpose.MATCH_PRIVATE) for row in rows])
    written = [_from_sealed(said) for said in opened]
    return [Text(row.ref, row.by, said.text, row.at, said.proposes) for row, said in zip(rows, written, strict=True)]


def write_text(intake: Intake, by: str, key: str, written: Written) -> None:
    """Add a text, a time to talk, or both, and announce that something waits.

    The same twice in a row is one: a page that is reloaded sends it again. Raises Invalid for what cannot be taken, and
    WrongState without a live match.
    """
    written = replace(written, text=written.text.strip())
    said = _to_seal(written)
    with intake.database.transaction() as tx:
        side = _side(tx, intake, by, key)
        match = side.match.ref
        earlier = messages_of(tx, match)
        if earlier and _is_repeated(intake, earlier[-1], side, said):
            return
        check_written(written, written=len(earlier), now=intake.clock.now())
        if earlier:
            sealed = intake.vault.reseal(earlier[0].sealed, match, Purpose.MATCH_PRIVATE, said)
        else:
            # Made here and not before: only the first text of a match needs a key, and no other one stays unused.
            data_key = intake.vault.mint([Purpose.MATCH_PRIVATE])[Purpose.MATCH_PRIVATE]
            sealed = intake.vault.seal(data_key, match, Purpose.MATCH_PRIVATE, said)
        row = MessageRow(new_ref(), side.request.ref, match, side.by, sealed, to_hour(intake.clock.now()))
        insert_message(tx, row)
        announce_message(tx, row, volunteer=side.match.volunteer)
        _note_sign(tx, intake, side.request, side.by)


def say_spoken(intake: Intake, by: str, key: str) -> None:
    """Take note that the two have spoken; WrongState before the introduction."""
    with intake.database.transaction() as tx:
        side = _side(tx, intake, by, key)
        after_command(side.request.state, Command.SPOKEN)
        _note_sign(tx, intake, side.request, side.by)


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
        record_access(tx, request.ref, opened, match=side.match.ref)
        private = intake.vault.open(request.private, request.ref, Purpose.PERSON_PRIVATE)
    return Revealed(private["words"], private["contact"])


def end_conversation(tx: Connection, intake: Intake, match: MatchRow) -> None:
    """Delete the texts of a match that is over, and let go of their key."""
    sealed = take_out_messages(tx, match=match.ref)
    if sealed:
        let_go(tx, intake, match.request, sealed)


def _side(tx: Connection, intake: Intake, by: str, key: str) -> Side:
    return _person_side(tx, key) if by == PERSON else _volunteer_side(tx, offer_of(intake, key))


def _person_side(tx: Connection, key: str) -> Side:
    """Return the person's side; WrongState unless their request has a live match whose volunteer goes on with it."""
    request = find_request(tx, key, lock=True)
    match = live_match(tx, request.ref, request.round)
    if match is None or request.state not in IN_A_MATCH or not volunteer_goes_on(tx, match):
        raise WrongState(request.state)
    return Side(PERSON, request, match)


def _volunteer_side(tx: Connection, offer: str, *, needed: frozenset[OfferStatus] = LIVE) -> Side:
    """Return the side of the volunteer who holds this offer; WrongState unless it stands as `needed`."""
    row = offer_by_ref(tx, offer)
    if row is None:
        raise NotYet
    # The person's row is locked first, as everywhere, so that an erasure comes before this or after it.
    request = request_by_ref(tx, row.request, lock=True)
    scene = load_scene(tx, offer)
    if request is None or scene.match is None or scene.status not in needed:
        raise WrongState(scene.status)
    return Side(VOLUNTEER, request, scene.match)


def _note_sign(tx: Connection, intake: Intake, request: RequestRow, by: str) -> None:
    """Announce a sign of life in a match, at most one an hour and side. The request's row is locked.

    The match ends by itself only so long after the last one, so the request is kept anew, its words are not. Before
    the introduction only the person's writing counts: it is their answer that is waited for.
    """
    hour = to_hour(intake.clock.now())
    if (request.sign_at, request.sign_by) == (hour, by):
        return
    if request.state is RequestState.INTRODUCED:
        retention.keep_talking(tx, request)
    elif request.state is RequestState.MATCHED and by == PERSON:
        retention.keep_untouched(tx, request)
    else:
        return
    publish_request(tx, replace(request, sign_at=hour, sign_by=by, ends_at=None), name="sign_of_life")


def _is_repeated(intake: Intake, last: MessageRow, side: Side, said: Sealable) -> bool:
    [before] = intake.open_all([SealedItem(last.sealed, last.match, Purpose.MATCH_PRIVATE)])
    return last.by == side.by and _to_seal(_from_sealed(before)) == said


def _to_seal(written: Written) -> Sealable:
    return {"text": written.text, "proposes": to_text(written.proposes) if written.proposes else None}


def _from_sealed(said: Sealable) -> Written:
    # Texts that were sealed before times could be proposed have no such field.
    proposes = said.get("proposes")
    return Written(said["text"], from_text(proposes) if proposes else None)
