"""What the catalogue is made of: topics and the types of their events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.events.fields import Aggregate

NOTHING = "nothing"
"""What follows where a service reads an event that tells it nothing to act on."""


@dataclass(frozen=True)
class EventType:
    """One kind of event. `leads_to`: service that reads it -> what follows there; `example`: its data as JSON."""

    name: str
    schema: Aggregate
    leads_to: Mapping[str, str]
    example: Mapping[str, Any]
    version: int = 1


def event(name: str, schema: type[Aggregate], changes: Mapping[str, Any] | None = None, **leads_to: str) -> EventType:
    """Return an event type whose example is the sample of its schema with some `changes`."""
    # Made once: each event is read and written by it.
    made = schema()
    return EventType(name, made, leads_to, made.sample() | dict(changes or {}))


@dataclass(frozen=True)
class Topic:
    """One topic: the refs that its records are keyed by, its writer and its readers."""

    name: str
    key: str
    producer: str
    consumers: tuple[str, ...]
    events: tuple[EventType, ...]

    def event(self, name: str) -> EventType:
        """Raises KeyError if the topic does not carry such an event."""
        return {event.name: event for event in self.events}[name]
