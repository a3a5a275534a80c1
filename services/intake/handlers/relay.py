"""The relay: short texts between the two of a live match, sealed, in this database alone, gone with the match.

Writing is open to both from the volunteer's yes on, so that the person can write first. A text passes nothing else: no
name, number or address goes with it. After the introduction the first text of an hour is a sign of life as well.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from services.intake.domain.refusals import NotYet, WrongState
from services.intake.domain.relay import Written, check_written
from services.intake.domain.requests import IN_A_MATCH, Command, after_command
from services.intake.domain.shapes import Sealable
from services.intake.handlers.announcing import announce_message
from services.intake.handlers.erasing import let_go
from services.intake.handlers.offers import LIVE, load_scene
from services.intake.handlers.reading import volunteer_goes_on
from services.intake.handlers.requests import find_request, opened_all
from services.intake.handlers.signs import note_sign
from services.intake.handlers.tools import Tools
from services.intake.storage.copies import MatchRow, live_match, offer_by_ref
from services.intake.storage.messages import MessageRow, insert_message, messages_of, take_out_messages
from services.intake.storage.requests import RequestRow, request_by_ref
from shared.clock import from_text, to_hour, to_text
from shared.refs import new_ref
from shared.vault.purposes import Purpose
from shared.vault.sealing import DataKey
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
class Side:
    """One of the two of a live match, with the request's row, which is locked, and the match."""

    by: str
    request: RequestRow
    match: MatchRow


def person_side(tx: Connection, lookup: str) -> Side:
    """Return the person's side; WrongState unless their request has a live match whose volunteer goes on with it."""
    request = find_request(tx, lookup, lock=True)
    match = live_match(tx, request.ref, request.round)
    if match is None or request.state not in IN_A_MATCH or not volunteer_goes_on(tx, match):
        raise WrongState(request.state)
    return Side(PERSON, request, match)


def volunteer_side(tx: Connection, offer: str) -> Side:
    """Return the side of the volunteer who holds this offer; WrongState unless it led to a live match."""
    row = offer_by_ref(tx, offer)
    if row is None:
        raise NotYet
    # The person's row is locked first, as everywhere, so that an erasure comes before this or after it.
    request = request_by_ref(tx, row.request, lock=True)
    scene = load_scene(tx, offer)
    if request is None or scene.match is None or scene.view not in LIVE:
        raise WrongState(scene.view)
    return Side(VOLUNTEER, request, scene.match)


def read_texts(tx: Connection, tools: Tools, side: Side) -> list[Text]:
    """Return the texts of this match, oldest first."""
    rows = messages_of(tx, side.match.ref)
    opened = opened_all(tools, [SealedItem(row.sealed, row.match, Purpose.MATCH_PRIVATE) for row in rows])
    written = [_from_sealed(said) for said in opened]
    return [Text(row.ref, row.by, said.text, row.at, said.proposes) for row, said in zip(rows, written, strict=True)]


def needs_key(tx: Connection, side: Side) -> bool:
    """Tell whether nothing was written in this match yet, so that it has no key."""
    return not messages_of(tx, side.match.ref)


def write_text(tx: Connection, tools: Tools, side: Side, written: Written, key: DataKey | None) -> None:
    """Add a text and announce that one waits. `key` is a fresh one of the vault, used where the match has none.

    The same twice in a row is one: a page that is reloaded sends it again. Raises Invalid for what cannot be taken, and
    WrongState if the match has become another one since the key was found not to be needed.
    """
    earlier = messages_of(tx, side.match.ref)
    said = _to_seal(written)
    if earlier and _is_repeated(tools, earlier[-1], side, said):
        return
    check_written(written, written=len(earlier), now=tools.clock.now())
    match = side.match.ref
    if earlier:
        sealed = tools.vault.reseal(earlier[0].sealed, match, Purpose.MATCH_PRIVATE, said)
    elif key is not None:
        sealed = tools.vault.seal(key, match, Purpose.MATCH_PRIVATE, said)
    else:
        raise WrongState(side.request.state)
    row = MessageRow(new_ref(), side.request.ref, match, side.by, sealed, to_hour(tools.clock.now()))
    insert_message(tx, row)
    announce_message(tx, row, volunteer=side.match.volunteer)
    note_sign(tx, tools, side.request, side.by)


def _is_repeated(tools: Tools, last: MessageRow, side: Side, said: Sealable) -> bool:
    [before] = opened_all(tools, [SealedItem(last.sealed, last.match, Purpose.MATCH_PRIVATE)])
    return last.by == side.by and _to_seal(_from_sealed(before)) == said


def _to_seal(written: Written) -> Sealable:
    return {"text": written.text, "proposes": to_text(written.proposes) if written.proposes else None}


def _from_sealed(said: Sealable) -> Written:
    # Texts that were sealed before times could be proposed have no such field.
    proposes = said.get("proposes")
    return Written(said["text"], from_text(proposes) if proposes else None)


def spoken(tx: Connection, tools: Tools, side: Side) -> None:
    """Take note that the two have spoken; WrongState before the introduction."""
    after_command(side.request.state, Command.SPOKEN)
    note_sign(tx, tools, side.request, side.by)


def end_texts(tx: Connection, tools: Tools, match: MatchRow) -> None:
    """Delete the texts of a match that is over, and let go of their key."""
    sealed = take_out_messages(tx, match=match.ref)
    if sealed:
        let_go(tx, tools, match.request, sealed)
