"""A form as data: sections of fields, from which the page is drawn and what comes back is read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing

from services.intake.domain.faults import faults_in
from services.intake.domain.refusals import Invalid
from services.intake.texts import texts
from services.intake.texts.saying import fault_on_page
from services.intake.web.forms.controls import Control
from services.intake.web.forms.raw import Raw, present

Errors = Mapping[str, list[str]]
"""Field name -> what is wrong with it, in sentences."""


@dataclass(frozen=True)
class Field:
    """One field of the API, and how a person meets it. `text` is the key of its sentences.

    The sentences are label, hint where there is one, missing where the form cannot do without the field, and not_a_list
    where something and "none" can be said of it at once.
    """

    name: str
    control: Control
    takes: fields.Field[Any]
    text: str

    @property
    def longest(self) -> int | None:
        """Return how many characters a text may have; None if the schema sets no bound."""
        return getattr(self.takes.validate, "max", None)


@dataclass(frozen=True)
class Section:
    """Fields that belong together. A `folded` one opens when asked to, or when it holds something."""

    name: str
    fields: tuple[Field, ...]
    folded: bool


@dataclass(frozen=True)
class Form:
    """The form that fills `schema`."""

    schema: Schema
    sections: tuple[Section, ...]

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    def read(self, raw: Raw) -> dict[str, Any]:
        """Return the JSON body that the browser's input says, unchecked.

        What was left out is null where the schema takes that, and else not in the body.
        """
        said = {}
        for each in self.fields():
            value = each.control.read(each.name, raw)
            said[each.name] = None if value is missing and each.takes.allow_none else value
        return present(said)

    def write(self, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the browser's input that says `values`; fields that are not in it stay empty."""
        raw: dict[str, list[str]] = {}
        for each in self.fields():
            if each.name in values:
                raw |= each.control.write(each.name, values[each.name])
        return raw

    def untouched(self) -> dict[str, list[str]]:
        """Return what the form holds before anybody has touched it: the schema's own defaults."""
        optional = {name: each for name, each in self.schema.fields.items() if each.load_default is not missing}
        return self.write({name: each.deserialize(missing) for name, each in optional.items()})

    def errors_of(self, error: ValidationError | Invalid) -> Errors:
        """Return what is wrong, each said once, at the field that it belongs to.

        What is about no field of this form is left out: the page could not point at anything.
        """
        messages = {error.field: [error.fault]} if isinstance(error, Invalid) else error.messages_dict
        errors: dict[str, list[str]] = {}
        for each in self.fields():
            refused = messages.get(each.name, [])
            own = f"{each.text}.{refused[0]}" if refused in (["missing"], ["not_a_list"]) else ""
            if own in texts():
                errors[each.name] = [texts().say(own)]
            elif refused:
                errors[each.name] = list(dict.fromkeys(fault_on_page(fault) for _, fault in faults_in(refused)))
        return errors


def make_form(
    schema: Schema, controls: Mapping[str, Control], sections: Mapping[str, Iterable[str]], own_texts: str = "form"
) -> Form:
    """Return a form with `sections`: name -> names of fields. All but the first are folded.

    A field's sentences stand under `own_texts` and its name, or else under `form` and its name.
    """

    def make_field(name: str) -> Field:
        own = f"{own_texts}.{name}"
        text = own if f"{own}.label" in texts() else f"form.{name}"
        return Field(name, controls[name], schema.fields[name], text)

    first = next(iter(sections))
    return Form(
        schema, tuple(Section(name, tuple(map(make_field, names)), name != first) for name, names in sections.items())
    )


@dataclass(frozen=True)
class Filled:
    """A form with something in it: what the page shows. `initial` is what an untouched form holds."""

    form: Form
    raw: Raw
    errors: Errors = field(default_factory=dict)
    initial: Raw = field(default_factory=dict)

    def value(self, name: str, row: int = 0) -> str:
        """Return what the input `name` shows; `row` counts the inputs of one name."""
        values = self.raw.get(name, [])
        return values[row] if row < len(values) else ""

    def ticked(self, name: str, value: str) -> bool:
        return value in self.raw.get(name, [])

    def rows(self, *names: str) -> int:
        """Return how many rows of inputs there are up to the last in which one of these holds something, at least 1."""
        return max([1, *(row for name in names for row, value in enumerate(self.raw.get(name, []), 1) if value)])

    def unfolded(self, section: Section) -> bool:
        """Tell whether a section is shown open: it is not folded, has an error, or holds something."""
        return not section.folded or any(each.name in self.errors or self._touched(each) for each in section.fields)

    def wrong(self) -> list[tuple[Field, list[str]]]:
        return [(each, self.errors[each.name]) for each in self.form.fields() if each.name in self.errors]

    def _touched(self, each: Field) -> bool:
        return bool(each.control.read(each.name, self.raw) != each.control.read(each.name, self.initial))
