"""The one catalogue of topics: what each event carries, who announces it, who reads it and what follows there.

An event stands in the module of the service that announces it, with its schema and an example. Topics are created from
the catalogue, `asyncapi.yaml` and docs/events.md are made from it, and tests hold the code to it.
"""

from collections.abc import Mapping

from shared.events import fields, intake, matcher, notifier
from shared.events.topics import EventType, Topic, event
from shared.vocabulary import vocabulary

PARTITIONS = 12
"""The same for every topic, so that one key lies in the same partition of each and one replica gets them all."""

RETENTION = vocabulary().defaults.retention.outbox
"""As long as the outbox keeps its rows (R6)."""

CATALOGUE: Mapping[str, Topic] = {
    topic.name: topic
    for topic in (
        intake.REQUESTS,
        intake.VOLUNTEERS,
        intake.REPLIES,
        matcher.MATCHES,
        notifier.DELIVERIES,
    )
}


class DeadLetter(fields.Aggregate):
    """Where an event lies that could not be handled, and the class of error; never what it carried."""

    topic = fields.text("requests")
    partition = fields.number(0)
    offset = fields.number(7)
    event_id = fields.text(None)
    error = fields.text("InvalidEvent")


PARKED = event("parked", DeadLetter)
"""The one event of every dead-letter topic."""


def dead_letter_topic(topic: str, group: str) -> str:
    return f"{topic}.{group}.dlq"


DEAD_LETTERS = {
    dead_letter_topic(topic.name, group): (topic.name, group)
    for topic in CATALOGUE.values()
    for group in topic.consumers
}
"""Every dead-letter topic -> the topic whose events lie there, and the group that parks them."""


def event_type(topic: str, name: str) -> EventType:
    """Return the event type `name` of `topic`, which may be a dead-letter topic; KeyError if there is none."""
    if topic.endswith(".dlq"):
        return {PARKED.name: PARKED}[name]
    return CATALOGUE[topic].event(name)


def all_topics() -> tuple[str, ...]:
    """Return every topic to create."""
    return (*CATALOGUE, *DEAD_LETTERS)
