"""The kinds of fields that events are made of. Each carries a sample, from which the example of an event is made."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from shared.refs import REF_LENGTH, REF_PATTERN

NOON, LATER = "2026-11-22T12:00:00Z", "2026-11-22T18:00:00Z"
SAMPLE_SEALED = "AQ" + "A" * 62

_REF = validate.Regexp(rf"^{REF_PATTERN}\Z", error="Not a ref.")
_SEALED = validate.Regexp(r"^[A-Za-z0-9_-]{40,}\Z", error="Not a sealed value.")
_CODE = validate.Regexp(r"^[a-z_]{1,40}\Z", error="Not a code.")


class Aggregate(Schema):
    """The base of all event schemas. A newer producer may add fields: what an older consumer does not know is ignored.

    Loaded, times are aware datetimes.
    """

    class Meta:
        unknown = EXCLUDE

    def sample(self) -> dict[str, Any]:
        """Return an example of the data of an event, as JSON has it."""
        return {name: field.metadata["sample"] for name, field in self.fields.items()}


def sample_ref(letter: str) -> str:
    return letter * REF_LENGTH


def ref(letter: str, *, optional: bool = False) -> fields.String:
    """A ref; in examples it is made of one letter, which a ref can have (not i, l, o or u)."""
    sample = None if optional else sample_ref(letter)
    return fields.String(required=True, allow_none=optional, validate=_REF, metadata={"sample": sample})


def sealed() -> fields.String:
    """A sealed value, or none where there is nothing to say or all is over."""
    return fields.String(required=True, allow_none=True, validate=_SEALED, metadata={"sample": None})


def one_of(*states: str, optional: bool = False) -> fields.String:
    sample = None if optional else states[0]
    allowed = validate.OneOf(states)
    return fields.String(required=True, allow_none=optional, validate=allowed, metadata={"sample": sample})


def added_flag() -> fields.Boolean:
    """True or false; false in events from before the field was added."""
    return fields.Boolean(load_default=False, metadata={"sample": False})


def code(sample: str, *, optional: bool = False) -> fields.String:
    """The code of a rule or the name of a notice."""
    return fields.String(required=True, allow_none=optional, validate=_CODE, metadata={"sample": sample})


def moment(sample: str | None = NOON, *, optional: bool = False) -> fields.AwareDateTime:
    """A moment; there may be none where it is `optional`, or where the sample is None."""
    may_lack = optional or sample is None
    return fields.AwareDateTime(required=True, allow_none=may_lack, format="iso", metadata={"sample": sample})


def added_moment(sample: str | None = None) -> fields.AwareDateTime:
    """A moment that events from before the field was added do not have."""
    return fields.AwareDateTime(load_default=None, allow_none=True, format="iso", metadata={"sample": sample})


def count(minimum: int = 1) -> fields.Integer:
    at_least = validate.Range(min=minimum)
    return fields.Integer(required=True, strict=True, validate=at_least, metadata={"sample": minimum})


def date_or_none() -> fields.Date:
    return fields.Date(required=True, allow_none=True, metadata={"sample": None})


def text(sample: str | None) -> fields.String:
    return fields.String(required=True, allow_none=sample is None, metadata={"sample": sample})


def number(sample: int) -> fields.Integer:
    return fields.Integer(required=True, metadata={"sample": sample})


def sequence_or_none() -> fields.Integer:
    """The version of another aggregate that this one rests on."""
    return fields.Integer(required=True, allow_none=True, strict=True, metadata={"sample": None})
