"""What the services tell each other: the catalogue of topics and the envelope every event travels in."""

from shared.events.catalogue import CATALOGUE, dead_letter_topic
from shared.events.envelope import Event, InvalidEvent, decode, encode
from shared.events.topics import EventType, Topic

__all__ = ["CATALOGUE", "Event", "EventType", "InvalidEvent", "Topic", "dead_letter_topic", "decode", "encode"]
