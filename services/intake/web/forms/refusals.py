"""From what a schema refused to sentences at the fields of a form."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.intake.domain.faults import Fault
from services.intake.texts.saying import fault_on_page
from services.intake.web.forms.model import Errors, Form


def errors_of(messages: Mapping[str, Any], form: Form) -> Errors:
    """Return the errors of a form from marshmallow's `messages`, each said once, at the field that it belongs to.

    A message about no field of this form is left out: the page could not point at anything.
    """
    errors: dict[str, list[str]] = {}
    for each in form.fields():
        refused = messages.get(each.name)
        if refused == ["missing"] and each.missing:
            errors[each.name] = [each.missing]
        elif refused:
            errors[each.name] = list(dict.fromkeys(map(fault_on_page, _faults(refused))))
    return errors


def _faults(messages: Any) -> Iterator[Fault]:
    """Yield every fault; marshmallow nests them by field and by index."""
    if isinstance(messages, Fault):
        yield messages
    else:
        for inner in messages.values() if isinstance(messages, Mapping) else messages:
            yield from _faults(inner)
