"""The controls of a form. Each knows the way from the browser's text to JSON and back.

`read` returns the JSON value of the field `name`, or missing. `write` returns the inputs that show a value; reading
them gives the value again. Nothing is judged here: what cannot be right is passed on as it is, for the schema to
refuse. `widget` names the macro that draws a control.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from marshmallow import missing

from services.intake.web.forms.lists import Groups
from services.intake.web.forms.raw import Raw, every, one, present, rows
from shared.vocabulary import DAYS

ON = "on"
"""What a browser sends for a ticked box that has no value of its own."""


class Control(Protocol):
    """One field of a form, on the page one or several inputs."""

    @property
    def widget(self) -> str: ...

    def read(self, name: str, raw: Raw) -> Any: ...

    def write(self, name: str, value: Any) -> dict[str, list[str]]: ...


def lines_of(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def time_input(value: str) -> str:
    return "00:00" if value == "24:00" else value


def number_of(typed: str) -> Any:
    """Return the number that a text says; text that says none is returned as it is, for the schema to refuse."""
    for kind in (int, float):
        try:
            return kind(typed)
        except ValueError:
            continue
    return typed or missing


@dataclass(frozen=True)
class Part:
    """One input among several: from what is typed to JSON (missing where nothing is said), and back."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]


TEXT = Part(lambda typed: typed or missing, str)
NUMBER = Part(number_of, "{:g}".format)
END = Part(lambda typed: "24:00" if typed == "00:00" else typed or missing, time_input)
"""When a block of time ends. An input for a time knows no 24:00, so a block until midnight ends there at 00:00."""

Place = str | Mapping[str, str]
PARTS_OF_A_PLACE = ("organisation", "unit", "town")


def place_inputs(name: str) -> list[str]:
    """Return the names of a place's three inputs; that of the organisation has the name of the field itself."""
    return [name, f"{name}.unit", f"{name}.town"]


def place_typed(typed: Iterable[str]) -> Any:
    """Return a place as JSON, of what stands in its three inputs; with an organisation alone it is a text."""
    said = {part: text for part, text in zip(PARTS_OF_A_PLACE, typed, strict=True) if text}
    return said["organisation"] if said.keys() == {"organisation"} else said or missing


def place_shown(place: Place) -> list[str]:
    """Return what stands in a place's three inputs."""
    said = {"organisation": place} if isinstance(place, str) else place
    return [said.get(part, "") for part in PARTS_OF_A_PLACE]


@dataclass(frozen=True)
class Single:
    """One text: typed, or chosen out of `groups`.

    `named` is the list of the vocabulary whose words the options are: a script offers to narrow them by what is typed,
    and a former word that was chosen before is still shown.
    """

    widget: str = "text"
    groups: Groups = ()
    named: str = ""

    def read(self, name: str, raw: Raw) -> Any:
        return one(raw, name) or missing

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {name: [value or ""]}


@dataclass(frozen=True)
class Several:
    """Any number out of `groups`, as boxes to tick. `named`: as for Single."""

    groups: Groups
    widget: str = "boxes"
    named: str = ""

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
class Places:
    """A list of places, each with three inputs. With `may_be_none` there is a box for "none".

    Without that box ticked an empty list is missing: nobody says by accident that they belong nowhere.
    """

    may_be_none: bool = False
    widget: str = "places"

    def read(self, name: str, raw: Raw) -> Any:
        return some_or_none([place_typed(row) for row in rows(raw, place_inputs(name))], name, raw)

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return write_places(name, value) | (_none_box(name, value) if self.may_be_none else {})


def write_places(name: str, places: Iterable[Place]) -> dict[str, list[str]]:
    shown = [place_shown(place) for place in places]
    return {each: [row[at] for row in shown] for at, each in enumerate(place_inputs(name))}


@dataclass(frozen=True)
class Avoid:
    """Places and people never to meet: places as above, people one a line."""

    widget: str = "avoid"

    def read(self, name: str, raw: Raw) -> Any:
        places = [place_typed(row) for row in rows(raw, place_inputs(f"{name}.affiliations"))]
        return {"affiliations": places, "people": lines_of(one(raw, f"{name}.people"))}

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        people = {f"{name}.people": ["\n".join(value["people"])]}
        return write_places(f"{name}.affiliations", value["affiliations"]) | people


@dataclass(frozen=True)
class Parts:
    """An object with one input for each of its `parts`; missing if nothing is said in any of them."""

    widget: str
    parts: Mapping[str, Part]

    def read(self, name: str, raw: Raw) -> Any:
        return present({part: kind.read(one(raw, f"{name}.{part}")) for part, kind in self.parts.items()}) or missing

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {f"{name}.{part}": [kind.write(value[part])] for part, kind in self.parts.items()}


@dataclass(frozen=True)
class Rows:
    """A list of objects, each with one input for each of its `parts`. `named`: as for Single."""

    widget: str
    parts: Mapping[str, Part]
    groups: Groups = ()
    named: str = ""

    def read(self, name: str, raw: Raw) -> Any:
        return [
            present({part: kind.read(typed) for (part, kind), typed in zip(self.parts.items(), row, strict=True)})
            for row in rows(raw, [f"{name}.{part}" for part in self.parts])
        ]

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {
            f"{name}.{part}": [kind.write(each[part]) if part in each else "" for each in value]
            for part, kind in self.parts.items()
        }


@dataclass(frozen=True)
class Roles:
    """A list of roles, each chosen out of `groups` with the body it is held in, a place; and a box for "none"."""

    groups: Groups
    widget: str = "roles"

    def read(self, name: str, raw: Raw) -> Any:
        filled = rows(raw, [f"{name}.role", *place_inputs(f"{name}.body")])
        roles = [present({"role": role or missing, "body": place_typed(body)}) for role, *body in filled]
        return some_or_none(roles, name, raw)

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        roles = {f"{name}.role": [each["role"] for each in value]}
        return roles | write_places(f"{name}.body", [each["body"] for each in value]) | _none_box(name, value)


def some_or_none(said: list[Any], name: str, raw: Raw) -> Any:
    """Return a list, empty only where "none" was ticked, else missing; one of which both was said is no list at all."""
    if not every(raw, f"{name}.none"):
        return said or missing
    return {"none": said} if said else []


def _none_box(name: str, value: Any) -> dict[str, list[str]]:
    return {f"{name}.none": [] if value else [ON]}


@dataclass(frozen=True)
class Week:
    """Weekly times: for each day any number of blocks, [{day, from, to}]."""

    widget: str = "week"
    blocks = Rows("hours", {"from": TEXT, "to": END})

    def read(self, name: str, raw: Raw) -> Any:
        return [{"day": day, **block} for day in DAYS for block in self.blocks.read(f"{name}.{day}", raw)]

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        inputs: dict[str, list[str]] = {}
        for day in DAYS:
            inputs |= self.blocks.write(f"{name}.{day}", [block for block in value if block["day"] == day])
        return inputs


@dataclass(frozen=True)
class Hours:
    """Two times of day, [from, to]."""

    widget: str = "hours"

    def read(self, name: str, raw: Raw) -> Any:
        times = [one(raw, f"{name}.{edge}") for edge in ("from", "to")]
        return times if any(times) else missing

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {f"{name}.from": [value[0]], f"{name}.to": [time_input(value[1])]}


@dataclass(frozen=True)
class Languages:
    """A list of language tags, the first being the one somebody is most at ease in."""

    groups: Groups
    widget: str = "languages"

    def read(self, name: str, raw: Raw) -> Any:
        """Return the first language and the others, each once."""
        typed = one(raw, f"{name}.typed").replace(",", " ").split()
        said = [*every(raw, name), *every(raw, f"{name}.also"), *typed]
        return list(dict.fromkeys(said)) or missing

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        """Return the list, the boxes, and as text those languages that are not among them."""
        known = {option.value for group in self.groups for option in group.options}
        listed = [tag for tag in value if tag in known]
        # The order counts, and text comes last: a first language that is not in the list leaves the list empty.
        first = listed[:1] if value and value[0] in known else []
        return {
            name: first,
            f"{name}.also": [tag for tag in listed if tag not in first] if first else [],
            f"{name}.typed": [", ".join(tag for tag in value if not first or tag not in listed)],
        }


@dataclass(frozen=True)
class Address:
    """Where notices go, {channel, value, language}. `language` is that of the notices unless they have one already.

    An e-mail address, or with `widget="address"` also that of a webhook: how it begins tells which of the two it is.
    """

    language: str
    widget: str = "email"

    def read(self, name: str, raw: Raw) -> Any:
        value = one(raw, name)
        if not value:
            return missing
        channel = "webhook" if value.lower().startswith(("https://", "http://")) else "email"
        return {"channel": channel, "value": value, "language": one(raw, f"{name}.language") or self.language}

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        if not value:
            return {name: [""]}
        return {name: [value["value"]], f"{name}.language": [value["language"]]}


@dataclass(frozen=True)
class Contact:
    """How the other side may reach somebody, {channel, value}, with what was filled in.

    A channel alone says nothing: the list cannot be left empty once something was chosen.
    """

    groups: Groups
    widget: str = "contact"

    def read(self, name: str, raw: Raw) -> Any:
        channel, value = one(raw, f"{name}.channel"), one(raw, name)
        if not value:
            return missing
        return {"channel": channel, "value": value} if channel else {"value": value}

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        said = value or {}
        return {name: [said.get("value", "")], f"{name}.channel": [said.get("channel", "")]}
