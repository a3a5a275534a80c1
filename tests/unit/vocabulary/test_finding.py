"""A word is found by what people type: its label or any other name, in UK or US spelling, long or short."""

import csv
from pathlib import Path

import pytest

from shared.vocabulary import vocabulary
from shared.vocabulary.finding import plain

SPECIALTIES = Path(__file__).parents[2] / "data" / "specialty_names.csv"


def test_of_the_names_of_specialties_nearly_all_are_found_and_none_lands_on_a_wrong_care_area() -> None:
    missed, wrong, listed = [], [], csv.DictReader(SPECIALTIES.read_text("utf-8").splitlines())
    rows = [(row["name"], [area for area in row["areas"].split("|") if area]) for row in listed]
    for name, areas in rows:
        first = next(iter(vocabulary().found("care_areas", name)), None)
        if first is None and areas:
            missed.append(name)
        elif first not in (areas or [None]):
            wrong.append((name, first))
    assert wrong == []
    assert len(missed) <= len(rows) * 0.05


@pytest.mark.parametrize("name", ["care_areas", "professions", "stages", "themes"])
def test_a_word_is_found_by_each_of_its_names_and_by_any_word_of_them(name: str) -> None:
    words = vocabulary()
    for slug, called in words.other_names[name].items():
        for each in called[::4]:
            assert slug in words.found(name, each), each
            assert [part for part in plain(each).split() if plain(part) and slug not in words.found(name, part)] == []


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Paediatrics", "pediatrics"),
        ("haematologist", "hematology"),
        ("E.N.T.", "ent"),
        ("A & E", "a&e"),
        ("a and e", "A&E"),
        ("Labour ward", "labor ward"),
        ("ICU nurses", "icu nursing"),
        ("Anästhesie", "anaesthesie"),
    ],
)
def test_what_is_spelled_otherwise_is_found_alike(typed: str, same: str) -> None:
    assert vocabulary().found("care_areas", typed) == vocabulary().found("care_areas", same)


@pytest.mark.parametrize(
    ("name", "typed", "slug"),
    [
        ("care_areas", "cardio", "cardiology"),
        ("care_areas", "postpartum", "obstetrics_gynecology"),
        ("care_areas", "Elderly medicine", "geriatrics_long_term_care"),
        ("care_areas", "EMT", "prehospital_transport"),
        ("professions", "oncology nursing", "nurse"),
        ("professions", "scrub nurse", "nurse"),
        ("themes", "litigation", "litigation_inquest"),
        ("themes", "returning after leave", "return_after_leave"),
    ],
)
def test_these_come_first(name: str, typed: str, slug: str) -> None:
    assert vocabulary().found(name, typed)[0] == slug


def test_a_beginning_finds_what_begins_so() -> None:
    assert vocabulary().found("care_areas", "rheumato") == ["rheumatology_immunology_allergy", "pediatrics"]
    assert "respiratory_medicine" in vocabulary().found("care_areas", "pulm")


@pytest.mark.parametrize(
    "typed", ["", "   ", "of the", "&", "xyzzy", "medicine of the impossible", "心臓", "\u0301", "x" * 5000]
)
def test_what_means_nothing_here_finds_nothing(typed: str) -> None:
    assert vocabulary().found("care_areas", typed) == []
    assert vocabulary().meant("care_areas", typed) is None


def test_the_order_of_words_tells_two_names_apart() -> None:
    assert vocabulary().meant("professions", "nursing school") == "nursing_student"
    assert vocabulary().meant("professions", "school nurse") == "nurse"


def test_a_name_that_several_bear_means_none_of_them_alone() -> None:
    assert vocabulary().found("care_areas", "Hand surgery")[:2] == ["orthopedic_surgery", "plastic_surgery"]
    assert vocabulary().meant("care_areas", "Hand surgery") is None
    assert vocabulary().meant("care_areas", "Internal Medicine") == "general_internal_medicine"
    assert vocabulary().meant("care_areas", "Endoscopy") == "gastroenterology_hepatology"
    assert vocabulary().meant("urgencies", "today") is None
