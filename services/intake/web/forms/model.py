"""A form as data: sections of fields, from which the page is drawn and what comes back is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.intake.texts import texts
from services.intake.web.forms.controls import Control
from services.intake.web.forms.raw import MISSING, Raw

Errors = Mapping[str, list[str]]
"""Field name -> what is wrong with it, in sentences."""


@dataclass(frozen=True)
class Field:
    """One field of the API, and how a person meets it. `said` is the key of its sentences, if not `form.` and its name.

    The sentences are label, hint where there is one, and missing where the form cannot do without the field.
    """

    name: str
    control: Control
    said: str = ""

    @property
    def text(self) -> str:
        return self.said or f"form.{self.name}"

    @property
    def missing(self) -> str:
        """Return what is said when the field was left out; empty if it may be."""
        key = f"{self.text}.missing"
        return texts().say(key) if key in texts() else ""

    @property
    def required(self) -> bool:
        return bool(self.missing)


@dataclass(frozen=True)
class Section:
    """Fields that belong together; `title` and `lead` are keys.

    A `folded` one opens when asked to, or when it holds something.
    """

    title: str
    fields: tuple[Field, ...]
    lead: str = ""
    folded: bool = True


@dataclass(frozen=True)
class Form:
    sections: tuple[Section, ...]

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    def read(self, raw: Raw) -> dict[str, Any]:
        """Return the JSON body that the browser's input says, unchecked; what was left out is not in it."""
        said = {each.name: each.control.read(each.name, raw) for each in self.fields()}
        return {name: value for name, value in said.items() if value is not MISSING}

    def write(self, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the browser's input that says `values`; fields that are not in it stay empty."""
        raw: dict[str, list[str]] = {}
        for each in self.fields():
            if each.name in values:
                raw |= each.control.write(each.name, values[each.name])
        return raw


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

    def rows(self, name: str, at_least: int) -> int:
        """Return how many inputs of one name hold something, and at least `at_least`."""
        return max(at_least, len([value for value in self.raw.get(name, []) if value]))

    def unfolded(self, section: Section) -> bool:
        """Tell whether a section is shown open: it is not folded, has an error, or holds something."""
        return not section.folded or any(each.name in self.errors or self._touched(each) for each in section.fields)

    def wrong(self) -> list[tuple[Field, list[str]]]:
        return [(each, self.errors[each.name]) for each in self.form.fields() if each.name in self.errors]

    def _touched(self, each: Field) -> bool:
        return bool(each.control.read(each.name, self.raw) != each.control.read(each.name, self.initial))
