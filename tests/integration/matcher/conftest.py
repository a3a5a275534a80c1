"""A matcher on a real PostgreSQL and a real vault, fed with events by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Row, Table, func, select, update

from services.matcher.handlers.context import Context
from services.matcher.handlers.due import due_handlers
from services.matcher.handlers.replies import on_reply
from services.matcher.handlers.requests import on_request
from services.matcher.handlers.volunteers import on_delivery, on_volunteer
from services.matcher.storage.pool_in_memory import Pool
from services.matcher.storage.tables import due_rows, matches, messaging, offers, pool, requests
from shared.database import Database, database_now
from shared.duerows import DueLoop
from shared.events import Event
from shared.messaging.inbox import first_time
from shared.refs import new_ref
from shared.vault.purposes import Purpose
from shared.vault.sealing import key_id_of
from tests.integration.conftest import House
from tests.support.databases import Databases
from tests.support.people import AWAKE_ALL_DAY
from tests.unit.matcher.worlds import person_data, volunteer_data

HANDLERS = {
    "requests": on_request,
    "volunteers": on_volunteer,
    "replies": on_reply,
    "deliveries": on_delivery,
}


class World:
    """The matcher, and everybody who sends it events."""

    def __init__(self, database: Database, house: House) -> None:
        self.database = database
        self.house = house
        self.context = Context(house.matcher, Pool(house.matcher))
        self.due = DueLoop(database, due_rows, due_handlers(self.context))
        self.sequences: dict[str, int] = {}
        self.profiles: dict[str, str] = {}

    def replica(self) -> "World":
        """Return another matcher on the same database."""
        other = World(self.database, self.house)
        other.sequences, other.profiles = self.sequences, self.profiles
        return other

    def handle(self, event: Event) -> str:
        """Handle one event as the consumer does: once, and only if it is newer than what came before."""
        with self.database.transaction() as tx:
            outcome = first_time(tx, messaging, event)
            if outcome == "handled":
                HANDLERS[event.topic](self.context, tx, event)
        return outcome

    def event(self, topic: str, subject: str, data: dict[str, Any], *, sequence: int | None = None) -> Event:
        """Make the next event of `subject`."""
        if sequence is None:
            sequence = self.sequences[subject] = self.sequences.get(subject, 0) + 1
        return Event(str(uuid4()), topic, "any", subject, sequence, subject, datetime.now(UTC), data)

    def volunteer(self, ref: str | None = None, *, state: str = "active", notify: str = "N" * 60, **said: Any) -> str:
        """Publish a volunteer, new or known, and return their ref."""
        ref = ref or new_ref()
        if said or ref not in self.profiles:
            roomy = {"waking_hours": AWAKE_ALL_DAY, "identity": [ref], "capacity": {"active": 1, "new_per_month": 20}}
            self.profiles[ref] = self.seal(Purpose.VOLUNTEER_PROFILE, ref, volunteer_data(**(roomy | said)))
        gone = state == "removed"
        data = {
            "volunteer": ref,
            "state": state,
            "trained_until": None if gone else date.today() + timedelta(days=100),  # noqa: DTZ011 - a day is enough here.
            "paused_until": None,
            "generation": 0,
            "profile": None if gone else self.profiles[ref],
            "notify": None if gone else notify,
        }
        self.handle(self.event("volunteers", ref, data))
        return ref

    def request(self, ref: str | None = None, **said: Any) -> str:
        """Publish a request, new or changed, and return its ref."""
        ref = ref or new_ref()
        self.handle(self.request_event(ref, **said))
        return ref

    def request_event(
        self,
        ref: str,
        *,
        state: str = "open",
        round_: int = 1,
        sign_at: datetime | None = None,
        sign_by: str = "volunteer",
        **said: Any,
    ) -> Event:
        """Make the event that `request` handles."""
        ended = state in ("withdrawn", "closed", "erased")
        profile = None if ended else self.seal(Purpose.PERSON_PROFILE, ref, person_data(**said))
        live = self.one(matches, matches.c.request == ref, matches.c.state == "live")
        data = {
            "request": ref,
            "state": state,
            "round": round_,
            "match": live.ref if live and not ended else None,
            "introduced_at": datetime.now(UTC) if state == "introduced" else None,
            "sign_at": sign_at,
            "sign_by": sign_by if sign_at else None,
            "ends_at": None,
            "profile": profile,
            "notify": None,
        }
        return self.event("requests", ref, data)

    def matched(self) -> tuple[str, str]:
        """Bring a new request to a match; return its ref and the volunteer's."""
        volunteer, request = self.volunteer(), self.request()
        self.answer(self.open_offers(request)[0], "accepted")
        return request, volunteer

    def answer(self, offer: Row[Any], answer: str, *, pause_until: datetime | None = None) -> None:
        """Let the volunteer answer `offer`."""
        self.handle(self.answer_event(offer, answer, pause_until=pause_until))

    def answer_event(self, offer: Row[Any], answer: str, *, pause_until: datetime | None = None) -> Event:
        """Make the event that `answer` handles."""
        paused_as = self.sequences[offer.volunteer] + 1 if pause_until else None
        return self.event("replies", new_ref(), {
            "reply": new_ref(), "offer": offer.ref, "request": offer.request, "round": offer.round,
            "volunteer": offer.volunteer, "answer": answer, "pause_until": pause_until,
            "volunteer_sequence": paused_as,
        })  # fmt: skip

    def fail_delivery(self, offer: Row[Any], *, address_at_fault: bool = True) -> None:
        """Let the notice of `offer` fail for good, for its address or because it never left the house in time."""
        version = self.sequences[offer.volunteer] if address_at_fault else None
        self.handle(self.event("deliveries", new_ref(), {
            "delivery": new_ref(), "notice": "offer", "request": offer.request, "offer": offer.ref, "match": None,
            "volunteer": offer.volunteer, "volunteer_sequence": version, "state": "failed",
            "attempts": 1, "at": datetime.now(UTC),
        }))  # fmt: skip

    def seal(self, purpose: Purpose, ref: str, data: dict[str, Any]) -> str:
        """Seal as intake does."""
        return self.house.keeper.seal(self.house.keeper.mint([purpose])[purpose], ref, purpose, data)

    def destroy_profile(self, sealed: str) -> None:
        """Destroy the key of a sealed profile, as an erasure does."""
        self.house.keeper.destroy([key_id_of(sealed)], datetime.now(UTC))

    def pass_time(self, kind: str, item: str) -> None:
        """Move one due row to now, and handle what is due."""
        with self.database.transaction() as tx:
            rows = due_rows.table
            tx.execute(
                update(rows).where(rows.c.kind == kind, rows.c.item == item).values(due_at=func.clock_timestamp())
            )
        self.work()

    def is_due_in(self, kind: str, item: str, after: timedelta) -> bool:
        """Tell whether `kind` was made due for `item` in `after` from now, by the database's clock."""
        row = self.one(due_rows.table, due_rows.table.c.kind == kind, due_rows.table.c.item == item)
        with self.database.transaction() as tx:
            left = row.due_at - database_now(tx) if row else None
        return left is not None and timedelta() <= after - left < timedelta(minutes=1)

    def work(self) -> None:
        """Handle what is due, and what falls due by that."""
        for _ in range(3):
            self.due.step()

    def rows(self, table: Table, *where: Any) -> list[Row[Any]]:
        """Return the rows of `table` that match."""
        with self.database.transaction() as tx:
            return list(tx.execute(select(table).where(*where)))

    def one(self, table: Table, *where: Any) -> Row[Any] | None:
        """Return the row of `table` that matches, None if there is none."""
        found = self.rows(table, *where)
        assert len(found) <= 1
        return found[0] if found else None

    def open_offers(self, request: str) -> list[Row[Any]]:
        """Return the open offers of `request`."""
        return self.rows(offers, offers.c.request == request, offers.c.state == "made")

    def offer_of(self, match: Row[Any]) -> Row[Any]:
        """Return the offer that led to `match`."""
        [offer] = self.rows(offers, offers.c.ref == match.offer)
        return offer

    def state_of(self, request: str) -> str:
        """Return the state of `request` as the matcher holds it."""
        row = self.one(requests, requests.c.ref == request)
        assert row is not None
        return str(row.state)

    def announced(self, *names: str) -> list[Row[Any]]:
        """Return the events announced under `names`, in order."""
        rows = self.rows(messaging.outbox, messaging.outbox.c.name.in_(names))
        return sorted(rows, key=lambda row: int(row.id))

    def counters_hold(self) -> bool:
        """Tell whether every counter equals what it counts, and nobody is over capacity (I3)."""
        return all(
            row.open_offers == len(self.rows(offers, offers.c.volunteer == row.ref, offers.c.state == "made"))
            and row.live_matches == len(self.rows(matches, matches.c.volunteer == row.ref, matches.c.state == "live"))
            for row in self.rows(pool)
        )


@pytest.fixture
def world(databases: Databases, house: House) -> Iterator[World]:
    """An empty matcher."""
    database = Database(databases.fresh("matcher"), name="test-matcher", pool_size=4)
    yield World(database, house)
    database.dispose()
