"""Erasure in its three steps (DESIGN section 5), for a request or a volunteer in any state.

1. One transaction: state erased, nothing sealed left in the row, the event, and the key ids with a due row.
2. The vault destroys the keys. From here on no copy of a sealed value, wherever it lies, can be opened.
3. The due row is done. A crash after step 1 is finished by it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.intake.domain.refusals import Invalid
from services.intake.domain.requests import Command, after_command
from services.intake.domain.volunteers import Step, VolunteerState, after_step
from services.intake.handlers.announcing import publish_request, publish_volunteer
from services.intake.handlers.keeping import keep_erased, keep_removed
from services.intake.handlers.tools import Tools
from services.intake.storage.erasures import Erasure, add_to_erasure, erasure_of
from services.intake.storage.messages import take_out_messages
from services.intake.storage.reports import take_out_texts_of
from services.intake.storage.requests import RequestRow
from services.intake.storage.tables import due_rows
from services.intake.storage.volunteers import VolunteerRow
from shared.clock import to_hour
from shared.vault.receipts import BadReceipt, Receipt, issue_receipt, read_receipt
from shared.vault.sealing import key_id_of

DESTROY_KEYS = "destroy_keys"
"""The due row that finishes an erasure; its subject and item are the erased ref."""

TIME_TO_FINISH = timedelta(seconds=10)
"""Whoever asked for the erasure finishes it; only when they did not within this time does the due row."""


def let_go(tx: Connection, tools: Tools, ref: str, sealed: Iterable[str]) -> None:
    """Remember that the keys of `sealed`, values of the subject `ref`, are to be destroyed, now or by the due row."""
    add_to_erasure(tx, Erasure(ref, sorted({str(key_id_of(value)) for value in sealed}), to_hour(tools.clock.now())))
    due_rows.schedule(tx, DESTROY_KEYS, ref, ref, TIME_TO_FINISH)


def erase_request(tx: Connection, tools: Tools, row: RequestRow) -> None:
    """Step 1 for a request that is locked: a second call changes nothing."""
    state = after_command(row.state, Command.ERASE)
    if state is row.state:
        return
    due_rows.cancel_subject(tx, row.ref)
    let_go(
        tx,
        tools,
        row.ref,
        [*row.sealed_values(), *take_out_texts_of(tx, person=row.ref), *take_out_messages(tx, request=row.ref)],
    )
    keep_erased(tx, row.ref)
    row = replace(row, body_digest=None, profile=None, notify=None, private=None, card=None)
    row = replace(row, match=None, introduced_at=None, sign_at=None, sign_by=None, ends_at=None)
    publish_request(tx, replace(row, state=state, why=None, next_try_at=None, late="no"))


def remove_volunteer(tx: Connection, tools: Tools, row: VolunteerRow) -> None:
    """Step 1 for a volunteer who is locked: a second call changes nothing."""
    if row.state is VolunteerState.REMOVED:
        return
    state = after_step(row.state, Step.REMOVE)
    due_rows.cancel_subject(tx, row.ref)
    let_go(
        tx,
        tools,
        row.ref,
        [*row.sealed_values(), *take_out_texts_of(tx, volunteer=row.ref), *take_out_messages(tx, volunteer=row.ref)],
    )
    keep_removed(tx, row.ref)
    publish_volunteer(
        tx,
        replace(
            row,
            state=state,
            trained_until=None,
            paused_until=None,
            profile=None,
            notify=None,
            private=None,
            notify_hash=None,
            pin_hash=None,
            pin_failures=0,
            pin_blocked_until=None,
        ),
    )


def destroy_keys(tools: Tools, erasure: Erasure) -> None:
    """Step 2: destroy the keys of an erased subject. May be repeated."""
    tools.vault.destroy([UUID(key_id) for key_id in erasure.key_ids], erasure.at)


def finish_erasure(tx: Connection, ref: str) -> None:
    """Step 3: nothing is left to do for `ref`."""
    due_rows.cancel(tx, DESTROY_KEYS, ref)


def receipt_of(tools: Tools, erasure: Erasure) -> str:
    """Return the signed receipt of an erasure."""
    return issue_receipt(tools.receipts, [UUID(key_id) for key_id in erasure.key_ids], erasure.at)


def check_receipt(tools: Tools, text: str) -> tuple[Receipt, bool]:
    """Return what a receipt says and whether every key it names is destroyed; Invalid if it is no receipt of ours."""
    try:
        receipt = read_receipt(tools.receipts, text)
    except BadReceipt as error:
        raise Invalid("receipt", str(error)) from None
    return receipt, tools.vault.destroyed_among(receipt.key_ids) >= set(receipt.key_ids)


def finish_by_due_row(tx: Connection, tools: Tools, ref: str) -> None:
    """Do step 2 for an erasure that was left after step 1; the due row itself is gone once this commits (step 3)."""
    erasure = erasure_of(tx, ref)
    if erasure is not None:
        destroy_keys(tools, erasure)
