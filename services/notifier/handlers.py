"""One function per topic: keep what was announced, and make the notices that it makes due.

A handler works in the transaction it is given (R2). It looks at the announced state alone; what a notice needs from
another topic is looked up when the notice is sent, and the arrival of that other row wakes what waited for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.notifier.domain import notices
from services.notifier.domain.facts import REQUEST_OVER, Fact
from services.notifier.domain.notices import Due, Reader, desk_of
from services.notifier.storage import deliveries
from services.notifier.storage.projections import keep
from services.notifier.storage.tables import MATCHES, OFFERS, REQUESTS, SEARCHES, VOLUNTEERS
from shared.events.envelope import Event
from shared.rows import Rows


class Handlers:
    """The handlers of the notifier's topics. `coordinators` are the addresses that hear what is for the coordinator."""

    def __init__(self, coordinators: Sequence[str]) -> None:
        self._desks = [desk_of(address) for address in coordinators]

    def by_topic(self) -> Mapping[str, Callable[[Connection, Event], None]]:
        """Return the handler of each topic that the notifier consumes."""
        return {"requests": self.request, "volunteers": self.volunteer, "matches": self.match}

    def request(self, tx: Connection, event: Event) -> None:
        """Take what intake announced: a report, a message that waits, or a request."""
        data = event.data
        if "report" in data:
            self._make(tx, notices.from_report(event.subject, data["kind"]))
        elif "message" in data:
            said = {name: data[name] for name in ("to", "request", "match", "volunteer")}
            self._make(tx, notices.from_message(event.subject, **said))
        else:
            # A request that is over keeps no address and no sign of life, and has no end to come.
            over = data["state"] in REQUEST_OVER
            gone = dict.fromkeys(("ends_at", "sign_at", "notify")) if over else {}
            self._keep(tx, event, REQUESTS, notices.from_request, "request", **gone)

    def volunteer(self, tx: Connection, event: Event) -> None:
        """Keep a volunteer, and remember the last version at which a coordinator had nothing to look at."""
        waits = event.data["state"] == "applied" or event.data["to_vet"]
        vetted = {} if waits else {"vetted": event.sequence}
        self._keep(tx, event, VOLUNTEERS, notices.from_volunteer, "volunteer", **vetted)

    def match(self, tx: Connection, event: Event) -> None:
        """Keep what the matcher announced: a match, an offer, or how the search for a request stands."""
        if "match" in event.data:
            self._keep(tx, event, MATCHES, notices.from_match, "match")
        elif "offer" in event.data:
            self._keep(tx, event, OFFERS, notices.from_offer, "offer")
        else:
            self._keep(tx, event, SEARCHES, notices.from_search, None)

    def _keep(
        self,
        tx: Connection,
        event: Event,
        rows: Rows[Fact],
        due: Callable[[Fact], list[Due]],
        awaited: str | None,
        **instead: Any,
    ) -> None:
        """Keep a fact, make what it makes `due`, and wake what waits for it, found by the column `awaited`."""
        fact = keep(tx, rows, event, **instead)
        if fact is None:
            return
        self._make(tx, due(fact))
        if awaited is not None:
            deliveries.hurry(tx, awaited, event.subject)

    def _make(self, tx: Connection, dues: Iterable[Due]) -> None:
        for due in dues:
            if due.notice.reader is not Reader.COORDINATOR:
                deliveries.add(tx, due)
            elif not deliveries.was_made_before_desks(tx, due):
                for desk in self._desks:
                    deliveries.add(tx, due, desk)
