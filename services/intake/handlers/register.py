"""When the rules of marks, the operator's register or its levels change: everybody is marked anew, volunteers first.

The matcher offers nothing between marks of two versions, so no exclusion ends unnoticed meanwhile.
"""

from dataclasses import replace

from sqlalchemy import Connection

from services.intake.domain.requests import FINAL
from services.intake.domain.vetting import unvetted_in
from services.intake.domain.volunteers import AT_WORK
from services.intake.handlers.announcing import publish_request, publish_volunteer
from services.intake.handlers.context import Intake
from services.intake.handlers.requests import person_form_in
from services.intake.handlers.volunteers import opened_in, reseal_volunteer, reshape
from services.intake.schemas.shapes import shape_person
from services.intake.storage import tables
from services.intake.storage.queries import claim_marks, marked_otherwise
from services.intake.storage.tables import RequestRow, VolunteerRow, due_rows, requests, volunteers
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose

HASH_REQUEST = "hash_request_again"
HASH_VOLUNTEER = "hash_volunteer_again"
"""The due rows that mark one request or volunteer anew. Item and subject: its ref."""


def mark_anew(tx: Connection, intake: Intake, *, started: bool) -> bool:
    """Have whoever bears marks of another version marked anew; tell whether anything is left to do.

    `started`: this process has just started, so its version counts from now on. A process of an earlier version that
    still runs may write old marks at any time: that is seen at the next look. A volunteer who cannot be marked keeps no
    request waiting.
    """
    version = intake.register.version()
    if not claim_marks(tx, version, started=started):
        return False
    due_rows.schedule_each(tx, HASH_VOLUNTEER, volunteers, marked_otherwise(volunteers, version))
    if due_rows.waits(tx, HASH_VOLUNTEER):
        return True
    # A request whose readable places are forgotten has been introduced: it is searched for no more.
    searched = requests.c.private.is_not(None) & requests.c.state.not_in(FINAL)
    due_rows.schedule_each(tx, HASH_REQUEST, requests, searched, marked_otherwise(requests, version))
    return due_rows.waits(tx, HASH_REQUEST)


def hash_volunteer_again(tx: Connection, intake: Intake, row: VolunteerRow) -> None:
    """Mark a volunteer anew, and announce them if that says something else than before."""
    if row.profile is None:
        return
    look = intake.vault.look(row.items())
    try:
        opened = opened_in(look, row)
    except KeyDestroyed:
        # They leave at this moment.
        return
    again = reshape(intake, opened, opened.form, unvetted_in(opened.private))
    marked = reseal_volunteer(intake, look, row, opened, again)
    alone = marked.state not in AT_WORK or marked.holds_address
    if again.profile != opened.profile or not alone:
        publish_volunteer(tx, marked)
    else:
        tables.VOLUNTEERS.save(tx, marked)


def hash_request_again(tx: Connection, intake: Intake, row: RequestRow) -> None:
    """Mark a request anew, and announce it if that says something else than before.

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
    marked = row.marked_by(intake.register.version())
    if after != before:
        publish_request(tx, replace(marked, profile=look.reseal(row.item(Purpose.PERSON_PROFILE), after)))
    else:
        tables.REQUESTS.save(tx, marked)
