"""From what a schema refused to sentences at the fields of a form."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.intake.domain.faults import Fault
from services.intake.web.forms.model import Errors, Form

SAID = {
    "missing": "Part of this is not filled in.",
    "null": "Please fill this in.",
    "not_an_email": "This does not look like an e-mail address. It should read like name@example.org.",
    "not_a_number": "Please write a number, such as 3.",
    "not_whole": "Please write a whole number, such as 2.",
    "not_listed": "Please choose one of those listed.",
    "not_a_time_zone": "Please choose the time zone you live in.",
    "not_a_time_of_day": "Please write a time of day such as 18:30.",
    "not_a_language": "Please choose from the list, or write a language code such as en.",
    "length": "Please keep this to {max} characters.",
    "too_long": "Please keep this to {max} characters.",
    "count": "At most {max} here, please.",
    "too_many": "At most {max} here, please.",
    "out_of_range": "Please write a number from {min} to {max}.",
}
"""What a page says where the API's sentence speaks to programs. All others are kept."""


def errors_of(messages: Mapping[str, Any], form: Form) -> Errors:
    """Return the errors of a form from marshmallow's `messages`, each said once, at the field that it belongs to.

    A message about no field of this form is left out: the page could not point at anything.
    """
    errors: dict[str, list[str]] = {}
    for each in form.fields():
        faults = list(_faults(messages.get(each.name, [])))
        if faults:
            left_out = messages[each.name] == [Fault("missing")]
            errors[each.name] = [each.missing] if left_out and each.missing else list(dict.fromkeys(map(said, faults)))
    return errors


def said(fault: Fault) -> str:
    """Return what is wrong in words for a person."""
    return SAID[fault.code].format(**fault.params) if fault.code in SAID else str(fault)


def _faults(messages: Any) -> Iterator[Fault]:
    """Yield every fault; marshmallow nests them by field and by index."""
    if isinstance(messages, Fault):
        yield messages
    else:
        for inner in messages.values() if isinstance(messages, Mapping) else messages:
            yield from _faults(inner)
