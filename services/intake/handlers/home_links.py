"""Lost and found: a fresh home link for whoever asks for one, and who comes in by a link.

To ask does the same work for every address: that nobody has it is found out later, by the worker, where nobody waits.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from services.intake.domain.pins import Tries, after_try, is_blocked
from services.intake.domain.refusals import OldLink, PinBlocked, PinNeeded, Refusal, Unknown
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers.announcing import publish_volunteer
from services.intake.handlers.tools import Tools
from services.intake.storage.link_asks import forget_link_ask, note_link_ask
from services.intake.storage.tables import due_rows
from services.intake.storage.volunteers import VolunteerRow, save_volunteer, volunteer_by_ref, volunteers_at
from shared.database import database_now
from shared.vault.pins import hash_of_pin, is_pin
from shared.vault.tokens import HomeLink

SEND_LINKS = "send_home_links"
"""The due row that sends a link to everybody who has an address. Item and subject: the hash of the address."""

FORGET_LINK_ASK = "forget_link_ask"
"""The due row that lets the same address ask again. Item and subject: the hash of the address."""

BETWEEN_LINKS = timedelta(minutes=10)


def ask_link(tx: Connection, tools: Tools, address: str) -> None:
    """Take note that somebody asks for a link to `address`; again within ten minutes, it changes nothing."""
    ref = tools.hashes.address(address)
    if note_link_ask(tx, ref):
        due_rows.schedule_now(tx, SEND_LINKS, ref, ref)
        due_rows.schedule(tx, FORGET_LINK_ASK, ref, ref, BETWEEN_LINKS)


def send_links(tx: Connection, address_hash: str) -> None:
    """Announce a fresh link, which ends the older ones, for each volunteer who has this address."""
    for row in volunteers_at(tx, address_hash):
        publish_volunteer(tx, replace(row, generation=row.generation + 1), name="link_asked")


def link_asks_again(tx: Connection, address_hash: str) -> None:
    """Let the same address ask again."""
    forget_link_ask(tx, address_hash)


def come_in(tx: Connection, tools: Tools, link: HomeLink, pin: str | None) -> str | Refusal:
    """Return the lookup id of the volunteer whose home this link opens, or why it does not.

    A refusal is returned, not raised, because a wrong PIN has to be counted: the caller raises it after the commit.
    """
    row = volunteer_by_ref(tx, link.volunteer, lock=True)
    if row is None:
        return Unknown()
    # To whoever has left every link of theirs says so: none is newer than that.
    if link.generation != row.generation and row.state is not VolunteerState.REMOVED:
        return OldLink()
    return row.lookup_id if row.pin_hash is None else _try_pin(tx, tools, row, row.pin_hash, pin)


def clear_tries(tx: Connection, ref: str) -> None:
    """Forget the wrong PINs of a volunteer who came with their key."""
    row = volunteer_by_ref(tx, ref, lock=True)
    if row is not None:
        save_volunteer(tx, _with_tries(row, Tries()))


def with_pin(tools: Tools, row: VolunteerRow, pin: str | None) -> VolunteerRow:
    """Return `row` with a new PIN, or without one."""
    kept = None if pin is None else hash_of_pin(tools.index, tools.random, pin)
    return _with_tries(replace(row, pin_hash=kept), Tries())


def _try_pin(tx: Connection, tools: Tools, row: VolunteerRow, kept: str, pin: str | None) -> str | Refusal:
    tries, now = Tries(row.pin_failures, row.pin_blocked_until), database_now(tx)
    if tries.blocked_until is not None and is_blocked(tries, now):
        return PinBlocked(tries.blocked_until)
    if not pin:
        return PinNeeded(wrong=False)
    right = is_pin(tools.index, kept, pin)
    after = after_try(tries, now, right=right)
    if after != tries:
        save_volunteer(tx, _with_tries(row, after))
    return row.lookup_id if right else PinNeeded(wrong=True)


def _with_tries(row: VolunteerRow, tries: Tries) -> VolunteerRow:
    return replace(row, pin_failures=tries.wrong, pin_blocked_until=tries.blocked_until)
