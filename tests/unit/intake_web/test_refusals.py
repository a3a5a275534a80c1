"""What schemas say, said to people."""

from typing import Any

import pytest
from marshmallow import ValidationError

from services.intake.domain.faults import PARAMETERS, Fault
from services.intake.schemas.person import Ask
from services.intake.schemas.volunteer import Apply
from services.intake.texts import read_sentences
from services.intake.texts.saying import fault_on_page, fault_said
from services.intake.web.forms.model import Form
from services.intake.web.forms.person import ASK
from services.intake.web.forms.volunteer import VOLUNTEER
from tests.unit.intake_web.samples import PERSON, VOLUNTEERED


def refused(form: Form, body: dict[str, Any]) -> dict[str, list[str]]:
    """Return the errors that a form shows for `body`."""
    with pytest.raises(ValidationError) as error:
        (Ask() if form is ASK else Apply()).load(body)
    return dict(form.errors_of(error.value))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"themes": ["burnout", "bereavement", "img_migration", "moral_injury"]}, "At most 3 here, please."),
        ({"words": "x" * 2_001}, "Please keep this to 2000 characters."),
        ({"profession": "wizard"}, "Please choose one of those listed."),
        ({"languages": ["not a tag"]}, "Please choose from the list, or write a language code such as en."),
        ({"affiliations": ["x" * 121]}, "Please keep this to 120 characters."),
        ({"contact": {"value": "+44"}}, "Part of this is not filled in."),
        ({"availability": [{"day": "mon", "from": "18:00"}]}, "Part of this is not filled in."),
        (
            {"availability": [{"day": "mon", "from": "18:00", "to": "17:00"}]},
            "A time ends before it begins. Over midnight, make it two: until 00:00, and from 00:00 on the next day.",
        ),
        (
            {"availability": [{"day": "mon", "from": "23:30", "to": "23:59"}]},
            "Less than 30 minutes are too short to talk.",
        ),
        (
            {"notify": {"channel": "email", "value": "nonsense", "language": "en"}},
            "This does not look like an e-mail address. It should read like name@example.org.",
        ),
    ],
)
def test_a_refused_field_says_what_to_do(change: dict[str, Any], sentence: str) -> None:
    assert refused(ASK, PERSON | change) == {next(iter(change)): [sentence]}


def test_the_same_sentence_is_said_once_a_field() -> None:
    themes = [{"slug": "burnout"}, {"years_ago": 2}]

    assert refused(VOLUNTEER, VOLUNTEERED | {"themes": themes}) == {"themes": ["Part of this is not filled in."]}


def test_numbers_out_of_range_name_the_range() -> None:
    capacity = {"active": 99, "new_per_month": 1}

    assert refused(VOLUNTEER, VOLUNTEERED | {"capacity": capacity}) == {
        "capacity": ["Please write a number from 1 to 10."]
    }


def test_a_sentence_that_speaks_to_people_already_is_kept() -> None:
    assert fault_on_page(Fault("theme_twice")) == "Each theme may be named once."


def test_every_code_has_a_sentence_that_names_what_the_code_carries() -> None:
    sentences = read_sentences("en")
    codes = {key.removeprefix("fault.") for key in sentences if key.startswith("fault.")}

    assert {code for code in codes if "." not in code} == set(PARAMETERS)
    assert {code.removeprefix("page.") for code in codes if "." in code} <= set(PARAMETERS)
    for code, names in PARAMETERS.items():
        fault = Fault(code, **dict.fromkeys(names, 7))
        assert fault_said(fault).count("7") >= len(names)
        assert fault_on_page(fault)
