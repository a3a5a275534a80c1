"""asyncapi.yaml: the catalogue of topics as an AsyncAPI 3.0 document."""

import re
from typing import Any

import yaml
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema

from shared.events.catalogue import CATALOGUE, DEAD_LETTERS, PARKED, PARTITIONS, RETENTION, dead_letter_topic
from shared.events.topics import EventType, Topic
from shared.refs import REF_PATTERN

Json = dict[str, Any]

BANNER = "# Made from shared/events/catalogue.py by `python -m deploy.documents`; a test holds the two together.\n"

DESCRIPTION = (
    "What the three services of Alongside tell each other. Every event is a CloudEvent 1.0 in Kafka's binary mode: its "
    "attributes are `ce_` headers, its value is the whole state of one aggregate as JSON, at the version "
    "`ce_sequence`. Readable are refs, states, times and the codes of rules; everything else is a sealed value."
)
KEYS_MEANING = "A ref: random, and without meaning outside this installation."


def asyncapi_text() -> str:
    return BANNER + yaml.safe_dump(document(), sort_keys=False, width=120, allow_unicode=True)


def document() -> Json:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Alongside",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {**_channels(), **_dead_letter_channels()},
        "operations": _operations(),
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _channels() -> Json:
    return {
        topic.name: {
            "address": topic.name,
            "description": f"Written by {topic.producer}, read by {' and '.join(topic.consumers)}.",
            "messages": {event.name: _ref("messages", f"{topic.name}.{event.name}") for event in topic.events},
            "bindings": _topic_binding(PARTITIONS),
        }
        for topic in CATALOGUE.values()
    }


def _dead_letter_channels() -> Json:
    return {
        name: {
            "address": name,
            "description": f"Where {group} parks events of {topic} that it cannot handle.",
            "messages": {PARKED.name: _ref("messages", f"dead_letter.{PARKED.name}")},
            "bindings": _topic_binding(1),
        }
        for name, (topic, group) in DEAD_LETTERS.items()
    }


def _topic_binding(partitions: int) -> Json:
    configuration = {"cleanup.policy": ["delete"], "retention.ms": int(RETENTION.total_seconds() * 1000)}
    return {"kafka": {"partitions": partitions, "topicConfiguration": configuration, "bindingVersion": "0.5.0"}}


def _operations() -> Json:
    operations: Json = {}
    for topic in CATALOGUE.values():
        operations[f"{topic.producer}.sends.{topic.name}"] = _operation("send", topic.name)
        for group in topic.consumers:
            operations[f"{group}.receives.{topic.name}"] = _operation("receive", topic.name) | {
                "bindings": {"kafka": {"groupId": {"type": "string", "const": group}, "bindingVersion": "0.5.0"}}
            }
            dead_letters = dead_letter_topic(topic.name, group)
            operations[f"{group}.sends.{dead_letters}"] = _operation("send", dead_letters)
    return operations


def _operation(action: str, channel: str) -> Json:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}


def _messages() -> Json:
    said = {
        f"{topic.name}.{event.name}": _message(event, f"{topic.name}.{event.name}.v{event.version}", _key_of(topic))
        for topic in CATALOGUE.values()
        for event in topic.events
    }
    parked = _message(PARKED, None, "The topic in which the event lay.")
    return {**said, f"dead_letter.{PARKED.name}": parked}


def _key_of(topic: Topic) -> str:
    return f"The ref of the {topic.key}. It decides the partition of the record and means nothing."


def _message(event: EventType, type_: str | None, key: str) -> Json:
    """Return one message; `type_` is its `ce_type`, None where it depends on the topic."""
    headers: Json = _ref("schemas", "Headers")
    if type_ is not None:
        headers = {"allOf": [headers, {"type": "object", "properties": {"ce_type": {"const": type_}}}]}
    return {
        "name": type_ or f"<topic>.{event.name}.v{event.version}",
        "summary": _first_sentence(event.schema),
        "contentType": "application/json",
        "headers": headers,
        "payload": _ref("schemas", type(event.schema).__name__),
        "bindings": {"kafka": {"key": {"type": "string", "description": key}, "bindingVersion": "0.5.0"}},
        "examples": [{"payload": event.example}],
    }


def _first_sentence(schema: Schema) -> str:
    return " ".join((schema.__doc__ or "").split()).partition(". ")[0].rstrip(".") + "."


def _schemas() -> Json:
    events = [*(event for topic in CATALOGUE.values() for event in topic.events), PARKED]
    used = {type(event.schema).__name__: event.schema for event in events}
    return {"Headers": _headers(), **{name: _schema(schema) for name, schema in sorted(used.items())}}


def _headers() -> Json:
    text = {"type": "string"}
    properties: Json = {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid"},
        "ce_type": text | {"description": "Topic, event and schema version."},
        "ce_source": {"type": "string", "enum": ["/intake", "/matcher", "/notifier"]},
        "ce_subject": {
            "type": "string",
            "pattern": f"^{REF_PATTERN}$",
            "description": "The aggregate. " + KEYS_MEANING,
        },
        "ce_sequence": text | {"pattern": "^[0-9]+$", "description": "The aggregate's version; the higher wins."},
        "ce_time": text | {"format": "date-time"},
        "content-type": {"type": "string", "const": "application/json"},
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _schema(schema: Schema) -> Json:
    # Without a name for nested schemas everything is spelled out in place; the events nest none.
    converter = OpenAPIConverter("3.1.0", schema_name_resolver=lambda _schema: None, spec=None)  # type: ignore[arg-type]
    made: Json = converter.schema2jsonschema(schema)  # type: ignore[no-untyped-call]
    properties = {name: _portable(field) for name, field in made["properties"].items()}
    described = " ".join((schema.__doc__ or "").split())
    return {"type": "object", "description": described, "required": list(properties), "properties": properties}


def _portable(field: Json) -> Json:
    """Return `field` with its pattern as every reader of JSON Schema understands it: `\\Z` is Python's own."""
    return {name: re.sub(r"\\Z$", "$", value) if name == "pattern" else value for name, value in field.items()}


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}
