"""The desk of whoever has something to report about safety."""

from collections.abc import Callable

from sqlalchemy import Connection

from services.intake.desks.keys import volunteer_lookup
from services.intake.domain.reports import check_report
from services.intake.handlers import reports
from services.intake.handlers.reports import Writer
from services.intake.handlers.tools import Tools
from shared.database import Database
from shared.vault.tokens import BadToken, read_offer_token


class ReportDesk:
    """What everybody with a key may do; Unknown, Gone and NotYet are raised."""

    def __init__(self, database: Database, tools: Tools) -> None:
        """Work on intake's `database`."""
        self._database = database
        self._tools = tools

    def report(self, key: str, text: str, pin: str | None = None) -> None:
        """Take a report. `key` is a request key, a volunteer key or an offer token, as it was typed, or a home link.

        Raises Invalid for an empty or too long text.
        """
        check_report(text)
        writer = self._holder(key, pin)
        with self._database.transaction() as tx:
            purpose = writer(tx).purpose
        keys = self._tools.vault.mint([purpose])
        with self._database.transaction() as tx:
            reports.take_report(tx, self._tools, writer(tx), text, keys)

    def _holder(self, key: str, pin: str | None) -> Callable[[Connection], Writer]:
        try:
            offer = read_offer_token(self._tools.links, key)
        except BadToken:
            lookup = volunteer_lookup(self._database, self._tools, key, pin)
            return lambda tx: reports.writer_of_key(tx, lookup)
        return lambda tx: reports.writer_of_offer(tx, offer)
