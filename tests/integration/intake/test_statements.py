"""A page is one snapshot: what each action of the pages costs, counted at both engines on a real PostgreSQL.

A statement is everything that is sent to intake's database or to the vault's, but BEGIN, COMMIT and ROLLBACK; one that
carries many rows counts once. Transactions are those of intake's database; each look into the vault is one statement
and one transaction of its own beside them. What belongs to no action is left out: the pool's check of a connection, and
the INSERT that makes sixteen data keys at a time. An action lasts from the form that is sent to the page that comes
back; what is awaited of the matcher meanwhile is not here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from services.intake.handlers.context import Intake
from tests.integration.intake.browsing import APPLY, ASK, act
from tests.integration.intake.world import World

WAITING, MATCHED, WRITTEN = (6, 1), (9, 1), (12, 2)
"""The most statements and transactions: of a page that is read before a match and with one, and of one that writes."""

ERASED = (18, 4)
"""Erasure's three steps, and nothing is read after it. The three statements of the vault's destruction are among it."""

TIME = f"{datetime.now(UTC) + timedelta(days=4):%Y-%m-%d} 18:30"


@dataclass
class Count:
    """What was sent to one database."""

    statements: list[str] = field(default_factory=list)
    transactions: int = 0


@dataclass
class Bill:
    """What an action cost."""

    intake: Count = field(default_factory=Count)
    vault: Count = field(default_factory=Count)
    locks: int = 0

    def line(self, action: str) -> str:
        """Return a row of the table of figures."""
        sent = f"{len(self.intake.statements)} + {len(self.vault.statements)}"
        return f"| {action} | {sent} | {self.intake.transactions} |"


@contextmanager
def counting(engine: Engine, count: Count) -> Iterator[None]:
    """Count what `engine` sends until the block ends."""

    def statement(*arguments: Any) -> None:
        if "INSERT INTO keys" not in arguments[2]:
            count.statements.append(arguments[2])

    def begin(_: object) -> None:
        count.transactions += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "begin", begin)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "begin", begin)


@dataclass
class Till:
    """Counts one action after the other, and says what each of them cost."""

    intake: Intake
    bills: dict[str, Bill] = field(default_factory=dict)

    def take(self, action: str, do: Callable[[], TestResponse]) -> Bill:
        """Do something by a page, which has to come back well."""
        bill = Bill()
        with (
            counting(self.intake.database.engine, bill.intake),
            counting(self.intake.vault_database.engine, bill.vault),
        ):
            page = do()
        assert page.status_code < 300, page.text
        bill.locks = sum("FOR UPDATE" in each for each in bill.intake.statements)
        self.bills[action] = bill
        return bill

    def read(self, action: str, limit: tuple[int, int], do: Callable[[], TestResponse]) -> None:
        """Read a page: it keeps the limit, opens everything in one look, and locks nothing."""
        bill = self.take(action, do)
        self._keeps(action, limit)
        assert len(bill.vault.statements) <= 1, bill.vault.statements
        assert bill.locks == 0, bill.intake.statements

    def write(self, action: str, do: Callable[[], TestResponse], limit: tuple[int, int] = WRITTEN) -> None:
        """Do something by a page: it keeps the limit."""
        self.take(action, do)
        self._keeps(action, limit)

    def _keeps(self, action: str, limit: tuple[int, int]) -> None:
        bill = self.bills[action]
        cost = len(bill.intake.statements) + len(bill.vault.statements), bill.intake.transactions
        assert cost[0] <= limit[0], (action, cost, bill)
        assert cost[1] <= limit[1], (action, cost, bill)

    def show(self) -> None:
        """Print the table; pytest shows it with -s."""
        for action, bill in self.bills.items():
            print(bill.line(action))


@pytest.fixture
def till(intake: Intake) -> Iterator[Till]:
    """A till in front of intake's two databases."""
    till = Till(intake)
    yield till
    till.show()


def test_a_person_who_asks_and_waits(world: World, site_today: FlaskClient, till: Till) -> None:
    world.ask()
    till.read("the form is shown", WAITING, lambda: site_today.get("/ask"))
    till.write("the form is sent", lambda: site_today.post("/ask", data={**ASK, "notify": "a@example.org"}))
    key = world.ask()
    open_it: Callable[[], TestResponse] = lambda: act(site_today, "/request", key, "open")  # noqa: E731
    till.read("my request, not announced yet", WAITING, open_it)
    request = world.newest("requests")
    world.searching(request)
    till.read("my request, waiting", WAITING, open_it)
    world.offered(request, world.approved()[1])
    till.read("my request, offering", WAITING, open_it)
    till.read("my wishes are shown", WAITING, lambda: act(site_today, "/request", key, "wishes"))
    till.write("my wishes are saved", lambda: act(site_today, "/request", key, "save_wishes", languages="en"))
    till.write("I withdraw", lambda: act(site_today, "/request", key, "withdraw"))
    till.read("my request, withdrawn", WAITING, open_it)


def test_a_person_who_is_matched_and_introduced(world: World, site_today: FlaskClient, till: Till) -> None:
    key, token, match = world.met()

    def person(step: str, **more: str) -> Callable[[], TestResponse]:
        return lambda: act(site_today, "/request", key, step, **more)

    till.read("my request, matched", MATCHED, person("open"))
    till.write("I write first", person("write", text="Good evening."))
    till.write("I am introduced", person("introduce", match=match))
    till.write("I write, with a time", person("write", text="Shall we talk?", proposes=TIME))
    act(site_today, "/offer", token, "write", text="Yes, at seven.")
    act(site_today, "/offer", token, "reveal")
    till.read("my request, introduced, with three texts", MATCHED, person("open"))
    till.write("we have spoken", person("spoken"))
    till.write("I close", person("close", reason="spoke_and_enough"))
    till.read("my request, closed", WAITING, person("open"))
    till.write("I erase", person("erase_yes"), ERASED)


def test_a_person_who_asks_for_someone_else(world: World, site_today: FlaskClient, till: Till) -> None:
    key, _, _ = world.met(at_once=True)
    act(site_today, "/request", key, "write", text="Good evening.")
    till.write("someone else, after texts", lambda: act(site_today, "/request", key, "another"))


def test_a_volunteer_who_is_asked(world: World, site_today: FlaskClient, till: Till) -> None:
    key, volunteer = world.approved()
    world.ask()
    request = world.newest("requests")
    first, second, third = (world.offered(request, volunteer) for _ in range(3))

    def offer(ref: str, step: str, **more: str) -> Callable[[], TestResponse]:
        return lambda: act(site_today, "/offer", world.token(ref), step, **more)

    till.read("an offer, open", MATCHED, offer(first, "look"))
    reason = {"reason": "no_time_now"}
    till.write("I decline", offer(first, "decline", **reason))
    till.write("I decline and rest", offer(second, "decline", days="7", **reason))
    act(site_today, "/volunteer", key, "resume")
    till.write("I accept", offer(third, "accept"))
    world.offered(request, volunteer, offer=third, state="accepted")
    world.matched(request, volunteer, third)
    till.read("an offer, matched", MATCHED, offer(third, "look"))
    till.read("my home, with three offers", MATCHED, lambda: act(site_today, "/volunteer", key, "open"))
    till.write("I write to the person", offer(third, "write", text="Good evening.", proposes=TIME))
    till.write("I hand back", offer(third, "hand_back"))


def test_a_volunteer_at_home(world: World, site_today: FlaskClient, till: Till) -> None:
    till.write("I apply", lambda: site_today.post("/volunteer", data={**APPLY, "step": "apply"}))
    key, _ = world.approved()

    def home(step: str, **more: str) -> Callable[[], TestResponse]:
        return lambda: act(site_today, "/volunteer", key, step, **more)

    till.read("my home", WAITING, home("open"))
    till.read("my profile is shown", WAITING, home("edit"))
    till.write("my profile is saved", home("save", **{**APPLY, "name": "Planted Other", "notify": "b@example.org"}))
    till.write("I set a PIN", home("set_pin", new_pin="2580"))
    till.write("I report", home("send_report", text="Somebody is not safe."))
    key, _ = world.approved()
    till.write("I rest", home("pause", days="7"))
    till.write("I am back", home("resume"))
    till.write("I leave", home("leave_yes"), ERASED)


def test_a_volunteer_who_is_introduced(world: World, site_today: FlaskClient, till: Till) -> None:
    _, token, _ = world.met(at_once=True)

    def offer(step: str, **more: str) -> Callable[[], TestResponse]:
        return lambda: act(site_today, "/offer", token, step, **more)

    till.write("I open their words", offer("reveal"))
    till.write("I write", offer("write", text="Good evening.", proposes=TIME))
    till.write("I write again", offer("write", text="Until then.", proposes=TIME))
    till.read("an offer, introduced", MATCHED, offer("look"))
    till.write("we spoke", offer("spoken"))
