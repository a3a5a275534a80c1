"""Erasure in its three steps, for a request or a volunteer in any state.

1. One transaction: state erased, nothing sealed left in the row, the event, and the key ids with a due row.
2. The vault destroys the keys. From here on no copy of a sealed value, wherever it lies, can be opened.
3. The due row is done. A crash after step 1 is finished by it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Connection

from services.intake.domain.refusals import Invalid, Unknown
from services.intake.domain.requests import Command, after_command
from services.intake.domain.volunteers import Step, VolunteerState, after_step
from services.intake.handlers.announcing import publish_request, publish_volunteer
from services.intake.handlers.context import Intake
from services.intake.handlers.keys import admitted, lookup_of
from services.intake.handlers.retention import ERASED, REMOVED, Kept
from services.intake.storage.queries import add_to_erasure, request_by_lookup, take_out_messages, take_out_reports
from services.intake.storage.tables import ERASURES, Erasure, RequestRow, VolunteerRow, due_rows
from shared.clock import to_hour
from shared.vault.purposes import RECEIPTS
from shared.vault.receipts import BadReceipt, Receipt, issue_receipt, read_receipt
from shared.vault.sealing import key_id_of

DESTROY_KEYS = "destroy_keys"
"""The due row that finishes an erasure; its subject and item are the erased ref."""

TIME_TO_FINISH = timedelta(seconds=10)
"""The call that asked for the erasure finishes it. If it has not done so within this time, the due row does."""


def erase(intake: Intake, key: str) -> str:
    """Erase a request, whatever its state, and return the receipt; the same again returns the same receipt."""
    with intake.database.transaction() as tx:
        row = request_by_lookup(tx, lookup_of(key), lock=True)
        if row is None:
            raise Unknown
        erase_request(tx, intake, row)
        erasure = ERASURES.by_ref(tx, row.ref)
    return _finish(intake, erasure)


def leave(intake: Intake, key: str, pin: str | None = None) -> str:
    """Remove a volunteer and erase what is sealed about them; the same again returns the same receipt."""
    with admitted(intake, key, pin, lock=True, gone_too=True) as (tx, row):
        remove_volunteer(tx, intake, row)
        erasure = ERASURES.by_ref(tx, row.ref)
    return _finish(intake, erasure)


def _finish(intake: Intake, erasure: Erasure | None) -> str:
    """Do steps 2 and 3 of an erasure, whose step 1 is committed; return the receipt."""
    if erasure is None:
        raise Unknown
    key_ids = [UUID(key_id) for key_id in erasure.key_ids]
    intake.vault.destroy(key_ids, erasure.at)
    with intake.database.transaction() as tx:
        due_rows.cancel(tx, DESTROY_KEYS, erasure.ref)
    return issue_receipt(intake.keyrings.named(RECEIPTS), key_ids, erasure.at)


def let_go(
    tx: Connection, intake: Intake, ref: str, sealed: Iterable[str], *, kept: Kept = MappingProxyType({})
) -> None:
    """Remember that the keys of `sealed`, values of the subject `ref`, are to be destroyed, now or by the due row.

    `kept`: how long what is left of it is kept from now on.
    """
    add_to_erasure(tx, Erasure(ref, sorted({str(key_id_of(value)) for value in sealed}), to_hour(intake.clock.now())))
    due_rows.arrange(tx, ref, {DESTROY_KEYS: TIME_TO_FINISH, **kept})


def erase_request(tx: Connection, intake: Intake, row: RequestRow) -> None:
    """Step 1 for a request that is locked: a second call changes nothing."""
    state = after_command(row.state, Command.ERASE)
    if state is row.state:
        return
    due_rows.cancel_subject(tx, row.ref)
    sealed = [item.sealed for item in row.items()]
    sealed += [*take_out_reports(tx, person=row.ref), *take_out_messages(tx, request=row.ref)]
    let_go(tx, intake, row.ref, sealed, kept=ERASED)
    row = replace(row, body_digest=None, profile=None, notify=None, private=None, card=None)
    row = replace(row, match=None, introduced_at=None, sign_at=None, sign_by=None, ends_at=None)
    publish_request(tx, replace(row, state=state, why=None, next_try_at=None, late="no"))


def remove_volunteer(tx: Connection, intake: Intake, row: VolunteerRow) -> None:
    """Step 1 for a volunteer who is locked: a second call changes nothing."""
    if row.state is VolunteerState.REMOVED:
        return
    state = after_step(row.state, Step.REMOVE)
    due_rows.cancel_subject(tx, row.ref)
    sealed = [item.sealed for item in row.items()]
    sealed += [*take_out_reports(tx, volunteer=row.ref), *take_out_messages(tx, volunteer=row.ref)]
    let_go(tx, intake, row.ref, sealed, kept=REMOVED)
    row = replace(row, profile=None, notify=None, private=None, notify_hash=None, trained_until=None, paused_until=None)
    row = replace(row, to_vet=False, body_digest=None, pin_hash=None, pin_failures=0, pin_blocked_until=None)
    publish_volunteer(tx, replace(row, state=state))


def check_receipt(intake: Intake, text: str) -> tuple[Receipt, bool]:
    """Return what a receipt says and whether every key it names is destroyed; Invalid if it is no receipt of ours."""
    try:
        receipt = read_receipt(intake.keyrings.named(RECEIPTS), text)
    except BadReceipt as error:
        raise Invalid("receipt", error.code) from None
    return receipt, intake.vault.destroyed_among(receipt.key_ids) >= set(receipt.key_ids)


def finish_by_due_row(_tx: Connection, intake: Intake, erasure: Erasure) -> None:
    """Do step 2 for an erasure that was left after step 1; the due row itself is gone once this commits (step 3)."""
    intake.vault.destroy([UUID(key_id) for key_id in erasure.key_ids], erasure.at)
