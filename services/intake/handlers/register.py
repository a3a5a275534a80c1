"""When the operator's register or levels change: every place is hashed again, so that no exclusion ends unnoticed."""

from dataclasses import replace

from sqlalchemy import Connection

from services.intake.domain.requests import FINAL
from services.intake.handlers.announcing import publish_request, publish_volunteer
from services.intake.handlers.context import Intake
from services.intake.handlers.requests import person_form_in
from services.intake.handlers.volunteers import opened_in, reseal_volunteer, reshape
from services.intake.schemas.shapes import shape_person
from services.intake.storage.queries import keep_fingerprint
from services.intake.storage.tables import RequestRow, VolunteerRow, due_rows, requests, volunteers
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose

HASH_REQUEST = "hash_request_again"
HASH_VOLUNTEER = "hash_volunteer_again"
"""The due rows that hash the places of one request or volunteer again. Item and subject: its ref."""


def notice_register(tx: Connection, intake: Intake) -> None:
    """Have everything hashed again if this register is another than the one that hashes were made by last."""
    if keep_fingerprint(tx, intake.register.version()):
        due_rows.schedule_each(tx, HASH_REQUEST, requests)
        due_rows.schedule_each(tx, HASH_VOLUNTEER, volunteers)


def hash_volunteer_again(tx: Connection, intake: Intake, row: VolunteerRow) -> None:
    """Seal and announce a volunteer anew if the register says something else about their places now."""
    if row.profile is None:
        return
    look = intake.vault.look(row.items())
    try:
        opened = opened_in(look, row)
    except KeyDestroyed:
        # They leave at this moment.
        return
    again = reshape(intake, opened, opened.form)
    if again.profile != opened.profile or row.notify_hash != intake.hash_of_address(again.notify["value"]):
        publish_volunteer(tx, reseal_volunteer(intake, look, row, opened, again))


def hash_request_again(tx: Connection, intake: Intake, row: RequestRow) -> None:
    """Seal and announce a request anew if the register says something else about its places now.

    One whose readable places have been forgotten stays as it is.
    """
    if row.state in FINAL or row.profile is None or row.private is None:
        return
    look = intake.vault.look(row.items())
    try:
        before = look.open(row.item(Purpose.PERSON_PROFILE))
        after = shape_person(person_form_in(look, row), intake.hashes, intake.register).profile
    except KeyDestroyed:
        return
    if after != before:
        publish_request(tx, replace(row, profile=look.reseal(row.item(Purpose.PERSON_PROFILE), after)))
