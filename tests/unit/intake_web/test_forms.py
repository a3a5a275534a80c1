"""The forms against the API's schemas: the same fields, the same values, there and back."""

from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from services.intake.schemas.person import Ask, Wishes
from services.intake.schemas.volunteer import SHOWS, Apply
from services.intake.texts import texts
from services.intake.web.forms import lists
from services.intake.web.forms.controls import Several, Single
from services.intake.web.forms.model import Filled, Form
from services.intake.web.forms.person import ASK, WISHES
from services.intake.web.forms.volunteer import VOLUNTEER
from shared.vocabulary import vocabulary
from tests.unit.intake_web.markup import Page
from tests.unit.intake_web.samples import KEY, PERSON, VOLUNTEERED, renderer

BOTH = pytest.mark.parametrize(
    ("form", "schema", "values"),
    [(ASK, Ask(), PERSON), (VOLUNTEER, Apply(), VOLUNTEERED)],
    ids=["asking", "volunteering"],
)


@pytest.mark.parametrize(
    ("form", "schema"),
    [(ASK, Ask()), (WISHES, Wishes()), (VOLUNTEER, Apply())],
    ids=["ask", "wishes", "volunteer"],
)
def test_a_form_has_the_fields_of_the_api_and_no_others(form: Form, schema: Schema) -> None:
    assert sorted(each.name for each in form.fields()) == sorted(schema.fields)


@BOTH
def test_a_form_has_words_for_what_the_api_requires(form: Form, schema: Schema, values: dict[str, Any]) -> None:
    required = {name for name, field in schema.fields.items() if field.required}

    assert {each.name for each in form.fields() if f"{each.text}.missing" in texts()} == required


@BOTH
def test_what_is_written_into_a_form_is_read_from_it_again(form: Form, schema: Schema, values: dict[str, Any]) -> None:
    assert form.read(form.write(values)) == values
    assert schema.load(form.read(form.write(values))) == schema.load(values)


@BOTH
def test_an_untouched_form_is_refused_only_for_what_is_required(
    form: Form, schema: Schema, values: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refused:
        schema.load(form.read({}))

    errors = form.errors_of(refused.value)
    required = (each for each in form.fields() if each.takes.required)
    assert errors == {each.name: [texts().say(f"{each.text}.missing")] for each in required}


def test_the_wishes_that_were_not_touched_stay_as_they_are() -> None:
    wishes = {name: PERSON[name] for name in Wishes().fields} | {"most_important": None, "gender_wish": None}

    assert Wishes(partial=True).load(WISHES.read(WISHES.write(wishes))) == wishes


def test_untouched_forms_show_the_defaults_of_the_api() -> None:
    assert ASK.read(ASK.untouched())["urgency"] == Ask().fields["urgency"].load_default
    figures = vocabulary().defaults.volunteer
    assert VOLUNTEER.read(VOLUNTEER.untouched())["capacity"] == {
        "active": figures.active,
        "new_per_month": figures.new_per_month,
    }


def test_sections_open_when_something_in_them_was_touched_or_refused() -> None:
    about = next(section for section in ASK.sections if section.name == "about")

    def opened(raw: dict[str, list[str]], errors: dict[str, list[str]] | None = None) -> bool:
        return Filled(ASK, raw, errors or {}, ASK.untouched()).unfolded(about)

    assert not opened(ASK.untouched())
    assert opened(ASK.untouched() | {"themes": ["burnout"]})
    assert opened(ASK.untouched(), {"most_important": ["Not one of them."]})


def test_everything_of_the_vocabulary_can_be_chosen_exactly_once() -> None:
    words = vocabulary()

    def offered(form: Form, name: str) -> list[str]:
        control = next(each.control for each in form.fields() if each.name == name)
        assert isinstance(control, Single | Several)
        return sorted(option.value for group in control.groups for option in group.options)

    for name, known in (
        ("profession", words.professions),
        ("care_area", words.care_areas),
        ("stage", words.stages),
        ("themes", words.themes),
        ("urgency", words.urgencies),
        ("must_haves", words.must_haves),
        ("waive", words.waivers),
    ):
        assert offered(ASK, name) == sorted(known), name
    assert offered(VOLUNTEER, "ready_for") == sorted(slug for slug, theme in words.themes.items() if theme.restricted)
    assert offered(VOLUNTEER, "shows") == sorted(SHOWS)
    assert "Europe/London" in offered(ASK, "time_zone")


def test_every_language_of_the_list_is_one_that_the_api_takes() -> None:
    for tag in lists.LANGUAGES:
        Wishes().load({"languages": [tag]})


def test_a_former_word_is_shown_where_it_was_chosen_and_offered_nowhere_else() -> None:
    values = VOLUNTEERED | {"stage": "left_or_retired", "themes": [{"slug": "img_migration", "years_ago": 4}]}
    filled = Filled(VOLUNTEER, VOLUNTEER.write(values), {}, VOLUNTEER.untouched())
    page = Page(renderer().draw("edit.html", key=KEY, pin=None, filled=filled))
    chosen = [option["value"] for option in page.every("option") if "selected" in option.attributes]
    assert {"left_or_retired", "img_migration"} <= set(chosen)
    former = {slug for name in vocabulary().labels for slug in vocabulary().former(name)}
    assert sorted(option["value"] for option in page.every("option") if option["value"] in former) == [
        "img_migration",
        "left_or_retired",
    ]
    wishes = Filled(WISHES, WISHES.write(PERSON | {"themes": ["public_shaming"]}), {}, ASK.untouched())
    boxes = Page(renderer().draw("wishes.html", key=KEY, filled=wishes)).every("input")
    assert [(box["value"], "checked" in box.attributes) for box in boxes if box["value"] in former] == [
        ("public_shaming", True)
    ]
