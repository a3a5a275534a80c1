"""A place of work or study in what comes in: a text in one line, a slug of the operator's register, or its parts."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.intake.domain.faults import Fault
from services.intake.domain.place import Said, names_a_place, place_of
from services.intake.schemas import fields as f

LONGEST_NAME = 120

KNOWN: ContextVar[Callable[[str | Said], bool]] = ContextVar("known", default=lambda _: False)
"""Tells whether the operator's register has a place. It is set for each request: one of its names may be `The Surgery`,
which names no place without it."""


def _part() -> f.Text:
    return f.Text(required=False, validate=validate.Length(max=LONGEST_NAME, error=Fault("too_long")))


class PlaceInParts(f.Strict):
    """A place in parts: the organisation, and perhaps the unit within it and the town where it is."""

    organisation = f.text(LONGEST_NAME, error_messages=f.refusing(required="no_organisation"))
    unit = _part()
    town = _part()


class Place(f.Needed, fields.Field[Any]):
    """A place, kept as it was said: a text or an object. What names no place is refused by the code `nowhere`."""

    default_error_messages = f.refusing(invalid="not_a_place")
    in_one_line, in_parts = f.text(LONGEST_NAME), f.Whole(PlaceInParts)

    def __init__(self, nowhere: str = "names_no_place", **options: Any) -> None:
        super().__init__(**options)
        self._nowhere = Fault(nowhere)

    def _deserialize(self, value: Any, attr: str | None, data: f.Raw, **_: Any) -> str | dict[str, str]:
        if not isinstance(value, str | Mapping):
            raise self.make_error("invalid", input=None)
        form = self.in_one_line if isinstance(value, str) else self.in_parts
        said: str | dict[str, str] = form.deserialize(value, attr, data)
        place = place_of(said)
        if not (KNOWN.get()(place) or names_a_place(place)):
            raise ValidationError(self._nowhere if isinstance(said, str) else {"organisation": [self._nowhere]})
        return said


def places(at_most: int, *, at_least: int = 0, nowhere: str = "names_no_place", **options: Any) -> f.Many:
    count = validate.Length(min=at_least, max=at_most, error=Fault("count"))
    return f.Many(Place(nowhere), validate=count, **options)
