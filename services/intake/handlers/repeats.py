"""What is sent twice is taken once: a key that follows from the form's Idempotency-Key, and the row taken under it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection

from services.intake.domain.refusals import Gone, Invalid, OtherBody
from services.intake.handlers.context import Intake
from services.intake.storage.tables import RequestRow, VolunteerRow
from shared.rows import Rows
from shared.vault.purposes import REQUESTS
from shared.vault.request_keys import MIN_IDEMPOTENCY_KEY, body_digest, lookup_id, new_key

IDEMPOTENCY_KEY = "Idempotency-Key"
IDEMPOTENCY_PATTERN = f"^[!-~]{{{MIN_IDEMPOTENCY_KEY},255}}$"
"""What an Idempotency-Key may be: printable ASCII without spaces, long enough to be as hard to guess as a key."""

Tries = Mapping[str, str]
"""The key to give out, and after it those that an older secret would have given, each with its digest of the body."""

Row = TypeVar("Row", RequestRow, VolunteerRow)


def tries_of(
    intake: Intake, derive: Callable[[bytes, str], str], idempotency_key: str | None, body: Mapping[str, Any]
) -> Tries:
    """Return what a form may have been taken under; Invalid if the Idempotency-Key is too short or no such text."""
    if idempotency_key is None:
        keys = [new_key(intake.random)]
    elif re.fullmatch(IDEMPOTENCY_PATTERN, idempotency_key) is None:
        raise Invalid(IDEMPOTENCY_KEY, "not_an_idempotency_key", min=MIN_IDEMPOTENCY_KEY)
    else:
        keys = [derive(secret, idempotency_key) for secret in intake.keyrings.named(REQUESTS).every()]
    return {key: body_digest(key, body) for key in keys}


def key_given_before(tx: Connection, rows: Rows[Row], tries: Tries) -> str | None:
    """Return the key that was given out for this form before, if it was taken.

    Raises OtherBody if another body came with the same Idempotency-Key, Gone if what it made was erased since.
    """
    for key, digest in tries.items():
        row = rows.one(tx, rows.table.c.lookup_id == lookup_id(key))
        if row is None:
            continue
        if row.profile is None:
            raise Gone
        if row.body_digest != digest:
            raise OtherBody
        return key
    return None
