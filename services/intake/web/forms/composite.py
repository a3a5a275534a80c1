"""Controls whose JSON value has parts of its own: languages, addresses, weekly times, roles, things lived."""

from dataclasses import dataclass
from typing import Any

from services.intake.web.forms.controls import ON, OptionGroup, lines_of, none_name, number_of
from services.intake.web.forms.raw import MISSING, Raw, every, one, rows
from shared.vocabulary import DAYS


@dataclass(frozen=True)
class Languages:
    """A list of language tags, the first being the one somebody is most at ease in."""

    groups: tuple[OptionGroup, ...]
    widget: str = "languages"

    def read(self, name: str, raw: Raw) -> Any:
        """Return the first language and the others, each once."""
        typed = one(raw, f"{name}.typed").replace(",", " ").split()
        said = [*every(raw, name), *every(raw, f"{name}.also"), *typed]
        return list(dict.fromkeys(said)) or MISSING

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
    """Where notices go, or nothing. `language` is that of the notices.

    An e-mail address, or with `widget="address"` also that of a webhook: how it begins tells which of the two it is.
    """

    language: str
    blank: Any = MISSING
    widget: str = "email"

    def read(self, name: str, raw: Raw) -> Any:
        """Return {channel, value, language}."""
        value = one(raw, name)
        if not value:
            return self.blank
        channel = "webhook" if value.lower().startswith(("https://", "http://")) else "email"
        return {"channel": channel, "value": value, "language": one(raw, f"{name}.language") or self.language}

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        if not value:
            return {name: [""]}
        return {name: [value["value"]], f"{name}.language": [value["language"]]}


@dataclass(frozen=True)
class Contact:
    """How the other side may reach somebody: a channel and an address or number."""

    groups: tuple[OptionGroup, ...]
    blank: Any = MISSING
    widget: str = "contact"

    def read(self, name: str, raw: Raw) -> Any:
        """Return {channel, value}, with whatever part was filled in."""
        channel, value = one(raw, f"{name}.channel"), one(raw, name)
        if not value:
            # A channel alone says nothing; the list cannot be left empty once something was chosen.
            return self.blank
        return {"channel": channel, "value": value} if channel else {"value": value}

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        if not value:
            return {name: [""], f"{name}.channel": [""]}
        return {name: [value.get("value", "")], f"{name}.channel": [value.get("channel", "")]}


@dataclass(frozen=True)
class Week:
    """Weekly times: for each day any number of blocks from one time to another."""

    widget: str = "week"

    def read(self, name: str, raw: Raw) -> Any:
        """Return [{day, from, to}]; a block with only one of its times is passed on without the other."""
        blocks = []
        for day in DAYS:
            for begins, ends in rows(raw, (f"{name}.{day}.from", f"{name}.{day}.to")):
                times = {edge: time for edge, time in (("from", begins), ("to", ends)) if time}
                blocks.append({"day": day, **times})
        return blocks

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {
            f"{name}.{day}.{edge}": [block.get(edge, "") for block in value if block["day"] == day]
            for day in DAYS
            for edge in ("from", "to")
        }


@dataclass(frozen=True)
class Hours:
    """Two times of day, from and to."""

    widget: str = "hours"

    def read(self, name: str, raw: Raw) -> Any:
        """Return [from, to], or MISSING if both are empty."""
        times = [one(raw, f"{name}.{edge}") for edge in ("from", "to")]
        return times if any(times) else MISSING

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        begins, ends = value or ("", "")
        return {f"{name}.from": [begins], f"{name}.to": [ends]}


@dataclass(frozen=True)
class Roles:
    """Roles that judge people, each with the body it is held in. "None" has to be said: silence is MISSING."""

    groups: tuple[OptionGroup, ...]
    widget: str = "roles"

    def read(self, name: str, raw: Raw) -> Any:
        """Return [{role, body}]."""
        filled = rows(raw, (f"{name}.role", f"{name}.body"))
        if not filled and not every(raw, none_name(name)):
            return MISSING
        return [{part: text for part, text in (("role", role), ("body", body)) if text} for role, body in filled]

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {
            f"{name}.role": [each.get("role", "") for each in value],
            f"{name}.body": [each.get("body", "") for each in value],
            none_name(name): [] if value else [ON],
        }


@dataclass(frozen=True)
class Lived:
    """Things lived, each with the years since."""

    groups: tuple[OptionGroup, ...]
    widget: str = "lived"

    def read(self, name: str, raw: Raw) -> Any:
        """Return [{slug, years_ago}]."""
        return [
            {**({"slug": slug} if slug else {}), **({"years_ago": number_of(years)} if years else {})}
            for slug, years in rows(raw, (f"{name}.slug", f"{name}.years_ago"))
        ]

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {
            f"{name}.slug": [each.get("slug", "") for each in value],
            f"{name}.years_ago": [f"{each['years_ago']:g}" if "years_ago" in each else "" for each in value],
        }


@dataclass(frozen=True)
class Avoid:
    """Places and people that are never to come near."""

    widget: str = "avoid"

    def read(self, name: str, raw: Raw) -> Any:
        """Return {affiliations, people}, each a list that may be empty."""
        return {part: lines_of(one(raw, f"{name}.{part}")) for part in ("affiliations", "people")}

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {f"{name}.{part}": ["\n".join(value[part])] for part in ("affiliations", "people")}


@dataclass(frozen=True)
class Capacity:
    """How much somebody can carry: conversations at a time, and new ones a month."""

    widget: str = "capacity"

    def read(self, name: str, raw: Raw) -> Any:
        """Return {active, new_per_month} as far as filled in, or MISSING."""
        said = {part: one(raw, f"{name}.{part}") for part in ("active", "new_per_month")}
        return {part: number_of(text) for part, text in said.items() if text} or MISSING

    def write(self, name: str, value: Any) -> dict[str, list[str]]:
        return {f"{name}.{part}": [str(value[part])] for part in ("active", "new_per_month")}
