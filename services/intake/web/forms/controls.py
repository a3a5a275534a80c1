"""Controls that hold one plain value: a text, a choice, several choices, a tick, a number, a list of lines.

Each knows the way from the browser's text to JSON (`read`) and from JSON back to what the page shows (`write`). Nothing
is judged here: what cannot be right is passed on as it is, for the API's schema to refuse.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from services.intake.web.forms.raw import MISSING, Raw, every, one

ON = "on"
"""What a browser sends for a ticked box that has no value of its own."""


class Control(Protocol):
    """One field of a form, on the page one or several inputs. `widget` names the macro that draws it."""

    @property
    def widget(self) -> str: ...

    def read(self, name: str, raw: Raw) -> Any:
        """Return the JSON value of the field `name`, or MISSING."""

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        """Return the inputs that show `value`; reading them gives `value` again."""


@dataclass(frozen=True)
class Option:
    """One thing to choose. `hint` says more where the label alone does not."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class OptionGroup:
    """Options that belong together, under a heading."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Text:
    """A text. `blank` is the JSON for an empty input: MISSING for "left out", None for "no longer wanted"."""

    widget: str = "text"
    longest: int | None = None
    autocomplete: str = "off"
    blank: Any = MISSING

    def read(self, name: str, raw: Raw) -> Any:
        return one(raw, name) or self.blank

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {name: [value or ""]}


@dataclass(frozen=True)
class Choice:
    """One of several: a drop-down list, or radio buttons with `widget="radios"`."""

    groups: tuple[OptionGroup, ...]
    widget: str = "select"
    blank: Any = MISSING

    def read(self, name: str, raw: Raw) -> Any:
        return one(raw, name) or self.blank

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {name: [value or ""]}


@dataclass(frozen=True)
class Choices:
    """Any number of several, as boxes to tick."""

    groups: tuple[OptionGroup, ...]
    widget: str = "boxes"

    def read(self, name: str, raw: Raw) -> Any:
        return every(raw, name)

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {name: list(value)}


@dataclass(frozen=True)
class Tick:
    """A yes, as one box."""

    widget: str = "tick"

    def read(self, name: str, raw: Raw) -> Any:
        return bool(every(raw, name))

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {name: [ON] if value else []}


@dataclass(frozen=True)
class Lines:
    """A list of texts, one a line. With `may_be_none` there is a box for "none", so that an empty list is a statement.

    Without that box ticked an empty list is MISSING: nobody says by accident that they belong nowhere.
    """

    may_be_none: bool = False
    widget: str = "lines"

    def read(self, name: str, raw: Raw) -> Any:
        lines = lines_of(one(raw, name))
        if lines:
            return lines
        return [] if every(raw, none_name(name)) else MISSING

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        box = {none_name(name): [] if value else [ON]} if self.may_be_none else {}
        return {name: ["\n".join(value)], **box}


def none_name(name: str) -> str:
    """Return the name of the box that says "none" for the field `name`."""
    return f"{name}.none"


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def number_of(text: str) -> int | float | str:
    """Return the number that a text says; text that says none is returned as it is, for the schema to refuse."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
