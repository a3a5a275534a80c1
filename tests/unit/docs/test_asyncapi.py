"""The AsyncAPI document hangs together, and its schemas say what the code's schemas say."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema_rs import Draft7Validator

from shared.events.catalogue import CATALOGUE, all_topics
from shared.events.topics import EventType
from tests.unit.docs.project import read

DOCUMENT: dict[str, Any] = yaml.safe_load(read("asyncapi.yaml"))
EVENTS = [(topic.name, event) for topic in CATALOGUE.values() for event in topic.events]
NAMES = [f"{topic}.{event.name}" for topic, event in EVENTS]


def references(part: object) -> Iterator[str]:
    """Yield every $ref in `part`."""
    if isinstance(part, dict):
        for name, inner in part.items():
            if name == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def resolve(reference: str) -> Any:
    """Return what a reference within the document points to; KeyError if there is nothing."""
    found: Any = DOCUMENT
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def message_of(topic: str, event: EventType) -> Any:
    """Return the message of an event by the way a reader of the document takes."""
    return resolve(DOCUMENT["channels"][topic]["messages"][event.name]["$ref"])


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert found
    for reference in found:
        assert resolve(reference)


def test_every_topic_is_a_channel_and_no_other() -> None:
    assert set(DOCUMENT["channels"]) == set(all_topics())


def test_each_service_sends_and_receives_what_the_catalogue_says() -> None:
    said = {
        (name.split(".", 1)[0], operation["action"], operation["channel"]["$ref"].removeprefix("#/channels/"))
        for name, operation in DOCUMENT["operations"].items()
    }
    known = {(topic.producer, "send", topic.name) for topic in CATALOGUE.values()}
    known |= {(group, "receive", topic.name) for topic in CATALOGUE.values() for group in topic.consumers}
    assert {each for each in said if not each[2].endswith(".dlq")} == known


@pytest.mark.parametrize(("topic", "event"), EVENTS, ids=NAMES)
def test_an_example_fits_its_schema_and_spoilt_it_does_not(topic: str, event: EventType) -> None:
    message = message_of(topic, event)
    schema = resolve(message["payload"]["$ref"])
    validator = Draft7Validator(schema)
    example = message["examples"][0]["payload"]
    assert example == dict(event.example)
    assert validator.is_valid(example)
    spoilt = [name for name in ("state", "answer", "to", "kind") if name in example] or example
    for name in spoilt:
        assert not validator.is_valid({**example, name: "no word of ours"})
    for name in example:
        assert not validator.is_valid({key: value for key, value in example.items() if key != name})


@pytest.mark.parametrize(("topic", "event"), EVENTS, ids=NAMES)
def test_a_message_is_named_by_its_type(topic: str, event: EventType) -> None:
    assert message_of(topic, event)["name"] == f"{topic}.{event.name}.v{event.version}"
