"""The desk of the coordinator."""

import hmac
from datetime import date

from services.intake.domain.programme import Programme
from services.intake.domain.refusals import Invalid, Unknown
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers import coordinator, reports
from services.intake.handlers.coordinator import ListedRequest, ListedVolunteer, OpenedVolunteer, Overview
from services.intake.handlers.programme import close_intake, open_intake
from services.intake.handlers.reports import ListedReport
from services.intake.handlers.tools import Tools
from shared.database import Database


class CoordinatorDesk:
    """What whoever holds the coordinator token may ask; `check` comes first."""

    def __init__(self, database: Database, tools: Tools, token: str) -> None:
        """Work on intake's `database` for the holder of `token`."""
        self._database = database
        self._tools = tools
        self._token = token.encode()

    def check(self, token: str) -> None:
        """Raise Unknown unless `token` is the coordinator's; the time taken does not tell how near it was."""
        if not hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self._token):
            raise Unknown

    def overview(self) -> Overview:
        """Return what needs a coordinator; nothing sealed is opened."""
        with self._database.transaction() as tx:
            return coordinator.overview(tx, self._tools)

    def open_volunteer(self, ref: str) -> OpenedVolunteer:
        """Open who a volunteer is, on the record."""
        with self._database.transaction() as tx:
            return coordinator.open_for_care(tx, self._tools, ref)

    def reports(self) -> list[ListedReport]:
        """Return every report that is not closed, opened on the record."""
        with self._database.transaction() as tx:
            return reports.list_reports(tx, self._tools)

    def close_report(self, ref: str) -> None:
        """Close a report."""
        with self._database.transaction() as tx:
            reports.close_report(tx, ref)

    def set_intake(self, *, is_open: bool, until: date | None) -> Programme:
        """Take requests again, or none until that day; Invalid for a day that is over, or for an end of being open."""
        if is_open and until is not None:
            raise Invalid("until", "Only a closed intake opens on a day.")
        with self._database.transaction() as tx:
            return open_intake(tx) if is_open else close_intake(tx, until)

    def volunteers(self) -> list[ListedVolunteer]:
        """Return every volunteer; applications that wait are opened, on the record."""
        with self._database.transaction() as tx:
            return coordinator.list_volunteers(tx, self._tools)

    def requests(self) -> list[ListedRequest]:
        """Return every request that is not over, and nothing of what was said."""
        with self._database.transaction() as tx:
            return coordinator.list_requests(tx)

    def approve(self, ref: str, trained_until: date, trained_for: list[str], *, version: int | None) -> VolunteerState:
        """Approve a volunteer, or renew their training; `version`: only as they were when that was listed."""
        with self._database.transaction() as tx:
            return coordinator.approve(tx, self._tools, ref, trained_until, trained_for, version=version).state

    def refuse(self, ref: str) -> VolunteerState:
        """Refuse an application."""
        with self._database.transaction() as tx:
            return coordinator.refuse(tx, ref).state

    def suspend(self, ref: str) -> VolunteerState:
        """Take a volunteer out for the time being."""
        with self._database.transaction() as tx:
            return coordinator.suspend(tx, ref).state

    def reinstate(self, ref: str) -> VolunteerState:
        """Take a suspended volunteer back."""
        with self._database.transaction() as tx:
            return coordinator.reinstate(tx, ref).state
