"""What can be wrong with a value, as codes. Their sentences stand in `services/intake/texts/en/fault.yaml`."""

from collections.abc import Iterator, Mapping
from typing import Any

_WITHOUT_PARAMETERS = """
missing null unknown not_an_object not_a_text not_a_list not_a_boolean not_a_number no_real_number too_large not_whole
not_a_date not_a_moment no_zone not_an_email address_not_ascii
not_a_pair not_listed named_twice theme_twice not_a_language
not_a_place no_organisation names_nobody names_no_place names_no_workplace
not_a_time_zone not_a_time_of_day ends_before_it_begins only_email only_email_or_webhook not_a_webhook not_a_match
not_a_pin not_a_chosen_theme not_a_proposal not_a_typed_time proposed_too_far nothing_written no_texts_left
blank_report pause_too_far changes_wait day_not_ahead day_over day_too_far open_needs_no_day programme_code_missing
programme_code_wrong receipt_misread receipt_incomplete receipt_not_ours changed_too_often
"""

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_WITHOUT_PARAMETERS.split(), ()),
    **dict.fromkeys(("length", "count", "out_of_range"), ("min", "max")),
    **dict.fromkeys(("too_long", "too_many", "text_too_long", "report_too_long"), ("max",)),
    **dict.fromkeys(("too_short", "awake_too_short", "not_an_idempotency_key"), ("min",)),
    "a_name_of": ("slug",),
}
"""Code -> what its sentences need to be told."""


class Fault(str):
    """What is wrong with one value: a code, and its parameters. Never what somebody sent.

    Marshmallow passes messages on as they are, once it has filled them in by `format`, so the code arrives where its
    ValidationError is caught.
    """

    params: Mapping[str, Any]

    def __new__(cls, code: str, **params: Any) -> "Fault":
        if not set(params) <= set(PARAMETERS[code]):
            raise TypeError(f"{code} takes {PARAMETERS[code]}")
        self = super().__new__(cls, code)
        self.params = params
        return self

    def __deepcopy__(self, _memo: object) -> "Fault":
        return self

    def format(self, *_: object, **values: object) -> "Fault":
        """Return the same with its parameters, out of all that marshmallow knows of the value."""
        return Fault(self, **{name: values[name] for name in PARAMETERS[self]})


def faults_in(messages: Any, path: str = "") -> Iterator[tuple[str, Fault]]:
    """Yield (path, fault), e.g. ("availability.0.to", ...); marshmallow nests them by field and by index in a list."""
    if isinstance(messages, Fault):
        yield path, messages
    elif isinstance(messages, list):
        for each in messages:
            yield from faults_in(each, path)
    else:
        for name, inner in messages.items():
            # "_schema" stands for the whole object.
            yield from faults_in(inner, f"{path}.{name}" if path and name != "_schema" else path or str(name))
