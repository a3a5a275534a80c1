"""One function per topic: keep what was announced, and make the notices that it makes due.

A handler works in the transaction it is given (R2). It looks at the announced state alone; what a notice needs from
another topic is looked up when the notice is sent, and the arrival of that other row wakes what waited for it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from sqlalchemy import Connection

from services.notifier.domain import notices
from services.notifier.domain.facts import REQUEST_OVER, Match, Offer, Request, Search, Volunteer
from services.notifier.domain.notices import Due
from services.notifier.storage import deliveries, tables
from services.notifier.storage.copies import keep
from shared.events.envelope import Event


class Handlers:
    """The handlers of the notifier's topics."""

    def __init__(self, new_ref: Callable[[], str], patience: timedelta) -> None:
        """Name new deliveries by `new_ref`; one whose address keeps saying "not now" is given up after `patience`."""
        self._new_ref = new_ref
        self._patience = patience

    def by_topic(self) -> Mapping[str, Callable[[Connection, Event], None]]:
        """Return the handler of each topic that the notifier consumes."""
        return {"requests": self.request, "volunteers": self.volunteer, "matches": self.match}

    def request(self, tx: Connection, event: Event) -> None:
        """Keep a request; the person's yes makes word of it due. One that is over keeps no address."""
        data = event.data
        over = data["state"] in REQUEST_OVER
        state = {"state": data["state"], "match": data["match"], "notify": None if over else data["notify"]}
        if keep(tx, tables.requests, event.subject, event.sequence, state):
            self._make(tx, notices.from_request(Request(event.subject, **state)))
            deliveries.hurry(tx, "request", event.subject)

    def volunteer(self, tx: Connection, event: Event) -> None:
        """Keep a volunteer; the first version that serves makes word of the approval due."""
        state = {name: event.data[name] for name in ("state", "notify")}
        if keep(tx, tables.volunteers, event.subject, event.sequence, state):
            self._make(tx, notices.from_volunteer(Volunteer(event.subject, event.sequence, **state)))
            deliveries.hurry(tx, "volunteer", event.subject)

    def match(self, tx: Connection, event: Event) -> None:
        """Keep what the matcher announced, which is a match, an offer, or how the search for a request stands."""
        if "match" in event.data:
            self._match(tx, event)
        elif "offer" in event.data:
            self._offer(tx, event)
        else:
            self._search(tx, event)

    def _offer(self, tx: Connection, event: Event) -> None:
        state = {name: event.data[name] for name in ("request", "volunteer", "state", "expires_at", "nudged_at")}
        if keep(tx, tables.offers, event.subject, event.sequence, state):
            self._make(tx, notices.from_offer(Offer(event.subject, **state)))
            deliveries.hurry(tx, "offer", event.subject)

    def _match(self, tx: Connection, event: Event) -> None:
        state = {name: event.data[name] for name in ("offer", "request", "volunteer", "state", "ended_by")}
        if keep(tx, tables.matches, event.subject, event.sequence, state):
            self._make(tx, notices.from_match(Match(event.subject, **state)))
            deliveries.hurry(tx, "match", event.subject)

    def _search(self, tx: Connection, event: Event) -> None:
        state = {name: event.data[name] for name in ("round", "state")}
        if keep(tx, tables.searches, event.subject, event.sequence, state):
            self._make(tx, notices.from_search(Search(event.subject, **state)))

    def _make(self, tx: Connection, dues: Iterable[Due]) -> None:
        for due in dues:
            deliveries.add(tx, due, self._new_ref(), self._patience)
