"""The catalogue of topics holds together: examples, schemas, readers."""

import pytest
from marshmallow import ValidationError

from shared.events.catalogue import CATALOGUE, PARKED, all_topics, dead_letter_topic, event_type
from shared.events.envelope import DATA_LIMIT, data_to_json
from shared.events.topics import EventType, Topic

SERVICES = {"intake", "matcher", "notifier"}
EVENTS = [(topic, event) for topic in CATALOGUE.values() for event in topic.events]
NAMES = [f"{topic.name}.{event.name}" for topic, event in EVENTS]


@pytest.mark.parametrize(("topic", "event"), EVENTS, ids=NAMES)
def test_every_example_satisfies_its_schema_and_survives_the_outbox(topic: Topic, event: EventType) -> None:
    loaded = event.schema.load(event.example)
    assert event.schema.loads(data_to_json(topic.name, event.name, loaded)) == loaded


ADDED = {"nudged_at", "waiting_since", "to_vet"}
"""What events from before these were added do not have, and are understood without."""


@pytest.mark.parametrize(("topic", "event"), EVENTS, ids=NAMES)
def test_an_event_from_before_a_field_was_added_is_understood(topic: Topic, event: EventType) -> None:
    added = {name for name, field in event.schema.fields.items() if not field.required}
    loaded = event.schema.load({name: value for name, value in event.example.items() if name not in added})
    assert not any(loaded[name] for name in added)


@pytest.mark.parametrize(("topic", "event"), EVENTS, ids=NAMES)
def test_every_event_names_the_whole_state_of_its_aggregate(topic: Topic, event: EventType) -> None:
    fields = event.schema.fields
    assert {name for name, field in fields.items() if not field.required} <= ADDED


@pytest.mark.parametrize(("topic", "event"), EVENTS, ids=NAMES)
def test_a_producer_can_leave_out_no_part_of_the_state(topic: Topic, event: EventType) -> None:
    loaded = event.schema.load(event.example)
    for name in loaded:
        with pytest.raises(ValidationError):
            data_to_json(topic.name, event.name, {key: value for key, value in loaded.items() if key != name})


def test_a_producer_can_add_no_field_that_the_schema_does_not_know() -> None:
    loaded = CATALOGUE["requests"].event("published").schema.load(CATALOGUE["requests"].event("published").example)
    with pytest.raises(ValidationError):
        data_to_json("requests", "published", {**loaded, "words": "anything"})


def test_a_producer_can_announce_nothing_that_would_not_fit_into_a_record() -> None:
    event = CATALOGUE["requests"].event("published")
    loaded = event.schema.load(event.example)
    with pytest.raises(ValidationError, match="larger"):
        data_to_json("requests", "published", {**loaded, "profile": "A" * DATA_LIMIT})


def test_events_of_one_aggregate_share_one_schema() -> None:
    for topic in CATALOGUE.values():
        schemas = {type(event.schema): event.schema for event in topic.events}
        # The first field is the ref of what an event is about.
        assert len({next(iter(schema.fields)) for schema in schemas.values()}) == len(schemas), topic.name


def test_producers_and_consumers_are_services_and_nobody_reads_their_own_events() -> None:
    for topic in CATALOGUE.values():
        assert {topic.producer, *topic.consumers} <= SERVICES
        assert topic.producer not in topic.consumers


def test_every_consuming_group_has_its_dead_letter_topic() -> None:
    expected = {dead_letter_topic(t.name, group) for t in CATALOGUE.values() for group in t.consumers}
    assert {name for name in all_topics() if name.endswith(".dlq")} == expected
    assert len(all_topics()) == len(set(all_topics())) == len(CATALOGUE) + len(expected)


def test_a_dead_letter_topic_carries_one_event() -> None:
    assert event_type("requests.matcher.dlq", "parked") is PARKED
    with pytest.raises(KeyError):
        event_type("requests.matcher.dlq", "published")
