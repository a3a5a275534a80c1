"""The one catalogue of topics: what each carries, who writes it, who reads it, and an example of every event.

Topics are created from it, `asyncapi.yaml` is generated from it, and tests hold the code to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from shared.events import schemas
from shared.vocabulary import vocabulary

PARTITIONS = 12
"""The same for every topic, so that one key lies in the same partition of each and one replica gets them all."""

RETENTION = vocabulary().defaults.retention.outbox
"""As long as the outbox keeps its rows (R6)."""

SEALED_EXAMPLE = "AQ" + "A" * 62
_R, _V, _O, _M, _D, _A = (letter * 26 for letter in "rvkmda")
_NOON, _LATER = "2026-11-22T12:00:00Z", "2026-11-22T18:00:00Z"


@dataclass(frozen=True)
class EventType:
    """One kind of event: its aggregate's schema, and one example of its data as JSON."""

    name: str
    schema: type[Schema]
    example: Mapping[str, Any]
    version: int = 1


@dataclass(frozen=True)
class Topic:
    """One topic: the refs its records are placed by, its writer and its readers."""

    name: str
    key: str
    producer: str
    consumers: tuple[str, ...]
    events: tuple[EventType, ...]

    def event(self, name: str) -> EventType:
        """Return the event type called `name`; KeyError if the topic does not carry it."""
        return next_or_raise(self.events, name)


def next_or_raise(events: tuple[EventType, ...], name: str) -> EventType:
    """Return the event type called `name` among `events`; KeyError if there is none."""
    for event in events:
        if event.name == name:
            return event
    raise KeyError(name)


_request = {"request": _R, "round": 1}
_open = {
    **_request,
    "state": "open",
    "match": None,
    "introduced_at": None,
    "sign_at": None,
    "sign_by": None,
    "ends_at": None,
    "profile": SEALED_EXAMPLE,
    "notify": None,
}
_introduced = {**_open, "state": "introduced", "match": _M, "introduced_at": _LATER}
_gone = {**_open, "profile": None}
_volunteer = {
    "volunteer": _V,
    "state": "active",
    "trained_until": "2027-06-30",
    "paused_until": None,
    "generation": 0,
    "profile": SEALED_EXAMPLE,
    "notify": SEALED_EXAMPLE,
}
_reply = {
    **_request,
    "reply": _A,
    "offer": _O,
    "volunteer": _V,
    "answer": "accepted",
    "pause_until": None,
    "volunteer_sequence": None,
}
_offer = {
    **_request,
    "offer": _O,
    "volunteer": _V,
    "wave": 1,
    "state": "made",
    "made_at": _NOON,
    "expires_at": _LATER,
    "nudged_at": None,
    "closed_at": None,
}
_match = {
    **_request,
    "match": _M,
    "offer": _O,
    "volunteer": _V,
    "state": "live",
    "request_sequence": 1,
    "matched_at": _NOON,
    "introduced_at": None,
    "check_ins": 0,
    "nudged_at": None,
    "sign_asks": 0,
    "ended_at": None,
    "ended_by": None,
    "then": None,
}
_ended = {"state": "ended", "ended_at": _LATER, "ended_by": "person", "then": "over"}
_message = {"message": _A, "request": _R, "match": _M, "volunteer": _V, "to": "volunteer"}
_waiting = {
    **_request,
    "state": "waiting",
    "waiting_since": _NOON,
    "why": "nobody_free",
    "next_try_at": _LATER,
    "late": "no",
}
_delivery = {
    "delivery": _D,
    "notice": "offer",
    "request": _R,
    "offer": _O,
    "match": None,
    "volunteer": _V,
    "report": None,
    "volunteer_sequence": 3,
    "state": "sent",
    "attempts": 1,
    "at": _NOON,
}

CATALOGUE: Mapping[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic(
            "requests",
            key="request, else report",
            producer="intake",
            consumers=("matcher", "notifier"),
            events=(
                EventType("published", schemas.Request, _open),
                EventType("introduced", schemas.Request, _introduced),
                EventType("sign_of_life", schemas.Request, {**_introduced, "sign_at": _LATER, "sign_by": "volunteer"}),
                EventType("ends_soon", schemas.Request, {**_open, "ends_at": _LATER}),
                EventType("message_waiting", schemas.Message, _message),
                EventType("reported", schemas.Report, {"report": _A, "kind": "safety"}),
                EventType("withdrawn", schemas.Request, {**_gone, "state": "withdrawn"}),
                EventType("closed", schemas.Request, {**_gone, "state": "closed"}),
                EventType("erased", schemas.Request, {**_gone, "state": "erased"}),
            ),
        ),
        Topic(
            "volunteers",
            key="volunteer",
            producer="intake",
            consumers=("matcher", "notifier"),
            events=(
                EventType("published", schemas.Volunteer, _volunteer),
                EventType("link_asked", schemas.Volunteer, {**_volunteer, "generation": 1}),
                EventType(
                    "removed",
                    schemas.Volunteer,
                    {**_volunteer, "state": "removed", "trained_until": None, "profile": None, "notify": None},
                ),
            ),
        ),
        Topic(
            "replies",
            key="request",
            producer="intake",
            consumers=("matcher",),
            events=(
                EventType("accepted", schemas.Reply, _reply),
                EventType("declined", schemas.Reply, {**_reply, "answer": "declined"}),
                EventType("handed_back", schemas.Reply, {**_reply, "answer": "handed_back"}),
            ),
        ),
        Topic(
            "matches",
            key="request",
            producer="matcher",
            consumers=("intake", "notifier"),
            events=(
                EventType("offered", schemas.Offer, _offer),
                EventType("nudged", schemas.Offer, {**_offer, "nudged_at": _NOON}),
                EventType("offer_closed", schemas.Offer, {**_offer, "state": "expired", "closed_at": _LATER}),
                EventType("matched", schemas.Match, _match),
                EventType("asked", schemas.Match, {**_match, "introduced_at": _NOON, "check_ins": 1}),
                EventType("ended", schemas.Match, {**_match, **_ended}),
                EventType("waiting", schemas.Search, _waiting),
                EventType("stalled", schemas.Search, {**_waiting, "state": "stalled", "why": "restricted_theme"}),
            ),
        ),
        Topic(
            "deliveries",
            key="request, else volunteer or report",
            producer="notifier",
            consumers=("intake", "matcher"),
            events=(
                EventType("sent", schemas.Delivery, _delivery),
                EventType("failed", schemas.Delivery, {**_delivery, "state": "failed"}),
            ),
        ),
    )
}

PARKED = EventType(
    "parked",
    schemas.DeadLetter,
    {"topic": "requests", "partition": 0, "offset": 7, "event_id": None, "error": "InvalidEvent"},
)
"""The one event of every dead-letter topic."""


def dead_letter_topic(topic: str, group: str) -> str:
    """Return the name of the topic in which `group` parks events of `topic`."""
    return f"{topic}.{group}.dlq"


def event_type(topic: str, name: str) -> EventType:
    """Return the event type `name` of `topic`, which may be a dead-letter topic; KeyError if there is none."""
    if topic.endswith(".dlq"):
        return next_or_raise((PARKED,), name)
    return CATALOGUE[topic].event(name)


def topics_of(service: str) -> tuple[str, ...]:
    """Return the topics that `service` consumes."""
    return tuple(topic.name for topic in CATALOGUE.values() if service in topic.consumers)


def all_topics() -> tuple[str, ...]:
    """Return every topic to create: the catalogue's, and one dead-letter topic per topic and consuming group."""
    parked = (dead_letter_topic(t.name, group) for t in CATALOGUE.values() for group in t.consumers)
    return (*CATALOGUE, *parked)
