"""What can be wrong with a value, as codes; and the API's sentence for each. Pages have sentences of their own."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

SENTENCES = {
    "missing": "Missing data for required field.",
    "null": "Field may not be null.",
    "unknown": "Unknown field.",
    "not_an_object": "Invalid input type.",
    "not_a_text": "Not a valid string.",
    "not_a_list": "Not a valid list.",
    "not_a_boolean": "Not a valid boolean.",
    "not_a_number": "Not a valid number.",
    "no_real_number": "Special numeric values (nan or infinity) are not permitted.",
    "too_large": "Number too large.",
    "not_whole": "Not a valid integer.",
    "not_a_date": "Not a valid date.",
    "not_a_moment": "Not a valid datetime.",
    "no_zone": "Not a valid aware datetime.",
    "not_an_email": "Not a valid email address.",
    "length": "Length must be between {min} and {max}.",
    "count": "Length must be between {min} and {max}.",
    "too_long": "Longer than maximum length {max}.",
    "too_many": "Longer than maximum length {max}.",
    "not_a_pair": "Length must be 2.",
    "out_of_range": "Must be greater than or equal to {min} and less than or equal to {max}.",
    "not_listed": "Not one of the words to choose from.",
    "named_twice": "Each may be named once.",
    "theme_twice": "Each theme may be named once.",
    "not_a_language": "Not a language tag, e.g. en or pt-BR.",
    "not_a_time_zone": "Not a time zone, e.g. Europe/London.",
    "not_a_time_of_day": "Not a time of day, e.g. 18:30.",
    "ends_before_it_begins": "It ends before it begins. Over midnight, make it two.",
    "only_email": "This deployment can send by e-mail (email) only.",
    "only_email_or_webhook": "This deployment can send by e-mail (email) or call a webhook (webhook) only.",
    "not_a_webhook": "Not an address to call. It begins with https:// and holds no password.",
    "not_a_match": "Not a match.",
    "not_a_pin": "A PIN has 4 to 12 digits.",
    "not_a_chosen_theme": "This is not one of the themes you chose.",
    "not_a_proposal": "Not a day and time with its zone, e.g. 2026-11-26T18:30:00Z.",
    "not_a_typed_time": "This is no day and time. Write it like 2026-11-26 18:30.",
    "proposed_too_far": "Propose a time ahead, within a year.",
    "nothing_written": "Write something first, or propose a time.",
    "text_too_long": "This is too long; {max} characters are the most.",
    "no_texts_left": "No more texts can be written here. Please go on in the way you agreed on.",
    "blank_report": "Please say in a few words what happened.",
    "report_too_long": "Please shorten it to {max} characters.",
    "pause_too_far": "Choose a moment ahead, within a year.",
    "day_not_ahead": "Choose a day ahead.",
    "day_over": "This day is over.",
    "open_needs_no_day": "Only a closed intake opens on a day.",
    "programme_code_missing": "Please give the programme code that you were told.",
    "programme_code_wrong": "This is not the programme code.",
    "not_an_idempotency_key": "It needs {min} to 255 letters, digits or signs.",
    "receipt_misread": "This is not a receipt: it contains a character that no receipt has.",
    "receipt_incomplete": "This is not a receipt, or a part of it is missing.",
    "receipt_not_ours": "This receipt was not signed here, or it was changed.",
}


class Fault(str):
    """What is wrong with one value: a code and its parameters; as a text it is the API's sentence.

    Marshmallow passes messages on as they are and fills them in by `format`, so the code arrives with whoever catches
    its ValidationError.
    """

    code: str
    params: Mapping[str, Any]

    def __new__(cls, code: str, **params: Any) -> "Fault":
        sentence = SENTENCES[code]
        self = super().__new__(cls, sentence.format(**params) if params else sentence)
        self.code, self.params = code, params
        return self

    def __deepcopy__(self, _memo: object) -> "Fault":
        return self

    def format(self, *_: object, **values: object) -> "Fault":
        """Return the same with those of `values` that its sentence names; never what somebody sent."""
        named = [name for _, name, _, _ in Formatter().parse(self) if name]
        return Fault(self.code, **{name: values[name] for name in named})
