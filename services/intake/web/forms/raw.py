"""What a browser sends: text under names, a name as often as the person ticked or filled it in."""

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

from marshmallow import missing

Raw = Mapping[str, list[str]]
"""Input name -> the values sent under it, in the order of the page. A name that was not sent is missing or empty."""


def present(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the person did not leave out; marshmallow's `missing` stands for what they did."""
    return {name: value for name, value in said.items() if value is not missing}


def as_typed(value: str) -> str:
    """Return a value with each line break as the one character that it was when it was typed.

    Browsers count a line break as one character against `maxlength` and send it as two.
    """
    return value.replace("\r\n", "\n").replace("\r", "\n")


def one(raw: Raw, name: str) -> str:
    """Return the first value under `name` without white space around it; empty text if there is none."""
    values = raw.get(name) or [""]
    return values[0].strip()


def every(raw: Raw, name: str) -> list[str]:
    """Return every non-empty value under `name`, each without white space around it."""
    return [value.strip() for value in raw.get(name, []) if value.strip()]


def rows(raw: Raw, names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the values under several names side by side, one tuple a row; rows with nothing in them are left out."""
    columns = ([value.strip() for value in raw.get(name, [])] for name in names)
    return [row for row in zip_longest(*columns, fillvalue="") if any(row)]
