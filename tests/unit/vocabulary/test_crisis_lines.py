"""Each of our crisis lines has a source that was read, and the countries of our languages have lines."""

from dataclasses import replace
from datetime import date

from babel.core import get_global

from services.intake.web.forms.lists import LANGUAGES
from shared.vocabulary import vocabulary
from shared.vocabulary.model import countries_of, lines_for

WITHOUT_A_LINE = {"ro", "tr"}
"""Languages whose countries have an emergency number alone: docs/operations.md names them."""


def test_every_line_of_ours_has_a_source_and_the_day_on_which_it_was_read() -> None:
    lines = vocabulary().crisis_lines
    assert [line.name for line in lines if "." not in line.site or line.source.startswith("http")] == []
    assert [line.name for line in lines if line.read_on is None or line.verified_on is not None] == []


def test_every_number_can_be_dialled_inside_its_country() -> None:
    numbers = [number for line in vocabulary().crisis_lines for number in (line.call, line.text) if number]
    assert [number for number in numbers if set(number) - set("0123456789 -*")] == []


def test_every_country_with_lines_has_exactly_one_emergency_number() -> None:
    lines = vocabulary().crisis_lines
    emergencies = sorted(line.country for line in lines if line.emergency)
    assert emergencies == sorted(countries_of(lines))
    assert [line.name for line in lines if line.emergency and not line.call] == []


def test_every_language_has_a_country_with_lines_where_one_was_found() -> None:
    official = get_global("territory_languages")
    countries = countries_of(line for line in vocabulary().crisis_lines if not line.emergency)
    spoken = {
        tag.partition("_")[0]
        for country in countries
        for tag, figures in official[country].items()
        if figures["official_status"]
    }
    assert set(LANGUAGES) - spoken == WITHOUT_A_LINE


def test_a_page_names_the_site_of_a_source_without_its_path() -> None:
    line = vocabulary().crisis_lines[0]
    assert replace(line, source="nhs.example/lines/1?x=2").site == "nhs.example"
    assert replace(line, source="nhs.example").site == "nhs.example"


def test_crisis_lines_are_those_of_the_country_emergency_first() -> None:
    lines = lines_for(vocabulary().crisis_lines, "GB")
    assert (lines[0].call, lines[0].emergency) == ("999", True)
    assert {line.country for line in lines} == {"GB", "*"}
    assert [line.name for line in lines_for(vocabulary().crisis_lines, "AQ")] == ["Find a Helpline"]


def test_a_line_is_stale_until_a_test_call_and_again_half_a_year_later() -> None:
    words = vocabulary()
    line = next(line for line in words.crisis_lines if not line.emergency)
    assert words.is_stale(line, date(2026, 11, 22))
    called = replace(line, verified_on=date(2026, 11, 22))
    assert not words.is_stale(called, date(2027, 5, 21))
    assert words.is_stale(called, date(2027, 5, 22))
    # A day that lies ahead is no call.
    assert words.is_stale(called, date(2026, 11, 1))
