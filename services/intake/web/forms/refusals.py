"""From what a schema or a rule refused to sentences at the fields of a form."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.intake.web.forms.model import Errors, Form

MISSING_IN_JSON = "Missing data for required field."
"""What marshmallow says of a field that is not there. On a page nobody knows of data and fields."""

PLAIN = {
    MISSING_IN_JSON: "Part of this is not filled in.",
    "Not a valid email address.": "This does not look like an e-mail address. It should read like name@example.org.",
    "Not a valid number.": "Please write a number, such as 3.",
    "Not a valid integer.": "Please write a whole number, such as 2.",
    "Not one of the words to choose from.": "Please choose one of those listed.",
    "Not a time zone, e.g. Europe/London.": "Please choose the time zone you live in.",
    "Not a time of day, e.g. 18:30.": "Please write a time of day such as 18:30.",
    "Not a language tag, e.g. en or pt-BR.": "Please choose from the list, or write a language code such as en.",
    "Field may not be null.": "Please fill this in.",
}
"""The schemas' sentences that speak to programs -> sentences that speak to people. All others are kept."""


CHARACTERS_FROM = 50
"""No list of any form may hold so many things, and no text is bound to so few characters."""

_TOO_LONG = re.compile(r"(?:Longer than maximum length|Length must be between \d+ and) (\d+)\.")
_OUT_OF_RANGE = re.compile(r"Must be greater than or equal to (\d+) and less than or equal to (\d+)\.")


def errors_of(messages: Mapping[str, Any], form: Form) -> Errors:
    """Return the errors of a form from marshmallow's `messages`, each said once, at the field that it belongs to.

    A message about no field of this form is left out: the page could not point at anything.
    """
    errors: dict[str, list[str]] = {}
    for each in form.fields():
        said = list(_sentences(messages.get(each.name, [])))
        if said:
            whole = messages[each.name] == [MISSING_IN_JSON]
            errors[each.name] = [each.missing] if whole and each.missing else list(dict.fromkeys(said))
    return errors


def _sentences(messages: Any) -> Iterator[str]:
    if isinstance(messages, str):
        yield plain(messages)
    elif isinstance(messages, Mapping):
        for inner in messages.values():
            yield from _sentences(inner)
    else:
        for inner in messages:
            yield from _sentences(inner)


def plain(message: str) -> str:
    """Return what a schema says in words for a person."""
    if found := _TOO_LONG.fullmatch(message):
        most = int(found[1])
        return f"Please keep this to {most} characters." if most >= CHARACTERS_FROM else f"At most {most} here, please."
    if found := _OUT_OF_RANGE.fullmatch(message):
        return f"Please write a number from {found[1]} to {found[2]}."
    return PLAIN.get(message, message)
