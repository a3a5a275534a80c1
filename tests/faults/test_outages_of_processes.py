"""Processes that are stopped in mid-step, ended in order or killed, while requests keep coming (F5, F10, F26, I9)."""

import random
import re
import secrets
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.holdings import tables
from tests.e2e.people import circle_in
from tests.e2e.town import Town, running_stack
from tests.support.kafka import KafkaBroker
from tests.support.programme import Programme, Truth

pytestmark = pytest.mark.timeout(900)

TWINS = {"matcher-worker": 2, "intake-worker": 2}
MATCHER = "matcher-worker"
STOP_SECONDS = 10
PEOPLE, AT_MOST = 16, 40
DECIDED = ("matcher.offers", "matcher.matches", "matcher.pool", "intake.requests", "intake.offers", "intake.matches")
SETTLED = {"introduced", "waiting", "stalled"}

HANGING = """SELECT pid, xact_start FROM pg_stat_activity activity
             WHERE state = 'idle in transaction' AND clock_timestamp() - xact_start > interval '0.3 seconds'
             AND EXISTS (SELECT FROM pg_locks WHERE pid = activity.pid AND relation = 'requests'::regclass)"""
"""Transactions of the matcher that hold the row of a request and do not go on."""


@pytest.fixture
def twins(kafka_broker: KafkaBroker) -> Iterator[Town]:
    """Return a town with two matchers and two workers of intake; a programme needs one of its own."""
    with running_stack(kafka_broker, replicas=TWINS) as stack:
        yield Town(stack)


class Crowd:
    """People who ask one after the other, each again with the same key until the answer is there."""

    def __init__(self, town: Town) -> None:
        """Ask at intake of `town`."""
        self.town = town
        self.keys: list[str] = []
        # They speak the language of the programme's volunteers.
        self._form = circle_in(town, languages=["en"]).form()
        self._enough = threading.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Let them ask while the block runs, and on until they are PEOPLE; never more than AT_MOST."""
        thread = threading.Thread(target=self._ask)
        thread.start()
        try:
            yield
        finally:
            self._enough.set()
            thread.join()

    def wait_for(self, count: int) -> None:
        """Return once so many have got their answer."""
        self.town.wait(f"{count} answers", lambda: len(self.keys) >= count)

    def settle(self, programme: Programme) -> Counter[str]:
        """Let volunteers answer and people say yes until all is quiet; return how many are in each state."""
        programme.keys += self.keys
        programme.start_answering()
        try:
            return programme.settle(seconds=300)
        finally:
            programme.stop()

    def _ask(self) -> None:
        while len(self.keys) < PEOPLE or (len(self.keys) < AT_MOST and not self._enough.is_set()):
            once = {"Idempotency-Key": secrets.token_urlsafe(24)}
            self.keys.append(self.town.wait("an answer", lambda: self._try(once)))  # noqa: B023 - called at once.

    def _try(self, once: dict[str, str]) -> str | None:
        try:
            answer = self.town.client.send("POST", "/requests", self._form, headers=once)
        except OSError:
            return None
        assert answer.status in {201, 503}
        return str(answer.body["request_key"]) if answer.status == 201 else None


def metric(town: Town, process: str, name: str) -> float:
    """Return the first value of a metric of one process."""
    with urllib.request.urlopen(f"{town.stack.health_url(process)}/metrics", timeout=15) as answer:
        found = re.search(rf"^{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
    assert found
    return float(found[1])


def pause_in_a_transaction(town: Town, process: str) -> None:
    """Stop a process at a moment at which it holds the row of a request in an open transaction."""

    def caught() -> bool:
        town.stack.processes[process].pause()
        threading.Event().wait(0.35)
        if town.rows("matcher", HANGING):
            return True
        town.stack.processes[process].resume()
        return False

    town.wait("a matcher stopped in mid-transaction", caught)


def assert_all_is_well(town: Town, states: Counter[str], people: int) -> None:
    """Assert that nobody was lost, and that every invariant holds."""
    assert sum(states.values()) == people
    assert set(states) <= SETTLED, states
    town.wait_until_quiet()
    assert Truth(town.stack).broken_invariants() == []


def test_a_matcher_that_was_stopped_past_its_transaction_changes_nothing_when_it_wakes(twins: Town) -> None:
    programme, crowd = Programme(twins.stack, random.Random(3)), Crowd(twins)
    programme.invite(AT_MOST)
    with crowd.asking():
        pause_in_a_transaction(twins, MATCHER)
    twins.wait("the end of its transaction", lambda: not twins.rows("matcher", HANGING))
    states = crowd.settle(programme)
    assert_all_is_well(twins, states, len(crowd.keys))
    before = tables(twins.stack)
    woken = time.time()
    twins.stack.processes[MATCHER].resume()
    for loop in ("consumer", "relay", "due", "pool"):
        heartbeat = f'alongside_loop_heartbeat_seconds{{loop="{loop}"}}'
        # Twice past its waking: then the step in which it was stopped is over, too.
        twins.wait(f"the {loop} of the woken matcher", lambda: metric(twins, MATCHER, heartbeat) > woken + 1)  # noqa: B023
    twins.wait_until_quiet()
    after = tables(twins.stack)
    assert {name: after[name] for name in DECIDED} == {name: before[name] for name in DECIDED}
    assert twins.stack.ended() == []


def test_when_the_active_relay_is_killed_the_one_that_stands_by_goes_on(twins: Town) -> None:
    programme, crowd = Programme(twins.stack, random.Random(4)), Crowd(twins)
    programme.invite(AT_MOST)
    workers = ("intake-worker", "intake-worker-2")
    active = next(name for name in workers if metric(twins, name, "alongside_relay_active") == 1)
    with crowd.asking():
        crowd.wait_for(PEOPLE // 2)
        twins.stack.processes[active].kill()
    states = crowd.settle(programme)
    twins.stack.restart(active)
    assert_all_is_well(twins, states, len(crowd.keys))


@pytest.mark.only_apache("consumer groups of the embedded broker sometimes do not form again after a restart")
def test_every_process_ends_in_order_within_ten_seconds_under_load_and_goes_on_later(twins: Town) -> None:
    programme, crowd = Programme(twins.stack, random.Random(5)), Crowd(twins)
    programme.invite(AT_MOST)
    already = twins.mailbox.newest()
    with crowd.asking():
        crowd.wait_for(PEOPLE // 2)
        asked_at = time.monotonic()
        for process in twins.stack.processes.values():
            process.ask_to_stop()
        for process in twins.stack.processes.values():
            process.wait_for_end(seconds=asked_at + STOP_SECONDS - time.monotonic())
        codes = {name: process.exit_code for name, process in twins.stack.processes.items()}
        for name in twins.stack.processes:
            twins.stack.restart(name)
    assert codes == dict.fromkeys(twins.stack.processes, 0)
    assert_all_is_well(twins, crowd.settle(programme), len(crowd.keys))
    # Nothing was killed here, so nobody is told anything twice.
    sent = [message["message_id"] for message in twins.mailbox.messages(already)]
    assert len(set(sent)) == len(sent)
