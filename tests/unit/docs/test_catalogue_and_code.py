"""The catalogue and the services agree: who announces what, and what follows from it."""

import ast
from collections.abc import Iterator

import pytest

from shared.events.catalogue import CATALOGUE
from shared.events.topics import NOTHING
from tests.unit.docs.project import PROJECT

SERVICES = ("intake", "matcher", "notifier")


def modules_of(service: str) -> Iterator[ast.Module]:
    """Yield the parsed modules of a service."""
    for path in sorted((PROJECT / "services" / service).rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def words_of(service: str) -> set[str]:
    """Return every text in the code of a service, which is where the names of its events come from."""
    nodes = (node for module in modules_of(service) for node in ast.walk(module))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_is_a_word_of_the_service_that_announces_it(service: str) -> None:
    announced = {event.name for t in CATALOGUE.values() if t.producer == service for event in t.events}
    assert announced <= words_of(service)


def test_every_event_says_what_follows_in_each_service_that_reads_it() -> None:
    for topic in CATALOGUE.values():
        assert all(tuple(event.leads_to) == topic.consumers for event in topic.events)


def test_every_event_leads_to_something_but_the_one_that_says_a_notice_went_out() -> None:
    events = [(f"{topic.name}.{event.name}", event) for topic in CATALOGUE.values() for event in topic.events]
    idle = [name for name, event in events if set(event.leads_to.values()) == {NOTHING}]
    assert idle == ["deliveries.sent"]
