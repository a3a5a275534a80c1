"""Due rows (R7): judged by the database's clock, handled once, and nobody waits for somebody else's."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Column, Connection, DateTime, Integer, MetaData, Table, Text, insert, select, text, update

from shared.database import Database, database_now
from shared.duerows import FAILURE_PAUSE, DueHandler, DueLoop, DueRows
from tests.support.databases import Databases

KIND = "nudge"


class Desk:
    """A database with due rows and the aggregates they are about."""

    def __init__(self, url: str) -> None:
        """Create both tables."""
        metadata = MetaData()
        self.due = DueRows(metadata)
        self.things = Table(
            "things",
            metadata,
            Column("ref", Text, primary_key=True),
            Column("handled", Integer),
            Column("since", DateTime(timezone=True)),
        )
        self.order: list[str] = []
        self.database = Database(url, name="test")
        metadata.create_all(self.database.engine)

    def add(self, *refs: str, after: timedelta = timedelta(0), since: timedelta = timedelta(0)) -> None:
        """Add aggregates that are `since` old, each with a row that is due `after` from now."""
        with self.database.transaction() as tx:
            for ref in refs:
                tx.execute(insert(self.things).values(ref=ref, handled=0, since=database_now(tx) - since))
                self.due.schedule(tx, KIND, ref, ref, after)

    def handle(self, tx: Connection, subject: str, _item: str) -> None:
        """Count that a row was handled."""
        things = self.things
        self.order.append(subject)
        tx.execute(update(things).where(things.c.ref == subject).values(handled=things.c.handled + 1))

    def loop(self, handle: Callable[[Connection, str, str], None] | None = None) -> DueLoop:
        """Return a loop, with another handler if one is given."""
        return DueLoop(self.database, self.due, {KIND: DueHandler(self.things, handle or self.handle)})

    def handled(self) -> dict[str, int]:
        """Return ref -> how often its row was handled."""
        with self.database.transaction() as tx:
            return {row.ref: row.handled for row in tx.execute(select(self.things))}

    def rows(self) -> dict[str, timedelta]:
        """Return item -> how long until it is due, by the database's clock."""
        with self.database.transaction() as tx:
            now = database_now(tx)
            return {row.item: row.due_at - now for row in tx.execute(select(self.due.table))}


@pytest.fixture
def desk(databases: Databases) -> Iterator[Desk]:
    """A desk with nothing due."""
    desk = Desk(databases.empty())
    yield desk
    desk.database.dispose()


def test_what_is_due_is_handled_once_and_gone(desk: Desk) -> None:
    desk.add("a", "b")
    desk.loop().step()
    desk.loop().step()
    assert desk.handled() == {"a": 1, "b": 1}
    assert desk.rows() == {}


def test_what_is_due_later_is_left_alone(desk: Desk) -> None:
    desk.add("a", after=timedelta(hours=1))
    desk.loop().step()
    assert desk.handled() == {"a": 0}


def test_the_clock_of_the_database_judges(desk: Desk) -> None:
    desk.add("a", "b")
    with desk.database.transaction() as tx:
        desk.due.schedule_at(tx, KIND, "a", "a", database_now(tx) + timedelta(milliseconds=300))
        desk.due.schedule_at(tx, KIND, "b", "b", datetime(2000, 1, 1, tzinfo=UTC))
    desk.loop().step()
    assert desk.handled() == {"a": 0, "b": 1}
    time.sleep(0.35)
    desk.loop().step()
    assert desk.handled() == {"a": 1, "b": 1}


def test_several_kinds_are_arranged_at_once_and_some_of_them_away(desk: Desk) -> None:
    desk.add("a", "b", after=timedelta(hours=1))
    with desk.database.transaction() as tx:
        desk.due.arrange(tx, "a", {KIND: timedelta(hours=3), "other": timedelta(hours=2)})
        desk.due.arrange(tx, "b", {KIND: None, "other": None})
    with desk.database.transaction() as tx:
        rows = tx.execute(select(desk.due.table.c.kind, desk.due.table.c.subject)).all()
    assert sorted(map(tuple, rows)) == [(KIND, "a"), ("other", "a")]


def test_scheduling_again_moves_the_row_and_forgets_its_failures(desk: Desk) -> None:
    desk.add("a")

    def fails(_tx: Connection, _subject: str, _item: str) -> None:
        raise RuntimeError

    desk.loop(fails).step()
    with desk.database.transaction() as tx:
        desk.due.schedule(tx, KIND, "a", "a", timedelta(hours=2))
        assert tx.execute(select(desk.due.table.c.failures)).scalar_one() == 0
    assert timedelta(hours=1, minutes=59) < desk.rows()["a"] <= timedelta(hours=2)


def test_a_cancelled_row_is_never_handled(desk: Desk) -> None:
    desk.add("a", "b", "c")
    with desk.database.transaction() as tx:
        desk.due.cancel(tx, KIND, "a")
        desk.due.cancel_subject(tx, "b")
    desk.loop().step()
    assert desk.handled() == {"a": 0, "b": 0, "c": 1}


def test_pulling_forward_makes_every_row_of_the_kind_due_now(desk: Desk) -> None:
    desk.add("a", "b", after=timedelta(hours=1))
    with desk.database.transaction() as tx:
        desk.due.schedule(tx, "another kind", "a", "a", timedelta(hours=1))
        desk.due.pull_forward(tx, KIND, desk.things.c.since)
    desk.loop().step()
    assert desk.handled() == {"a": 1, "b": 1}
    assert list(desk.rows()) == ["a"]


def test_pulling_forward_lets_the_oldest_come_first(desk: Desk) -> None:
    desk.add("a", after=timedelta(hours=1), since=timedelta(hours=1))
    desk.add("b", after=timedelta(hours=2), since=timedelta(days=2))
    desk.add("c", after=timedelta(hours=3), since=-timedelta(hours=1))
    with desk.database.transaction() as tx:
        desk.due.pull_forward(tx, KIND, desk.things.c.since)
    desk.loop().step()
    assert desk.order == ["b", "a", "c"]


def test_pulling_forward_waits_for_nobody(desk: Desk) -> None:
    desk.add("a", "b", after=timedelta(hours=1))
    with desk.database.transaction() as other:
        other.execute(select(desk.due.table).where(desk.due.table.c.item == "a").with_for_update())
        with desk.database.transaction() as tx:
            desk.due.pull_forward(tx, KIND, desk.things.c.since)
    desk.loop().step()
    assert desk.handled() == {"a": 0, "b": 1}


def test_a_handler_may_make_the_same_thing_due_again(desk: Desk) -> None:
    desk.add("a")

    def again(tx: Connection, subject: str, item: str) -> None:
        desk.handle(tx, subject, item)
        desk.due.schedule(tx, KIND, item, subject, timedelta(hours=1))

    desk.loop(again).step()
    assert desk.handled() == {"a": 1}
    assert list(desk.rows()) == ["a"]


def test_a_busy_aggregate_is_skipped_and_not_waited_for(desk: Desk) -> None:
    desk.add("a", "b")
    with desk.database.transaction() as other:
        other.execute(select(desk.things).where(desk.things.c.ref == "a").with_for_update())
        # An event handler holds the due row of its aggregate too, once it has moved it.
        desk.due.schedule(other, KIND, "a", "a", timedelta(0))
        started = time.monotonic()
        desk.loop().step()
        assert time.monotonic() - started < 1
        assert desk.handled() == {"a": 0, "b": 1}
    desk.loop().step()
    assert desk.handled() == {"a": 1, "b": 1}


def test_a_handler_that_meets_locks_holds_up_no_other_row(desk: Desk) -> None:
    desk.add("a", "b")

    def meets_locks(tx: Connection, subject: str, item: str) -> None:
        if subject == "a":
            tx.execute(text("DO $$ BEGIN RAISE 'lock not available' USING ERRCODE = '55P03'; END $$"))
        desk.handle(tx, subject, item)

    desk.loop(meets_locks).step()
    assert desk.handled() == {"a": 0, "b": 1}
    assert desk.rows()["a"] < FAILURE_PAUSE


def test_a_failing_handler_backs_off_and_the_others_go_on(desk: Desk) -> None:
    desk.add("a", "b")
    tries = []

    def fails(tx: Connection, subject: str, item: str) -> None:
        desk.handle(tx, subject, item)
        if subject == "a":
            tries.append(subject)
            raise RuntimeError

    loop = desk.loop(fails)
    loop.step()
    first = desk.rows()["a"]
    with desk.database.transaction() as tx:
        desk.due.pull_forward(tx, KIND, desk.things.c.since)
    loop.step()
    loop.step()
    assert desk.handled() == {"a": 0, "b": 1}
    assert len(tries) == 2
    assert first <= FAILURE_PAUSE < desk.rows()["a"] <= 2 * FAILURE_PAUSE


def test_a_row_whose_aggregate_was_erased_goes_with_it(desk: Desk) -> None:
    with desk.database.transaction() as tx:
        desk.due.schedule_now(tx, KIND, "nobody", "nobody")
    desk.add("a")
    desk.loop().step()
    assert desk.handled() == {"a": 1}
    assert desk.rows() == {}


def test_loops_side_by_side_never_handle_one_row_twice(desk: Desk) -> None:
    refs = [f"thing {number}" for number in range(100)]
    desk.add(*refs)
    started = threading.Barrier(3)

    def run() -> None:
        loop = desk.loop()
        started.wait()
        while desk.rows():
            loop.step()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.handled() == dict.fromkeys(refs, 1)
