"""Single controls, where they do more than carry text."""

import pytest
from marshmallow import missing

from services.intake.web.forms.controls import (
    NUMBER,
    TEXT,
    Address,
    Contact,
    Languages,
    Lines,
    Rows,
    Week,
    number_of,
)
from services.intake.web.forms.lists import plain

LANGUAGES = Languages(plain({"en": "English", "cy": "Cymraeg"}))


def test_silence_about_places_is_not_taken_for_a_statement() -> None:
    places = Lines(may_be_none=True)

    assert places.read("places", {"places": [" \n "]}) is missing
    assert places.read("places", {"places": [""], "places.none": ["on"]}) == []
    assert places.read("places", {"places": ["A\r\n\r\n B "], "places.none": ["on"]}) == ["A", "B"]


def test_silence_about_roles_is_not_taken_for_a_statement() -> None:
    roles = Rows("roles", {"role": TEXT, "body": TEXT}, may_be_none=True)
    untouched = {"roles.role": ["", "", ""], "roles.body": ["", "", ""]}

    assert roles.read("roles", untouched) is missing
    assert roles.read("roles", untouched | {"roles.none": ["on"]}) == []
    half = {"roles.role": ["", "examiner", ""], "roles.body": ["", "", "A college"], "roles.none": ["on"]}
    assert roles.read("roles", half) == [{"role": "examiner"}, {"body": "A college"}]


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


def test_years_that_are_no_number_are_left_for_the_schema_to_refuse() -> None:
    raw = {"t.slug": ["burnout", "bereavement"], "t.years_ago": ["ages", "1.5"]}

    assert Rows("lived", {"slug": TEXT, "years_ago": NUMBER}).read("t", raw) == [
        {"slug": "burnout", "years_ago": "ages"},
        {"slug": "bereavement", "years_ago": 1.5},
    ]
    assert [number_of("2"), number_of("-1")] == [2, -1]
