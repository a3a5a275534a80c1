"""A database or the broker is away for a while: the truth is told at once, and afterwards everything goes on (R5, R9).

Each test breaks one part of a stack that all of them share, and heals it again.
"""

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.client import Answer
from tests.e2e.people import Circle, circle_in
from tests.e2e.town import Town
from tests.support.kafka import KafkaBroker
from tests.support.programme import Truth

pytestmark = pytest.mark.timeout(600)

PAGES_WITHOUT_MEMORY = ("/", "/ask", "/assets/alongside.css")
"""The first page carries the crisis lines; it and an empty form need no database."""


@contextmanager
def postgres_killed(town: Town) -> Iterator[None]:
    """Kill the database server, and start it again afterwards."""
    town.stack.postgres.process.kill()
    try:
        yield
    finally:
        town.stack.postgres.restart()


@contextmanager
def vault_closed(town: Town) -> Iterator[None]:
    """Let nobody into the vault's database, also not those who are in, while all others go on."""
    closed = "ALTER DATABASE vault ALLOW_CONNECTIONS {}"
    town.change("postgres", closed.format("false"))
    town.change("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'vault'")
    try:
        yield
    finally:
        town.change("postgres", closed.format("true"))


@contextmanager
def kafka_killed(kafka: KafkaBroker) -> Iterator[None]:
    """Kill the broker, and start it again afterwards."""
    kafka.kill()
    try:
        yield
    finally:
        kafka.start()


def assert_away(answer: Answer) -> None:
    """Assert that the answer is: not now, try again."""
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == "application/problem+json"


def assert_crisis_page_answers(town: Town) -> None:
    """Assert that somebody in need finds the first page."""
    for path in PAGES_WITHOUT_MEMORY:
        with urllib.request.urlopen(f"{town.stack.intake_url}{path}", timeout=10) as page:
            assert page.status == 200


def assert_goes_on(circle: Circle) -> None:
    """Assert that a new request finds its peer."""
    person, offer = circle.introduced()
    assert offer.send("POST", "reveal").body["words"] == circle.form()["words"]
    assert person.do("close", {"reason": "spoke_and_enough"}).status == 200


def test_without_postgresql_everybody_is_told_to_come_back_and_then_everything_goes_on(town: Town) -> None:
    circle = circle_in(town)
    circle.invite(2)
    before = circle.ask()
    offer = circle.next_offer()
    with postgres_killed(town):
        assert_away(town.client.send("POST", "/requests", circle.form()))
        assert_away(town.client.send("GET", "/request", key=before.key))
        assert_away(town.client.send("POST", "/offer/accept", key=offer.token))
        assert_away(town.client.send("DELETE", "/request", key=before.key))
        assert_crisis_page_answers(town)
        sent = f"step=open&key={before.key}".encode()
        with pytest.raises(urllib.error.HTTPError) as page:
            urllib.request.urlopen(f"{town.stack.intake_url}/request", sent, timeout=20)
        with page.value as answer:
            assert answer.code == 503
            assert answer.headers["Retry-After"]
    assert offer.accept() == "matched"
    before.introduce()
    assert_goes_on(circle)
    assert town.stack.ended() == []
    assert "request_failed" not in town.stack.processes["intake-web"].log.read_text()


@pytest.mark.only_apache("consumer groups of the embedded broker sometimes do not form again after it was killed")
def test_without_kafka_a_request_is_taken_as_ever_and_matched_when_it_is_back(town: Town, kafka: KafkaBroker) -> None:
    circle = circle_in(town)
    circle.invite(2)
    with kafka_killed(kafka):
        people = [circle.ask() for _ in range(2)]
        assert {person.look()["status"] for person in people} == {"waiting"}
        withdrawn = circle.ask()
        assert withdrawn.do("withdraw").status == 200
        assert_crisis_page_answers(town)
    assert {circle.next_offer().accept(), circle.next_offer().accept()} == {"matched"}
    for person in people:
        person.introduce()
    assert withdrawn.look()["status"] == "withdrawn"
    town.wait_until_quiet()
    assert Truth(town.stack).broken_invariants() == []


def test_without_the_vault_nothing_is_lost_parked_or_shown(town: Town) -> None:
    circle = circle_in(town)
    circle.invite(1)
    before = circle.ask()
    offer = circle.next_offer()
    with vault_closed(town):
        answers = [town.client.send("POST", "/requests", circle.form()) for _ in range(20)]
        # Keys that were made beforehand are used up first.
        assert {answer.status for answer in answers} <= {201, 503}
        assert_away(answers[-1])
        assert_away(town.client.send("GET", "/request", key=before.key))
        assert_away(town.client.send("GET", "/offer", key=offer.token))
        assert_crisis_page_answers(town)
    assert offer.accept() == "matched"
    before.introduce()
    for answer in answers:
        if answer.status == 201:
            town.client.ask("POST", "/request/withdraw", key=answer.body["request_key"])
    town.wait_until_quiet()
    assert Truth(town.stack).broken_invariants() == []


def test_an_erasure_that_the_vault_could_not_do_is_finished_when_it_is_back(town: Town) -> None:
    circle = circle_in(town)
    person = circle.ask()
    person.wait("waiting")
    ref = person.ref
    with vault_closed(town):
        assert_away(person.erase())
    keys = town.rows("intake", "SELECT key_ids FROM erasures WHERE ref = %s", ref)[0]["key_ids"]
    assert len(keys) == 3
    left = "SELECT key_id FROM keys WHERE key_id = ANY(%s) AND wrapped IS NOT NULL"
    town.wait("the keys' destruction", lambda: not town.rows("vault", left, keys))
    again = person.erase()
    assert again.status == 200
    assert town.client.ask("POST", "/receipts/check", {"receipt": again.body["receipt"]})["destroyed"] is True


@pytest.mark.parametrize("name", ["intake-web", "intake-worker", "matcher-worker", "notifier-worker"])
def test_a_killed_process_comes_back_and_loses_nothing(town: Town, name: str) -> None:
    circle = circle_in(town)
    circle.invite(2)
    first = circle.ask()
    town.stack.processes[name].kill()
    second = circle.ask() if name != "intake-web" else None
    town.stack.restart(name)
    second = second or circle.ask()
    assert {circle.next_offer().accept(), circle.next_offer().accept()} == {"matched"}
    for person in (first, second):
        person.introduce()
        assert person.do("close", {"reason": "spoke_and_enough"}).status == 200
    town.wait_until_quiet()
    assert Truth(town.stack).broken_invariants() == []
