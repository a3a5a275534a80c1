"""The catalogue and the services agree: who announces to which topic, and who handles what comes from it."""

import ast
from collections.abc import Iterator

import pytest

from services.notifier.handlers import Handlers
from shared.events.catalogue import CATALOGUE
from shared.events.topics import NOTHING
from tests.unit.docs.project import PROJECT, read

SERVICES = ("intake", "matcher", "notifier")
HANDLERS_ARE_NAMED_IN = {"intake": "services/intake/worker.py", "matcher": "services/matcher/bootstrap.py"}


def modules_of(service: str) -> Iterator[ast.Module]:
    """Yield the parsed modules of a service."""
    for path in sorted((PROJECT / "services" / service).rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def topics_announced_by(service: str) -> set[str]:
    """Return the topics that a service gives to what it announces, in its code."""
    calls = (node for module in modules_of(service) for node in ast.walk(module) if isinstance(node, ast.Call))
    return {
        keyword.value.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in {"announce", "NewEvent"}
        for keyword in call.keywords
        if keyword.arg == "topic" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
    }


def words_of(service: str) -> set[str]:
    """Return every text in the code of a service, which is where the names of its events come from."""
    nodes = (node for module in modules_of(service) for node in ast.walk(module))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def topics_handled_in(path: str) -> set[str]:
    """Return the keys of the dictionary called `handlers` that a module gives to its consumer."""
    tree = ast.parse(read(path))
    keywords = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "handlers"]
    assigned = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "handlers" for t in node.targets)
    ]
    found = [node for node in (*keywords, *assigned) if isinstance(node, ast.Dict)]
    assert len(found) == 1
    return {str(key.value) for key in found[0].keys if isinstance(key, ast.Constant)}


def topics_read_by(service: str) -> set[str]:
    return {topic.name for topic in CATALOGUE.values() if service in topic.consumers}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_announces_to_its_topics_and_to_no_other(service: str) -> None:
    assert topics_announced_by(service) == {t.name for t in CATALOGUE.values() if t.producer == service}


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_is_a_word_of_the_service_that_announces_it(service: str) -> None:
    announced = {event.name for t in CATALOGUE.values() if t.producer == service for event in t.events}
    assert announced <= words_of(service)


@pytest.mark.parametrize("service", HANDLERS_ARE_NAMED_IN)
def test_a_consumer_has_a_handler_for_each_of_its_topics_and_for_no_other(service: str) -> None:
    assert topics_handled_in(HANDLERS_ARE_NAMED_IN[service]) == topics_read_by(service)


def test_the_notifier_has_a_handler_for_each_of_its_topics_and_for_no_other() -> None:
    assert set(Handlers(coordinator=True).by_topic()) == topics_read_by("notifier")


def test_every_event_says_what_follows_in_each_service_that_reads_it() -> None:
    for topic in CATALOGUE.values():
        assert all(tuple(event.leads_to) == topic.consumers for event in topic.events)


def test_every_event_leads_to_something_but_the_one_that_says_a_notice_went_out() -> None:
    events = [(f"{topic.name}.{event.name}", event) for topic in CATALOGUE.values() for event in topic.events]
    idle = [name for name, event in events if set(event.leads_to.values()) == {NOTHING}]
    assert idle == ["deliveries.sent"]
