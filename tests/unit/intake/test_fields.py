"""Fields take exactly what the OpenAPI document says."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, validate

from services.intake.domain.faults import Fault
from services.intake.schemas import person, volunteer
from services.intake.schemas.conversation import Write
from services.intake.schemas.fields import Fits, JsonBoolean, JsonInteger, JsonNumber, Moment
from tests.unit.intake.test_shapes import APPLY, ASK

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)
BODIES: list[Schema] = [
    person.Ask(),
    person.ChangeWishes(partial=True),
    person.Introduce(),
    person.Close(),
    person.CheckReceipt(),
    person.SafetyReport(),
    Write(),
    volunteer.AskLink(),
    volunteer.Intake(),
    volunteer.Apply(),
    volunteer.ChangeVolunteer(partial=True),
    volunteer.Decline(),
    volunteer.Approve(),
]


def all_coded(messages: Any) -> bool:
    """Tell whether every message, however deep it is nested, has a code."""
    if isinstance(messages, str):
        return isinstance(messages, Fault)
    return all(map(all_coded, messages.values() if isinstance(messages, dict) else messages))


def refused_by_code(schema: Schema, body: Any) -> None:
    """Load `body`; what is refused has a code, and nothing else is raised."""
    try:
        loaded = schema.load(body)
    except ValidationError as error:
        assert all_coded(error.messages), schema
    else:
        assert isinstance(loaded, dict), schema


@given(JSON)
def test_whatever_is_sent_is_taken_or_refused_by_code_but_never_breaks(body: Any) -> None:
    for schema in BODIES:
        refused_by_code(schema, body)


@given(st.randoms(use_true_random=False), JSON)
def test_whatever_is_sent_in_a_field_is_taken_or_refused_by_code(chance: Random, value: Any) -> None:
    for schema in BODIES:
        refused_by_code(schema, {chance.choice(sorted(schema.fields)): value})


NEVER_OF_JSON = {"invalid_utf8", "format", "validator_failed", "type"}
"""What marshmallow might say of bytes, of dumping, of a validator without a message, or of a list of bodies."""


@pytest.mark.parametrize("schema", BODIES, ids=lambda schema: type(schema).__name__)
def test_everything_that_a_body_can_be_refused_for_has_a_code(schema: Schema) -> None:
    for name, field in parts(schema):
        said: list[object] = [text for key, text in field.error_messages.items() if key not in NEVER_OF_JSON]
        said += [validator.error for validator in field.validators if isinstance(validator, validate.Validator)]
        assert all(isinstance(text, Fault) for text in said), (name, said)


def parts(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    """Yield every field of a body, and of the lists and objects in it, by name."""
    for name, field in schema.fields.items():
        yield name, field
        inner = field.inner if isinstance(field, fields.List) else field
        yield name, inner
        if isinstance(inner, fields.Nested):
            yield from parts(inner.schema)


@pytest.mark.parametrize(
    ("schema", "body", "code", "params"),
    [
        (person.SafetyReport(), {"text": "x" * 2_001}, "length", {"min": 1, "max": 2_000}),
        (volunteer.Capacity(), {"active": 11, "new_per_month": 1}, "out_of_range", {"min": 1, "max": 10}),
        (person.Close(), {"reason": "planted"}, "not_listed", {}),
    ],
)
def test_a_refusal_has_a_code_and_what_its_sentence_needs_and_never_what_was_sent(
    schema: Schema, body: Any, code: str, params: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refused:
        schema.load(body)
    [[fault]] = refused.value.messages_dict.values()
    assert (fault, fault.params) == (code, params)


@pytest.mark.timeout(2)
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"avoid": {"people": ["a" * 100_000]}}, "length"),
        ({"avoid": {"people": [f"Anna {number} at home dot" for number in range(3_000)]}}, "count"),
        ({"affiliations": [f"Ward {number}, Tarnside Hospital" for number in range(3_000)]}, "count"),
        ({"languages": [f"aa-{number:05}" for number in range(9_000)]}, "count"),
    ],
)
def test_what_is_too_long_is_refused_without_being_looked_through(said: Any, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        person.Ask().load({**ASK, **said})
    assert f"'{code}'" in str(refused.value.messages)


@given(st.sampled_from(sorted(person.Ask().fields)), JSON)
def test_any_value_in_any_field_of_the_form_is_taken_or_refused_by_name(field: str, value: Any) -> None:
    try:
        person.Ask().load({**ASK, field: value})
    except ValidationError as error:
        assert set(error.messages_dict) == {field}


@given(st.sampled_from(sorted(volunteer.Apply().fields)), JSON)
def test_any_value_in_any_field_of_an_application_is_taken_or_refused_by_name(field: str, value: Any) -> None:
    try:
        volunteer.Apply().load({**APPLY, field: value})
    except ValidationError as error:
        assert set(error.messages_dict) == {field}


@given(st.text(min_size=1))
def test_an_unknown_field_is_refused_by_name(name: str) -> None:
    if name not in person.Ask().fields:
        with pytest.raises(ValidationError) as refused:
            person.Ask().load({**ASK, name: 1})
        assert refused.value.messages_dict == {name: ["unknown"]}


@pytest.mark.parametrize("value", ["true", 1, 0, "yes", None])
def test_only_true_and_false_are_true_or_false(value: Any) -> None:
    with pytest.raises(ValidationError):
        JsonBoolean().deserialize(value)


@pytest.mark.parametrize("value", ["1", True, 1.5, float("inf"), float("nan")])
def test_only_whole_numbers_are_whole_numbers(value: Any) -> None:
    with pytest.raises(ValidationError):
        JsonInteger().deserialize(value)
    assert JsonInteger().deserialize(2.0) == 2


@pytest.mark.parametrize("value", ["1", False, float("nan"), float("inf")])
def test_only_numbers_are_numbers(value: Any) -> None:
    with pytest.raises(ValidationError):
        JsonNumber().deserialize(value)


@pytest.mark.parametrize("value", ["2026-11-22T12:00:00", "soon", "0001-01-01T00:00:00+23:59", 5])
def test_a_moment_needs_a_zone_and_a_place_in_time(value: Any) -> None:
    with pytest.raises(ValidationError):
        Moment().deserialize(value)


def test_a_line_break_at_the_end_does_not_slip_through() -> None:
    with pytest.raises(ValidationError):
        Fits("^[a-z]+$")("abc\n")


def test_a_part_of_a_change_is_as_strict_as_the_whole() -> None:
    change = volunteer.ChangeVolunteer(partial=True)
    assert change.load({"gender": "woman"}) == {"gender": "woman"}
    with pytest.raises(ValidationError):
        change.load({"notify": {"channel": "email"}})
    with pytest.raises(ValidationError):
        change.load({"affiliations": []})


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        ("email", "volunteer@example.org"),
        ("webhook", "https://hook.example"),
        ("webhook", "https://hook.example:8443/in?to=me"),
        ("webhook", "http://127.0.0.1:9000/"),
        ("webhook", "http://localhost:9000/"),
    ],
)
def test_a_volunteer_is_told_at_an_address_of_the_channel_they_chose(channel: str, value: str) -> None:
    notify = {"channel": channel, "value": value, "language": "en"}
    assert volunteer.VolunteerNotify().load(notify) == notify


@pytest.mark.parametrize(
    ("channel", "value", "field"),
    [
        ("email", "https://hook.example", "value"),
        ("email", f"{'a' * 250}@example.org", "value"),
        ("webhook", "volunteer@example.org", "value"),
        ("webhook", "http://hook.example/", "value"),
        ("webhook", "https://", "value"),
        ("webhook", "https://user:pass@hook.example/", "value"),
        ("webhook", "https://hook.example:99999/", "value"),
        ("webhook", "https://[::1", "value"),
        ("webhook", "https://hook.example/ x", "value"),
        ("webhook", "ftp://hook.example/", "value"),
        ("webhook", f"https://hook.example/{'x' * 500}", "value"),
        ("sms", "01632 960 001", "channel"),
    ],
)
def test_an_address_that_its_channel_cannot_reach_is_refused_by_the_field(channel: str, value: str, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        volunteer.VolunteerNotify().load({"channel": channel, "value": value, "language": "en"})
    assert set(caught.value.messages_dict) == {field}
