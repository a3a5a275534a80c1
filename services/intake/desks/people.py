"""The desk of the person who asks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from services.intake.desks.keys import lookup_of
from services.intake.desks.texts import write_with_key
from services.intake.domain.card import card_preview, person_half
from services.intake.domain.forms import check_person
from services.intake.domain.programme import Programme, check_code, check_open
from services.intake.domain.refusals import Invalid, Unknown
from services.intake.domain.register import Place
from services.intake.domain.relay import Written
from services.intake.domain.requests import RequestState
from services.intake.domain.shapes import Filled, shape_person
from services.intake.handlers import erasing, relay, requests
from services.intake.handlers.programme import read_programme
from services.intake.handlers.reading import RequestView, read_request
from services.intake.handlers.relay import Text
from services.intake.handlers.requests import Submission
from services.intake.handlers.tools import Tools
from services.intake.storage.erasures import erasure_of
from services.intake.storage.requests import request_by_lookup
from shared.database import Database
from shared.vault.purposes import Purpose
from shared.vault.receipts import Receipt
from shared.vault.request_keys import MIN_IDEMPOTENCY_KEY, body_digest, derive_request_key, new_key

ALWAYS_SEALED = (Purpose.PERSON_PROFILE, Purpose.PERSON_PRIVATE, Purpose.PERSON_CARD)
IDEMPOTENCY_KEY = "Idempotency-Key"
IDEMPOTENCY_PATTERN = f"^[!-~]{{{MIN_IDEMPOTENCY_KEY},255}}$"
"""What an Idempotency-Key may be: printable ASCII without spaces, long enough to be as hard to guess as a key."""


@dataclass(frozen=True)
class Submitted:
    """The answer to a submission: the key, which is shown now and never again, and the state it was taken with."""

    request_key: str
    status: RequestState


class PersonDesk:
    """What a person may ask. `key` is a request key as it was typed; Unknown, Gone and their kind are raised."""

    def __init__(self, database: Database, tools: Tools, *, programme_code: str, flood_per_hour: int) -> None:
        """Work on intake's `database`; the settings say who may ask, and how many an hour before they wait."""
        self._database = database
        self._tools = tools
        self._programme_code = programme_code
        self._flood_per_hour = flood_per_hour

    def programme(self) -> Programme:
        """Return whether requests are taken now."""
        with self._database.transaction() as tx:
            return read_programme(tx)

    def known_places(self) -> tuple[Place, ...]:
        """Return the places of the operator's register, in its order."""
        return self._tools.register.places

    def submit(self, form: Filled, body: Mapping[str, Any], idempotency_key: str | None) -> Submitted:
        """Take a request. `body` is what was sent, before validation: a repeat of it gets the same answer.

        Raises Invalid if the Idempotency-Key is too short or the programme code is wrong, OtherBody or Gone for a
        repeat that is none or comes late, Closed while no requests are taken.
        """
        check_person(form)
        tries = [Submission(key, body_digest(key, body), form) for key in self._request_keys(idempotency_key)]
        earlier = self._earlier(tries)
        if earlier is not None:
            return earlier
        # Before any key is made: one that nothing was sealed with would stay in the vault for ever.
        check_open(self.programme())
        check_code(self._programme_code, form["programme_code"])
        keys = self._tools.vault.mint([*ALWAYS_SEALED, *([Purpose.PERSON_NOTIFY] if form["notify"] else [])])
        try:
            with self._database.transaction() as tx:
                requests.submit(tx, self._tools, tries[0], keys, self._flood_per_hour)
        except IntegrityError:
            # The same form was sent twice at the same moment, and the other one came first.
            earlier = self._earlier(tries)
            if earlier is None:
                raise
            return earlier
        return Submitted(tries[0].request_key, RequestState.WAITING)

    def preview(self, form: Filled) -> dict[str, Any]:
        """Return the card as a volunteer would read it; nothing is stored."""
        check_person(form)
        profile = shape_person(form, self._tools.hashes, self._tools.register).profile
        return card_preview(person_half(profile), self._tools.clock.now())

    def read(self, key: str) -> RequestView:
        """Return everything the person may know about their request."""
        with self._database.transaction() as tx:
            return read_request(tx, self._tools, lookup_of(key))

    def change(self, key: str, changes: Filled) -> RequestState:
        """Take changed wishes; return the state."""
        with self._database.transaction() as tx:
            return requests.change_wishes(tx, self._tools, lookup_of(key), changes).state

    def introduce(self, key: str, match: str | None) -> RequestState:
        """Say yes to the introduction; `match`: only to this one."""
        with self._database.transaction() as tx:
            return requests.introduce(tx, self._tools, lookup_of(key), match).state

    def another(self, key: str) -> RequestState:
        """Ask for someone else; return the state."""
        with self._database.transaction() as tx:
            return requests.another(tx, self._tools, lookup_of(key)).state

    def messages(self, key: str) -> list[Text]:
        """Return the texts of the present match, oldest first."""
        with self._database.transaction() as tx:
            return relay.read_texts(tx, self._tools, relay.person_side(tx, lookup_of(key)))

    def write(self, key: str, text: str, proposes: datetime | None = None) -> None:
        """Write a text to the volunteer, propose a time to talk, or both."""
        lookup, written = lookup_of(key), Written(text.strip(), proposes)
        write_with_key(self._database, self._tools, lambda tx: relay.person_side(tx, lookup), written)

    def spoken(self, key: str) -> None:
        """Say that the two have spoken."""
        with self._database.transaction() as tx:
            relay.spoken(tx, self._tools, relay.person_side(tx, lookup_of(key)))

    def withdraw(self, key: str) -> RequestState:
        """Withdraw the request."""
        with self._database.transaction() as tx:
            return requests.withdraw(tx, self._tools, lookup_of(key)).state

    def close(self, key: str, reason: str) -> RequestState:
        """Close the request."""
        with self._database.transaction() as tx:
            return requests.close(tx, self._tools, lookup_of(key), reason).state

    def erase(self, key: str) -> str:
        """Erase the request, whatever its state, and return the receipt; the same again returns the same receipt."""
        with self._database.transaction() as tx:
            row = request_by_lookup(tx, lookup_of(key), lock=True)
            if row is None:
                raise Unknown
            erasing.erase_request(tx, self._tools, row)
        return finish_and_sign(self._database, self._tools, row.ref)

    def check_receipt(self, text: str) -> tuple[Receipt, bool]:
        """Return what a receipt says, and whether every key it names is destroyed. Invalid if it is no receipt."""
        return erasing.check_receipt(self._tools, text)

    def _request_keys(self, idempotency_key: str | None) -> list[str]:
        """Return the request key to give out, and those that an older secret would have given."""
        if idempotency_key is None:
            return [new_key(self._tools.random)]
        if re.fullmatch(IDEMPOTENCY_PATTERN, idempotency_key) is None:
            raise Invalid(IDEMPOTENCY_KEY, f"It needs {MIN_IDEMPOTENCY_KEY} to 255 letters, digits or signs.")
        return [derive_request_key(secret, idempotency_key) for secret in self._tools.request_secrets.every()]

    def _earlier(self, tries: list[Submission]) -> Submitted | None:
        with self._database.transaction() as tx:
            for each in tries:
                if requests.repeated(tx, each.request_key, each.digest):
                    return Submitted(each.request_key, RequestState.WAITING)
        return None


def finish_and_sign(database: Database, tools: Tools, ref: str) -> str:
    """Do steps 2 and 3 of the erasure of `ref`, whose step 1 is committed; return the receipt."""
    with database.transaction() as tx:
        erasure = erasure_of(tx, ref)
    if erasure is None:
        raise Unknown
    erasing.destroy_keys(tools, erasure)
    with database.transaction() as tx:
        erasing.finish_erasure(tx, ref)
    return erasing.receipt_of(tools, erasure)
