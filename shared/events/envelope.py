"""CloudEvents 1.0 in Kafka's binary mode: the attributes are `ce_` headers, the value is the data as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from marshmallow import ValidationError

from shared.clock import from_text, to_text
from shared.events.catalogue import event_type

Headers = list[tuple[str, bytes]]
RawHeaders = Sequence[tuple[str, bytes | None]]
"""Headers as they come out of Kafka, where a header may lack a value."""

DATA_LIMIT = 500_000
"""Bytes of JSON. A larger event would not fit into a record, and the relay would try it for ever."""


class InvalidEvent(Exception):
    """A record that is no event this code knows: broken envelope, unknown type or version, data that fails its schema.

    It names the field and never quotes the data.
    """


@dataclass(frozen=True)
class Event:
    """One event: `data` is the whole state of the aggregate `subject` at its version `sequence`."""

    id: str
    topic: str
    name: str
    subject: str
    sequence: int
    key: str
    time: datetime
    data: dict[str, Any]


def data_to_json(topic: str, name: str, data: dict[str, Any]) -> str:
    """Return `data` as the JSON text (ASCII) that goes into the outbox; ValidationError if it breaks the schema."""
    schema = event_type(topic, name).schema
    dumped = cast(dict[str, Any], schema.dump(data))
    if set(data) != set(schema.fields):
        raise ValidationError(f"{topic}.{name}: fields differ: {sorted(set(data) ^ set(schema.fields))}")
    errors = schema.validate(dumped)
    if errors:
        raise ValidationError(errors)
    text = json.dumps(dumped, separators=(",", ":"))
    if len(text) > DATA_LIMIT:
        raise ValidationError(f"{topic}.{name}: larger than {DATA_LIMIT} bytes")
    return text


def encode(*, event_id: str, type_: str, source: str, subject: str, sequence: int, time: datetime) -> Headers:
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_type": type_,
        "ce_source": f"/{source}",
        "ce_subject": subject,
        "ce_sequence": str(sequence),
        "ce_time": to_text(time),
        "content-type": "application/json",
    }
    return [(name, value.encode()) for name, value in attributes.items()]


def event_id_of(headers: RawHeaders) -> str | None:
    """Return the event id of a record, or None if it has none that is a UUID."""
    try:
        return str(UUID((dict(headers)["ce_id"] or b"").decode()))
    except (KeyError, ValueError):
        return None


def decode(topic: str, key: bytes | None, headers: RawHeaders, value: bytes | None) -> Event:
    """Turn a record into an event; InvalidEvent if it is none."""
    attributes = {name: content or b"" for name, content in headers if name.startswith("ce_")}
    try:
        event_id = str(UUID(attributes["ce_id"].decode()))
        type_ = attributes["ce_type"].decode()
        subject = attributes["ce_subject"].decode()
        sequence = int(attributes["ce_sequence"].decode())
        time = from_text(attributes["ce_time"].decode())
    except KeyError as error:
        raise InvalidEvent(f"no attribute {error.args[0]}") from None
    except ValueError:
        raise InvalidEvent("an attribute cannot be read") from None
    name, data = _load(topic, type_, value)
    return Event(event_id, topic, name, subject, sequence, (key or b"").decode(errors="replace"), time, data)


def _load(topic: str, type_: str, value: bytes | None) -> tuple[str, dict[str, Any]]:
    name, _, version = type_.removeprefix(f"{topic}.").rpartition(".v")
    try:
        known = event_type(topic, name)
    except KeyError:
        raise InvalidEvent("unknown type") from None
    if version != str(known.version):
        raise InvalidEvent("unknown version")
    try:
        return name, cast(dict[str, Any], known.schema.load(json.loads(value or b"")))
    except ValidationError as error:
        fields = error.messages if isinstance(error.messages, dict) else {}
        raise InvalidEvent(f"fields: {', '.join(sorted(map(str, fields)))}") from None
    except (ValueError, RecursionError):
        raise InvalidEvent("the value is no JSON") from None
