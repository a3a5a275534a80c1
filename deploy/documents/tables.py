"""Tables in Markdown that are made from the code: topics, events, metrics, fields of the forms."""

from collections.abc import Iterable, Sequence

from marshmallow import Schema, fields
from prometheus_client import metrics
from prometheus_client.metrics import MetricWrapperBase

from shared.events.catalogue import CATALOGUE, DEAD_LETTERS, PARTITIONS, RETENTION
from shared.events.topics import Topic
from shared.observability import metrics as house

INTRODUCTION = f"""\
# Topics and events

Made from `shared/events` by `python -m deploy.documents`; a test holds the two together. The same for
machines, with schemas and examples, is in `asyncapi.yaml`.

Every topic has {PARTITIONS} partitions and keeps its records for {RETENTION.days} days. Every event is a CloudEvent 1.0
in binary mode. Its value is the whole state of one aggregate, never a change; `ce_subject` is the aggregate's ref,
`ce_sequence` its version. A consumer keeps the higher version, so events may come twice or out of order. Readable are
refs, states, times and codes; `profile` and `notify` are sealed.
"""

PARKED_EVENTS = """\
## Dead letters

An event that a group cannot handle is parked by its address: topic, partition, offset, event id and the class of the
error. Nothing of what it carried is repeated. Each of these topics has one partition.

"""


EFFECTS_OF_EVENTS = """## What each event leads to

A handler acts on the state that an event carries, not on its name; "nothing" means that this state tells the service
nothing that it acts on.

"""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; `heads` are the names of its columns."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def events_page() -> str:
    rows = [
        (f"`{t.name}`", t.key, t.producer, ", ".join(t.consumers), ", ".join(f"`{e.name}`" for e in t.events))
        for t in CATALOGUE.values()
    ]
    topics = table(("Topic", "Key", "Written by", "Read by", "Events"), rows)
    return "\n".join([INTRODUCTION, topics, _effects(), *(_topic(t) for t in CATALOGUE.values()), _dead_letters()])


def _effects() -> str:
    rows = [
        (f"`{topic.name}.{event.name}`", topic.producer, service, effect)
        for topic in CATALOGUE.values()
        for event in topic.events
        for service, effect in event.leads_to.items()
    ]
    return EFFECTS_OF_EVENTS + table(("Event", "Announced by", "Read by", "What follows there"), rows)


def _topic(topic: Topic) -> str:
    said: dict[str, list[str]] = {}
    for event in topic.events:
        said.setdefault(type(event.schema).__name__, []).append(f"`{topic.name}.{event.name}.v{event.version}`")
    schemas = {type(event.schema).__name__: event.schema for event in topic.events}
    rows = [
        (name, ", ".join(types), ", ".join(f"`{field}`" for field in schemas[name].fields))
        for name, types in said.items()
    ]
    described = "\n".join(f"{name}: {' '.join((schemas[name].__doc__ or '').split())}\n" for name in said)
    return f"## {topic.name}\n\n{described}\n" + table(("Aggregate", "Types", "State"), rows)


def _dead_letters() -> str:
    rows = [(f"`{name}`", topic, group) for name, (topic, group) in DEAD_LETTERS.items()]
    return PARKED_EVENTS + table(("Topic", "Events of", "Parked by"), rows)


def fields_table(schema: type[Schema]) -> str:
    """Return the table of the fields of a form: into which sealed objects each goes, and what for."""
    return table(("Field", "Sealed in", "What for"), [_field_row(field) for field in schema().fields.values()])


def _field_row(field: fields.Field[object]) -> tuple[str, str, str]:
    sealed = [f"`{purpose}`" for purpose in field.metadata["sealed"]]
    hashed = [f"`{field.metadata['hashed']}` as keyed hashes"] if field.metadata["hashed"] else []
    return f"`{field.name}`", ", ".join(sealed + hashed) or "nothing: it is never stored", field.metadata["use"]


def metrics_table() -> str:
    found = [value for value in vars(house).values() if isinstance(value, MetricWrapperBase)]
    return table(("Metric", "Kind", "Labels", "Meaning"), [_metric_row(metric) for metric in found])


def _metric_row(metric: MetricWrapperBase) -> tuple[str, str, str, str]:
    described = next(iter(metric.describe()))
    name = described.name + ("_total" if isinstance(metric, metrics.Counter) else "")
    labels = ", ".join(f"`{label}`" for label in metric._labelnames) or "none"
    return f"`{name}`", described.type, labels, described.documentation
