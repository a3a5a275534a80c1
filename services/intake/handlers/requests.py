"""The person's commands: ask, change wishes, say yes to an introduction, withdraw, close."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.card import person_half
from services.intake.domain.forms import check_person
from services.intake.domain.programme import check_open
from services.intake.domain.refusals import Gone, OtherBody, Unknown, WrongState
from services.intake.domain.requests import FINAL, Command, RequestState, after_command
from services.intake.domain.shapes import Filled, Sealable, person_form, shape_person
from services.intake.handlers import keeping
from services.intake.handlers.announcing import announce_request, publish_request
from services.intake.handlers.erasing import let_go
from services.intake.handlers.flood import in_turn
from services.intake.handlers.programme import read_programme
from services.intake.handlers.tools import Tools
from services.intake.storage.counts import count_reason
from services.intake.storage.messages import take_out_messages
from services.intake.storage.requests import RequestRow, insert_request, request_by_lookup, save_request
from shared.clock import to_hour
from shared.refs import new_ref
from shared.vault.errors import VaultError
from shared.vault.purposes import Purpose
from shared.vault.request_keys import lookup_id
from shared.vault.sealing import DataKey
from shared.vault.vault import SealedItem

Keys = Mapping[Purpose, DataKey]


@dataclass(frozen=True)
class Submission:
    """One try to ask: the key that was or will be shown, the digest of the body it came with, and the form."""

    request_key: str
    digest: str
    form: Filled


def repeated(tx: Connection, request_key: str, digest: str) -> bool:
    """Tell whether this submission was taken before.

    Raises OtherBody if another body came with the same Idempotency-Key, Gone if the request was erased since.
    """
    row = request_by_lookup(tx, lookup_id(request_key))
    if row is None:
        return False
    if row.state is RequestState.ERASED:
        raise Gone
    if row.body_digest != digest:
        raise OtherBody
    return True


def submit(tx: Connection, tools: Tools, submission: Submission, keys: Keys, flood_per_hour: int) -> RequestRow:
    """Take a request and announce it. `keys` are fresh ones of the vault, one for each purpose that is sealed.

    Above `flood_per_hour` requests an hour (0: no limit) it waits for its turn before it is announced. Closed while no
    requests are taken.

    IntegrityError if the same submission is being taken at this very moment; then it is a repeat.
    """
    check_open(read_programme(tx))
    ref = new_ref()
    shapes = shape_person(submission.form, tools.hashes, tools.register)
    row = RequestRow(
        ref=ref,
        lookup_id=lookup_id(submission.request_key),
        body_digest=submission.digest,
        state=RequestState.WAITING,
        round=1,
        sequence=1,
        match=None,
        introduced_at=None,
        sign_at=None,
        sign_by=None,
        ends_at=None,
        why=None,
        next_try_at=None,
        late="no",
        profile=_sealed(tools, keys, ref, Purpose.PERSON_PROFILE, shapes.profile),
        notify=_sealed(tools, keys, ref, Purpose.PERSON_NOTIFY, shapes.notify) if shapes.notify else None,
        private=_sealed(tools, keys, ref, Purpose.PERSON_PRIVATE, shapes.private),
        card=_sealed(tools, keys, ref, Purpose.PERSON_CARD, person_half(shapes.profile)),
        asked_at=to_hour(tools.clock.now()),
    )
    row = in_turn(tx, tools, row, flood_per_hour)
    insert_request(tx, row)
    keeping.keep_untouched(tx, row)
    if row.why is None:
        announce_request(tx, row)
    return row


def find_request(tx: Connection, lookup: str, *, lock: bool = False) -> RequestRow:
    """Return the request of a key; Unknown if there is none, Gone if it was erased."""
    row = request_by_lookup(tx, lookup, lock=lock)
    if row is None:
        raise Unknown
    if row.state is RequestState.ERASED:
        raise Gone
    return row


def change_wishes(tx: Connection, tools: Tools, lookup: str, changes: Filled) -> RequestRow:
    """Take changed wishes into the profile and the card, sealed anew, and announce the same round again."""
    row = find_request(tx, lookup, lock=True)
    after_command(row.state, Command.CHANGE)
    if not changes:
        return row
    form = {**open_person_form(tools, row), **changes}
    check_person(form)
    shapes = shape_person(form, tools.hashes, tools.register)
    row = replace(
        row,
        profile=tools.vault.reseal(str(row.profile), row.ref, Purpose.PERSON_PROFILE, shapes.profile),
        private=tools.vault.reseal(str(row.private), row.ref, Purpose.PERSON_PRIVATE, shapes.private),
        card=tools.vault.reseal(str(row.card), row.ref, Purpose.PERSON_CARD, person_half(shapes.profile)),
        ends_at=None,
    )
    keeping.keep_untouched(tx, row)
    return publish_request(tx, row)


def introduce(tx: Connection, tools: Tools, lookup: str, match: str | None) -> RequestRow:
    """Say yes to the introduction; `match` is the one the person has seen, if the sender says so.

    WrongState if no peer has said yes, or if the match that was seen is no longer the one at hand.
    """
    row = find_request(tx, lookup, lock=True)
    if match is not None and match != row.match:
        raise WrongState(row.state)
    return bring_together(tx, tools, row)


def bring_together(tx: Connection, tools: Tools, row: RequestRow) -> RequestRow:
    """Introduce a matched request, which is locked; one that is introduced already stays as it is."""
    state = after_command(row.state, Command.INTRODUCE)
    if state is row.state:
        return row
    row = replace(row, state=state, introduced_at=to_hour(tools.clock.now()), ends_at=None)
    keeping.keep_introduced(tx, row)
    return publish_request(tx, row)


def another(tx: Connection, tools: Tools, lookup: str) -> RequestRow:
    """Ask for someone else: a new round, in which nobody is asked who was asked before.

    WrongState without a match, and once the words and what else was given with them are forgotten.
    """
    row = find_request(tx, lookup, lock=True)
    state = after_command(row.state, Command.ANOTHER)
    if row.private is None:
        raise WrongState(row.state)
    texts = take_out_messages(tx, request=row.ref)
    if texts:
        let_go(tx, tools, row.ref, texts)
    row = replace(row, state=state, round=row.round + 1, match=None, introduced_at=None, sign_at=None, sign_by=None)
    row = replace(row, why=None, next_try_at=None, late="no", ends_at=None)
    keeping.keep_searching(tx, row)
    return publish_request(tx, row)


def tell_that_it_ends(tx: Connection, row: RequestRow) -> None:
    """Announce that a request, which is locked, ends by itself soon; it is told to whoever wants notices."""
    if row.state not in FINAL:
        publish_request(tx, replace(row, ends_at=keeping.kept_until(tx, row.ref)), name="ends_soon")


def withdraw(tx: Connection, tools: Tools, lookup: str) -> RequestRow:
    """Withdraw the request: nobody is asked any more, and an acceptance that crosses it comes too late."""
    return _end(tx, tools, find_request(tx, lookup, lock=True), Command.WITHDRAW)


def close(tx: Connection, tools: Tools, lookup: str, reason: str) -> RequestRow:
    """Close the request. The reason is counted and tied to nobody."""
    row = find_request(tx, lookup, lock=True)
    ended = _end(tx, tools, row, Command.CLOSE)
    if ended is not row:
        count_reason(tx, "closed", reason)
    return ended


def _end(tx: Connection, tools: Tools, row: RequestRow, command: Command) -> RequestRow:
    """End the request; words, contact, address and texts go at once, the rest after its retention."""
    state = after_command(row.state, command)
    if state is row.state:
        return row
    row = replace(row, state=state, why=None, next_try_at=None, ends_at=None)
    # Nothing that was said outlives the end: whoever asked may be a volunteer tomorrow, and nothing must tell.
    let_go(tx, tools, row.ref, [*row.sealed_values(), *take_out_messages(tx, request=row.ref)])
    row = replace(row, profile=None, notify=None, private=None, card=None)
    keeping.keep_closed(tx, row)
    return publish_request(tx, row)


def forget_words(tx: Connection, tools: Tools, row: RequestRow) -> None:
    """Let go of the words and the contact of a request, which is locked, and of their key.

    The address for notices stays: whoever asked for news is still told of texts, of check-ins and of the end.
    """
    if row.private is not None:
        let_go(tx, tools, row.ref, [row.private])
        save_request(tx, replace(row, private=None))


def open_person_form(tools: Tools, row: RequestRow) -> dict[str, Any]:
    """Return what the person filled in; raises KeyDestroyed and its kind if that cannot be opened."""
    items = [
        SealedItem(str(row.profile), row.ref, Purpose.PERSON_PROFILE),
        SealedItem(str(row.private), row.ref, Purpose.PERSON_PRIVATE),
    ]
    if row.notify:
        items.append(SealedItem(row.notify, row.ref, Purpose.PERSON_NOTIFY))
    profile, private, *notify = opened_all(tools, items)
    return person_form(profile, private, notify[0] if notify else None)


def opened_all(tools: Tools, items: list[SealedItem]) -> list[Sealable]:
    """Open every item, or raise the reason why one cannot be opened."""
    return all_or_raise(tools.vault.open_many(items))


def all_or_raise(values: Iterable[Sealable | VaultError]) -> list[Sealable]:
    """Return what was opened, or raise the first reason why something could not be."""
    opened = []
    for value in values:
        if isinstance(value, VaultError):
            raise value
        opened.append(value)
    return opened


def _sealed(tools: Tools, keys: Keys, ref: str, purpose: Purpose, obj: Sealable) -> str:
    return tools.vault.seal(keys[purpose], ref, purpose, obj)
