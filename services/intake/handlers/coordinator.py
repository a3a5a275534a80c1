"""What a coordinator sees first, requests, and whether they are taken. What they do about volunteers is in `vetting`.

Each door checks the token first (`check_token`).
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from services.intake.domain.programme import ALWAYS_OPEN, Programme
from services.intake.domain.refusals import Invalid, Unknown
from services.intake.domain.requests import FINAL, RequestState
from services.intake.domain.volunteers import AT_WORK, VolunteerState
from services.intake.handlers.context import Intake
from services.intake.handlers.vetting import ListedVolunteer, all_listed, rows_here
from services.intake.storage import tables
from services.intake.storage.queries import open_reports, programme_now, store_programme
from services.intake.storage.tables import REQUESTS, ReportRow
from shared.database import database_now

ENDS_SOON = timedelta(days=30)
"""A training that ends within this time is shown, so that it can be renewed in time."""


@dataclass(frozen=True)
class ListedRequest:
    """A request in the coordinator's list: never what was said. `why` is the code of the rule that leaves nobody."""

    request: str
    state: RequestState
    asked_at: datetime
    why: str | None
    next_try_at: datetime | None
    late: str


@dataclass(frozen=True)
class Overview:
    """What a coordinator sees first. Nothing sealed is opened for it.

    `stuck`: requests that are late or stalled. `ending`: volunteers whose training is over or ends soon. `to_vet`:
    those who changed what they were vetted by, or are asked nothing because somebody else at work holds their address.
    """

    programme: Programme
    reports: list[ReportRow]
    stuck: list[ListedRequest]
    volunteers: list[ListedVolunteer]
    ending: list[ListedVolunteer]
    applications: list[ListedVolunteer]
    to_vet: list[ListedVolunteer]


def check_token(intake: Intake, token: str) -> None:
    """Raise Unknown unless `token` is the coordinator's; the time taken does not tell how near it was."""
    if not hmac.compare_digest(token.encode("utf-8", "surrogatepass"), intake.settings.coordinator_token.encode()):
        raise Unknown


def overview(intake: Intake) -> Overview:
    with intake.database.transaction() as tx:
        rows = rows_here(tx)
        programme, requests = programme_now(tx), _unfinished(tx)
        reports = open_reports(tx)
    volunteers = all_listed(intake, rows)
    soon = intake.clock.now().date() + ENDS_SOON
    look_at = {row.ref for row in rows if row.to_vet or (row.state in AT_WORK and not row.holds_address)}
    applied = [each for each in volunteers if each.state is VolunteerState.APPLIED]
    return Overview(
        programme=programme,
        reports=reports,
        stuck=[each for each in requests if each.state is RequestState.STALLED or each.late != "no"],
        volunteers=volunteers,
        ending=[
            each
            for each in volunteers
            if each.state in AT_WORK and each.trained_until is not None and each.trained_until <= soon
        ],
        applications=applied,
        to_vet=[each for each in volunteers if each.volunteer in look_at and each not in applied],
    )


def set_intake(intake: Intake, *, is_open: bool, until: date | None) -> Programme:
    """Take requests again, or none until that day begins (UTC), or until somebody opens it.

    Invalid for a day that has begun already, or for an end of being open.
    """
    if is_open and until is not None:
        raise Invalid("until", "open_needs_no_day")
    moment = datetime.combine(until, time(), UTC) if until else None
    said = ALWAYS_OPEN if is_open else Programme(open=False, until=moment)
    with intake.database.transaction() as tx:
        if moment is not None and moment <= database_now(tx):
            raise Invalid("until", "day_not_ahead")
        store_programme(tx, said)
    return said


def list_requests(intake: Intake) -> list[ListedRequest]:
    """Return every request that is not over, oldest first."""
    with intake.database.transaction() as tx:
        return _unfinished(tx)


def _unfinished(tx: Connection) -> list[ListedRequest]:
    return [
        ListedRequest(row.ref, row.state, row.asked_at, row.why, row.next_try_at, row.late)
        for row in REQUESTS.all(tx, tables.requests.c.state.not_in(FINAL), order_by=[tables.requests.c.asked_at])
    ]
