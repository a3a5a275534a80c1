"""One function per topic: keep what was announced, and make the notices that it makes due.

A handler works in the transaction it is given (R2). It looks at the announced state alone; what a notice needs from
another topic is looked up when the notice is sent, and the arrival of that other row wakes what waited for it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from sqlalchemy import Connection

from services.notifier.domain import notices
from services.notifier.domain.facts import REQUEST_OVER, Match, Offer, Report, Request, Search, Text, Volunteer
from services.notifier.domain.notices import TO_THE_COORDINATOR, Due
from services.notifier.storage import deliveries, tables
from services.notifier.storage.copies import keep
from services.notifier.storage.pictures import fact_of
from shared.events.envelope import Event


class Handlers:
    """The handlers of the notifier's topics."""

    def __init__(self, new_ref: Callable[[], str], patience: timedelta, *, coordinator: bool) -> None:
        """Name new deliveries by `new_ref`; one whose address keeps saying "not now" is given up after `patience`.

        Without a `coordinator` who reads mail, notices to one are not made.
        """
        self._new_ref = new_ref
        self._patience = patience
        self._coordinator = coordinator

    def by_topic(self) -> Mapping[str, Callable[[Connection, Event], None]]:
        """Return the handler of each topic that the notifier consumes."""
        return {"requests": self.request, "volunteers": self.volunteer, "matches": self.match}

    def request(self, tx: Connection, event: Event) -> None:
        """Take what intake announced, which is a report, a text that waits, or a request."""
        data = event.data
        if "report" in data:
            self._make(tx, notices.from_report(Report(event.subject, data["kind"])))
        elif "message" in data:
            parties = {name: data[name] for name in ("request", "match", "volunteer", "to")}
            self._make(tx, notices.from_text(Text(event.subject, **parties)))
        else:
            self._request(tx, event)

    def volunteer(self, tx: Connection, event: Event) -> None:
        """Keep a volunteer, and remember the last version that was no application."""
        state = {name: event.data[name] for name in ("state", "generation", "notify")}
        if state["state"] != "applied":
            state["vetted"] = event.sequence
        row = keep(tx, tables.volunteers, event.subject, event.sequence, state)
        if row is not None:
            self._make(tx, notices.from_volunteer(fact_of(row, Volunteer)))
            deliveries.hurry(tx, "volunteer", event.subject)

    def match(self, tx: Connection, event: Event) -> None:
        """Keep what the matcher announced, which is a match, an offer, or how the search for a request stands."""
        if "match" in event.data:
            self._match(tx, event)
        elif "offer" in event.data:
            self._offer(tx, event)
        else:
            self._search(tx, event)

    def _request(self, tx: Connection, event: Event) -> None:
        """Keep a request. One that is over keeps no address and no sign of life, and has no end to come."""
        state = {name: event.data[name] for name in ("state", "match", "ends_at", "sign_at", "notify")}
        if state["state"] in REQUEST_OVER:
            state |= {"ends_at": None, "sign_at": None, "notify": None}
        row = keep(tx, tables.requests, event.subject, event.sequence, state)
        if row is not None:
            self._make(tx, notices.from_request(fact_of(row, Request)))
            deliveries.hurry(tx, "request", event.subject)

    def _offer(self, tx: Connection, event: Event) -> None:
        state = {name: event.data[name] for name in ("request", "volunteer", "state", "expires_at", "nudged_at")}
        row = keep(tx, tables.offers, event.subject, event.sequence, state)
        if row is not None:
            self._make(tx, notices.from_offer(fact_of(row, Offer)))
            deliveries.hurry(tx, "offer", event.subject)

    def _match(self, tx: Connection, event: Event) -> None:
        parties = ("offer", "request", "volunteer")
        state = {name: event.data[name] for name in (*parties, "state", "check_ins", "sign_asks", "ended_by")}
        state["nudged_at"] = event.data.get("nudged_at")
        row = keep(tx, tables.matches, event.subject, event.sequence, state)
        if row is not None:
            self._make(tx, notices.from_match(fact_of(row, Match)))
            deliveries.hurry(tx, "match", event.subject)

    def _search(self, tx: Connection, event: Event) -> None:
        state = {name: event.data[name] for name in ("round", "state", "late")}
        state["waiting_since"] = event.data.get("waiting_since")
        row = keep(tx, tables.searches, event.subject, event.sequence, state)
        if row is not None:
            self._make(tx, notices.from_search(fact_of(row, Search)))

    def _make(self, tx: Connection, dues: Iterable[Due]) -> None:
        for due in dues:
            if self._coordinator or due.notice not in TO_THE_COORDINATOR:
                deliveries.add(tx, due, self._new_ref(), self._patience)
