"""Single controls, where they do more than carry text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError, missing

from services.intake.schemas.person import Ask
from services.intake.web.forms.controls import (
    NUMBER,
    TEXT,
    Address,
    Avoid,
    Contact,
    Hours,
    Languages,
    Places,
    Roles,
    Rows,
    Week,
    number_of,
)
from services.intake.web.forms.lists import plain
from services.intake.web.forms.person import ASK
from tests.support.people import a_request

PLACES = Places(may_be_none=True)
LANGUAGES = Languages(plain({"en": "English", "cy": "Cymraeg"}))


def test_silence_about_places_is_not_taken_for_a_statement() -> None:
    assert PLACES.read("p", {"p": [" ", ""], "p.unit": ["", ""], "p.town": ["", " "]}) is missing
    assert PLACES.read("p", {"p": [""], "p.none": ["on"]}) == []


def test_a_place_in_one_line_stays_a_text_and_one_in_parts_is_an_object() -> None:
    raw = {"p": ["A, B ", "", "C"], "p.unit": ["", "", "Ward 5"], "p.town": ["", "", ""]}

    assert PLACES.read("p", raw) == ["A, B", {"organisation": "C", "unit": "Ward 5"}]
    assert PLACES.read("p", {"p": [""], "p.unit": ["Ward 5"], "p.town": ["D"]}) == [{"unit": "Ward 5", "town": "D"}]


WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=9)
IN_PARTS = st.fixed_dictionaries({"organisation": WORDS}, optional={"unit": WORDS, "town": WORDS})


@settings(max_examples=40)
@given(st.lists(WORDS | IN_PARTS.filter(lambda place: len(place) > 1), max_size=5))
def test_any_places_come_back_from_their_inputs_as_they_were_said(said: list[str | dict[str, str]]) -> None:
    assert PLACES.read("p", PLACES.write("p", said)) == said
    roles = [{"role": "examiner", "body": place} for place in said]
    assert Roles(()).read("r", Roles(()).write("r", roles)) == roles


def test_a_place_together_with_none_is_left_for_the_schema_to_refuse() -> None:
    with pytest.raises(ValidationError) as refused:
        Ask().load(a_request(affiliations=PLACES.read("p", {"p": ["St Elsewhere"], "p.none": ["on"]})))

    assert refused.value.messages_dict == {"affiliations": ["not_a_list"]}
    assert ASK.errors_of(refused.value)["affiliations"][0].startswith("You named a place, and ticked")


def test_places_to_avoid_are_kept_as_they_were_said() -> None:
    avoided = {"affiliations": ["A", {"organisation": "B", "town": "C"}], "people": ["D", "E"]}

    assert Avoid().read("a", Avoid().write("a", avoided)) == avoided
    assert Avoid().read("a", {}) == {"affiliations": [], "people": []}


def test_silence_about_roles_is_not_taken_for_a_statement() -> None:
    roles = Roles(())
    untouched = {"roles.role": ["", "", ""], "roles.body": ["", "", ""]}

    assert roles.read("roles", untouched) is missing
    assert roles.read("roles", untouched | {"roles.none": ["on"]}) == []
    half = {
        "roles.role": ["", "examiner", ""],
        "roles.body": ["", "", "Tarnside"],
        "roles.body.town": ["", "", "B"],
    }
    body = {"organisation": "Tarnside", "town": "B"}
    assert roles.read("roles", half) == [{"role": "examiner"}, {"body": body}]
    assert isinstance(roles.read("roles", half | {"roles.none": ["on"]}), dict)


def test_the_language_somebody_is_most_at_ease_in_comes_first() -> None:
    raw = {"l": ["cy"], "l.also": ["en", "cy"], "l.typed": ["sw, pt-BR"]}

    assert LANGUAGES.read("l", raw) == ["cy", "en", "sw", "pt-BR"]
    assert LANGUAGES.read("l", {"l": [""], "l.typed": [""]}) is missing


@pytest.mark.parametrize("tags", [["en"], ["cy", "en"], ["sw"], ["sw", "en"], ["en", "sw", "cy"], ["en", "cy", "sw"]])
def test_languages_keep_their_first_and_lose_none(tags: list[str]) -> None:
    again = LANGUAGES.read("l", LANGUAGES.write("l", tags))

    assert (again[0], sorted(again)) == (tags[0], sorted(tags))


def test_a_channel_without_an_address_says_nothing_and_an_address_without_a_channel_is_passed_on() -> None:
    contact = Contact(plain({"phone": "Phone"}))

    assert contact.read("c", {"c": [""], "c.channel": ["phone"]}) is missing
    assert contact.read("c", {"c": ["01632 960 001"], "c.channel": [""]}) == {"value": "01632 960 001"}


def test_an_address_is_for_mail_in_the_language_of_the_pages() -> None:
    assert Address("en").read("n", {"n": [" a@b.org "]}) == {"channel": "email", "value": "a@b.org", "language": "en"}


def test_an_address_of_the_web_is_that_of_a_webhook() -> None:
    hook = {"channel": "webhook", "value": "https://hook.example/x", "language": "en"}

    assert Address("en").read("n", {"n": ["https://hook.example/x"]}) == hook
    assert Address("en").read("n", Address("en").write("n", hook)) == hook


def test_a_block_of_time_without_its_end_is_left_for_the_schema_to_refuse() -> None:
    raw = {"w.tue.from": ["", "18:00"], "w.tue.to": ["", ""]}

    assert Week().read("w", raw) == [{"day": "tue", "from": "18:00"}]


def test_a_block_until_midnight_ends_at_00_00_on_the_page_and_at_24_00_in_the_form() -> None:
    until_midnight = [{"day": "tue", "from": "22:00", "to": "24:00"}, {"day": "wed", "from": "00:00", "to": "01:00"}]
    raw = {"w.tue.from": ["22:00"], "w.tue.to": ["00:00"], "w.wed.from": ["00:00"], "w.wed.to": ["01:00"]}

    assert Week().read("w", raw) == until_midnight
    assert {name: inputs for name, inputs in Week().write("w", until_midnight).items() if inputs} == raw
    assert Hours().write("h", ["08:00", "24:00"]) == {"h.from": ["08:00"], "h.to": ["00:00"]}


def test_years_that_are_no_number_are_left_for_the_schema_to_refuse() -> None:
    raw = {"t.slug": ["burnout", "bereavement"], "t.years_ago": ["ages", "1.5"]}

    assert Rows("lived", {"slug": TEXT, "years_ago": NUMBER}).read("t", raw) == [
        {"slug": "burnout", "years_ago": "ages"},
        {"slug": "bereavement", "years_ago": 1.5},
    ]
    assert [number_of("2"), number_of("-1")] == [2, -1]
