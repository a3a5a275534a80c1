"""The person's commands after they asked: change wishes, say yes to an introduction, ask anew, withdraw, close.

`key` is a request key as it was typed. Each returns the state that the request is in now; Unknown, Gone and WrongState
are raised.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from services.intake.domain.card import person_half
from services.intake.domain.refusals import Gone, Invalid, Unknown, WrongState
from services.intake.domain.requests import FINAL, Command, RequestState, after_command
from services.intake.handlers import retention
from services.intake.handlers.announcing import publish_request
from services.intake.handlers.context import Intake
from services.intake.handlers.erasing import let_go
from services.intake.handlers.keys import lookup_of
from services.intake.schemas.person import most_important_is_a_theme
from services.intake.schemas.shapes import Filled, person_form, shape_person
from services.intake.storage.queries import count_reason, request_by_lookup, take_out_messages
from services.intake.storage.tables import REQUESTS, RequestRow, due_rows
from shared.clock import to_hour
from shared.vault.purposes import Purpose
from shared.vault.vault import Look


def find_request(tx: Connection, key: str) -> RequestRow:
    """Return the request of a key, locked; Unknown if there is none, Gone if it was erased."""
    row = request_by_lookup(tx, lookup_of(key), lock=True)
    if row is None:
        raise Unknown
    if row.state is RequestState.ERASED:
        raise Gone
    return row


def change_wishes(intake: Intake, key: str, changes: Filled) -> RequestState:
    """Take changed wishes into the profile and the card, sealed anew, and announce the same round again."""
    with intake.database.transaction() as tx:
        row = find_request(tx, key)
        after_command(row.state, Command.CHANGE)
        if not changes:
            return row.state
        look = intake.vault.look(row.items())
        form = {**person_form_in(look, row), **changes}
        if not most_important_is_a_theme(form):
            raise Invalid("most_important", "not_a_chosen_theme")
        shapes = shape_person(form, intake.hashes, intake.register)
        row = replace(
            row,
            profile=look.reseal(row.item(Purpose.PERSON_PROFILE), shapes.profile),
            private=look.reseal(row.item(Purpose.PERSON_PRIVATE), shapes.private),
            card=look.reseal(row.item(Purpose.PERSON_CARD), person_half(shapes.profile)),
            ends_at=None,
        ).marked_by(intake.register.version())
        due_rows.arrange(tx, row.ref, retention.UNTOUCHED)
        return publish_request(tx, row).state


def introduce(intake: Intake, key: str, match: str | None) -> RequestState:
    """Say yes to the introduction; `match` is the one the person has seen, if the sender says so.

    WrongState if no peer has said yes, or if the match that was seen is no longer the one at hand.
    """
    with intake.database.transaction() as tx:
        row = find_request(tx, key)
        if match is not None and match != row.match:
            raise WrongState(row.state)
        return bring_together(tx, intake, row).state


def bring_together(tx: Connection, intake: Intake, row: RequestRow) -> RequestRow:
    """Introduce a matched request, which is locked; one that is introduced already stays as it is."""
    state = after_command(row.state, Command.INTRODUCE)
    if state is row.state:
        return row
    row = replace(row, state=state, introduced_at=to_hour(intake.clock.now()), ends_at=None)
    due_rows.arrange(tx, row.ref, retention.INTRODUCED)
    return publish_request(tx, row)


def another(intake: Intake, key: str) -> RequestState:
    """Ask for someone else: a new round, in which nobody is asked who was asked before.

    WrongState without a match, and once the words and what else was given with them are forgotten.
    """
    with intake.database.transaction() as tx:
        row = find_request(tx, key)
        state = after_command(row.state, Command.ANOTHER)
        if row.private is None:
            raise WrongState(row.state)
        texts = take_out_messages(tx, request=row.ref)
        row = replace(row, state=state, round=row.round + 1, match=None, introduced_at=None, sign_at=None, sign_by=None)
        row = replace(row, why=None, next_try_at=None, late="no", ends_at=None)
        if texts:
            let_go(tx, intake, row.ref, texts, kept=retention.SEARCHING)
        else:
            due_rows.arrange(tx, row.ref, retention.SEARCHING)
        return publish_request(tx, row).state


def withdraw(intake: Intake, key: str) -> RequestState:
    """Withdraw the request: nobody is asked any more, and an acceptance that crosses it comes too late."""
    with intake.database.transaction() as tx:
        return _end(tx, intake, find_request(tx, key), Command.WITHDRAW).state


def close(intake: Intake, key: str, reason: str) -> RequestState:
    """Close the request. The reason is counted and tied to nobody."""
    with intake.database.transaction() as tx:
        row = find_request(tx, key)
        ended = _end(tx, intake, row, Command.CLOSE)
        if ended is not row:
            count_reason(tx, "closed", reason)
        return ended.state


def _end(tx: Connection, intake: Intake, row: RequestRow, command: Command) -> RequestRow:
    """End the request; words, contact, address and texts go at once, the rest after its retention."""
    state = after_command(row.state, command)
    if state is row.state:
        return row
    row = replace(row, state=state, why=None, next_try_at=None, ends_at=None)
    # Nothing that was said outlives the end: the person may be a volunteer tomorrow, and nothing must tell.
    sealed = [*(item.sealed for item in row.items()), *take_out_messages(tx, request=row.ref)]
    let_go(tx, intake, row.ref, sealed, kept=retention.CLOSED)
    row = replace(row, profile=None, notify=None, private=None, card=None)
    return publish_request(tx, row)


def tell_that_it_ends(tx: Connection, _intake: Intake, row: RequestRow) -> None:
    """Announce that a request ends by itself soon; the notifier tells those who want notices."""
    if row.state not in FINAL:
        publish_request(tx, replace(row, ends_at=retention.kept_until(tx, row.ref)), name="ends_soon")


def forget_words(tx: Connection, intake: Intake, row: RequestRow) -> None:
    """Let go of the words and the contact of a request, and of their key.

    The address for notices stays: who asked for news is still told of texts, of check-ins and of the end.
    """
    if row.private is not None:
        let_go(tx, intake, row.ref, [row.private])
        REQUESTS.save(tx, replace(row, private=None))


def person_form_in(look: Look, row: RequestRow) -> dict[str, Any]:
    """Return what the person filled in; raises KeyDestroyed and its kind if that cannot be opened."""
    profile, private = look.open(row.item(Purpose.PERSON_PROFILE)), look.open(row.item(Purpose.PERSON_PRIVATE))
    return person_form(profile, private, look.open(row.item(Purpose.PERSON_NOTIFY)) if row.notify else {})
