"""What people come with: a request key or volunteer key, an offer's token, or a home link with its PIN."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection

from services.intake.domain.pins import Tries, after_try, is_blocked
from services.intake.domain.refusals import Gone, OldLink, PinBlocked, PinNeeded, Refusal, Unknown
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers.context import Intake
from services.intake.storage.tables import VOLUNTEERS, VolunteerRow, volunteers
from shared.database import database_now
from shared.vault.pins import hash_of_pin, is_pin
from shared.vault.request_keys import MistypedKey, lookup_id
from shared.vault.tokens import BadToken, HomeLink, read_home_link, read_offer_token


def lookup_of(key: str) -> str:
    """Return the lookup id of a key as it was typed; Unknown if the text is no key at all."""
    try:
        return lookup_id(key)
    except MistypedKey:
        raise Unknown from None


def offer_of(intake: Intake, token: str) -> str:
    """Return the ref of the offer that a token opens; Unknown if it is none of ours."""
    try:
        return read_offer_token(intake.links, token)
    except BadToken:
        raise Unknown from None


@contextlib.contextmanager
def admitted(
    intake: Intake, key: str, pin: str | None, *, lock: bool = False, gone_too: bool = False
) -> Iterator[tuple[Connection, VolunteerRow]]:
    """Give a transaction and the volunteer's row in it, locked if `lock`.

    `key` is a volunteer key as it was typed, or the newest home link, which needs the PIN if the volunteer set one.
    OldLink, PinNeeded, PinBlocked or Unknown if it opens nothing; Gone if they left, unless `gone_too`. A wrong PIN
    is counted whatever comes next; a volunteer key needs none, and makes wrong ones forgotten.
    """
    with intake.database.transaction() as tx:
        row = come_in(tx, intake, key, pin, lock=lock)
        if isinstance(row, VolunteerRow):
            if row.state is VolunteerState.REMOVED and not gone_too:
                raise Gone
            yield tx, row
            return
    # Only now: the wrong PIN is counted by then.
    raise row


def come_in(tx: Connection, intake: Intake, key: str, pin: str | None, *, lock: bool) -> VolunteerRow | Refusal:
    """Return the volunteer whose home this key or link opens, or why it opens none.

    A refusal is returned, not raised, because a wrong PIN has to be counted: raise it after the commit.
    """
    try:
        link = read_home_link(intake.links, key)
    except BadToken:
        return _by_key(tx, lookup_of(key), lock=lock)
    return _by_link(tx, intake, link, pin, lock=lock)


def _by_key(tx: Connection, lookup: str, *, lock: bool) -> VolunteerRow | Refusal:
    theirs = volunteers.c.lookup_id == lookup
    row = VOLUNTEERS.one(tx, theirs, lock=lock)
    if row is not None and (row.pin_failures or row.pin_blocked_until):
        row = VOLUNTEERS.one(tx, theirs, lock=True)
        if row is not None:
            row = _with_tries(row, Tries())
            VOLUNTEERS.save(tx, row)
    return row or Unknown()


def _by_link(tx: Connection, intake: Intake, link: HomeLink, pin: str | None, *, lock: bool) -> VolunteerRow | Refusal:
    row = VOLUNTEERS.by_ref(tx, link.volunteer, lock=lock)
    if row is not None and row.pin_hash is not None and not lock:
        # Tries are counted one after the other.
        row = VOLUNTEERS.by_ref(tx, link.volunteer, lock=True)
    if row is None:
        return Unknown()
    # To those who have left every link of theirs says so: none is newer than that.
    if link.generation != row.generation and row.state is not VolunteerState.REMOVED:
        return OldLink()
    return row if row.pin_hash is None else _try_pin(tx, intake, row, row.pin_hash, pin)


def _try_pin(tx: Connection, intake: Intake, row: VolunteerRow, kept: str, pin: str | None) -> VolunteerRow | Refusal:
    tries, now = Tries(row.pin_failures, row.pin_blocked_until), database_now(tx)
    if tries.blocked_until is not None and is_blocked(tries, now):
        return PinBlocked(tries.blocked_until)
    if not pin:
        return PinNeeded(wrong=False)
    right = is_pin(intake.hashes.index, kept, pin)
    after = after_try(tries, now, right=right)
    if after != tries:
        row = _with_tries(row, after)
        VOLUNTEERS.save(tx, row)
    return row if right else PinNeeded(wrong=True)


def with_pin(intake: Intake, row: VolunteerRow, pin: str | None) -> VolunteerRow:
    kept = None if pin is None else hash_of_pin(intake.hashes.index, intake.random, pin)
    return _with_tries(replace(row, pin_hash=kept), Tries())


def _with_tries(row: VolunteerRow, tries: Tries) -> VolunteerRow:
    return replace(row, pin_failures=tries.wrong, pin_blocked_until=tries.blocked_until)
