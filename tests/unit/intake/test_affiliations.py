"""Places meet when a careful coordinator would keep their people apart, however they are written."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.intake.domain.affiliations import Register
from services.intake.domain.place import names_a_place
from shared.vocabulary.spelling import normalise
from tests.unit.intake.places import NONE, REGISTER, meet

BOTH = pytest.mark.parametrize("register", [NONE, REGISTER], ids=["without a register", "with a register"])


@BOTH
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St Mary's", "Saint Mary's Hospital"),
        ("St. Marys hosp", "ST MARY'S"),
        ("St Mary`s", "The Hospital of Saint Mary"),
        ("Hôpital Sainte-Anne", "hopital ste anne"),
        ("University of Leeds", "Leeds Uni."),
        ("Guy's", "Guys Hospital NHS Foundation Trust"),
        ("Royal London Hospital", "London, Royal"),
        ("Cardiac Center", "the Cardiac Centre"),
        ("Great Ormond Street", "Great Ormond St."),
        ("University Hospital", "The University Hospital"),
    ],
)
def test_near_spellings_of_one_place_meet(register: Register, one: str, other: str) -> None:
    assert meet(register, one, other)


@BOTH
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St Mary's London", "St Mary's Leeds"),
        ("St Mary's", "St John's"),
        ("King's College London", "University of London"),
        ("Leeds", "London"),
        ("Ward 5, St Mary's, London", "Ward 5, St John's, Leeds"),
    ],
)
def test_places_that_are_clearly_different_do_not_meet(register: Register, one: str, other: str) -> None:
    assert not meet(register, one, other)


@BOTH
@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("St Mary's", "St Mary's Hospital, London"),
        ("St Mary's Hospital", "Emergency Department, Saint Mary's"),
        ("Leeds Infirmary", "Leeds General Infirmary"),
    ],
)
def test_where_a_name_leaves_open_which_place_is_meant_it_means_each(register: Register, less: str, more: str) -> None:
    assert meet(register, less, more)


@BOTH
@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("Medicine, University of Leeds", "Leeds University"),
        ("University of Leeds, School of Medicine", "Leeds Uni"),
        ("School of Medicine University of Leeds", "University of Leeds"),
        ("Leeds University Medical School", "the University of Leeds"),
        ("Guy's Hospital Ward 5", "Guys Hosp."),
        ("Leeds Medical School", "University of Leeds"),
        ("Leeds School of Medicine", "University of Leeds"),
        ("Faculty of Medicine, Leeds", "Leeds University"),
        ("Yale School of Medicine", "Yale University"),
        ("medical student at Yale", "Yale University"),
        ("Barts Health NHS Trust", "Barts"),
        ("Leeds Universty", "University of Leeds"),
        ("Saint Mary's Hosptial", "St Mary's"),
    ],
)
def test_a_part_of_an_institution_meets_the_institution(register: Register, part: str, whole: str) -> None:
    assert meet(register, part, whole)


@BOTH
def test_two_units_of_one_written_site_meet(register: Register) -> None:
    assert meet(register, "Kite Ward, St Mary's", "Saint Mary's Hospital (intensive care unit)")
    assert meet(register, "Theatre team at Saint Mary's", "Kite Ward - St. Mary's hosp")
    assert meet(register, "Cardiology, St Mary's Hospital", "Oncology, Saint Marys Hosp")
    assert meet(register, "St Mary's Hospital Ward 5", "Saint Mary's Hospital Ward 9")
    assert not meet(register, "Cardiology, St Mary's Hospital, London", "Cardiology, St Mary's Hospital, Leeds")
    assert not meet(register, "Kite Ward, St Mary's London", "Kite Ward, St Mary's Leeds")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "none",
        "N/A",
        "n.a.",
        "Prefer not to say",
        "?",
        "I'd rather not say",
        "NHS",
        "Hospital",
        "the university",
        "retired",
        "Confidential",
    ],
)
def test_a_person_who_writes_that_there_is_none_names_none(text: str) -> None:
    assert not NONE.of_person([text])
    assert not NONE.avoided_by_person([text])
    assert not NONE.avoided_by_volunteer([text])


@pytest.mark.parametrize("text", ["...", "none"])
def test_a_volunteer_and_a_body_always_have_a_mark(text: str) -> None:
    assert NONE.of_volunteer([text])
    assert NONE.of_body(text)


@BOTH
@pytest.mark.parametrize(
    "text", ["ab " * 40, "a " * 60, "ward, " * 20, "st mary hospital of " * 6, "university of " * 8]
)
def test_no_text_has_more_marks_than_an_event_can_carry(register: Register, text: str) -> None:
    assert len(register.of_person([text[:120]])) < 150
    words = " ".join(f"w{number}" for number in range(40))
    assert len(register.of_volunteer([words[:120]])) < 150


# Greek and Cyrillic letters are Latin ones within a Latin word by how they look, which depends on their case.
LETTERS = st.characters(categories=("L", "N", "M"), include_characters=" '-.", exclude_characters="µĿŀ")
QUICK = settings(max_examples=25)
NAMES = st.text(LETTERS, min_size=1, max_size=30)
WORDS = st.lists(st.sampled_from("st mary john leeds london royal ward general north".split()), min_size=1, max_size=5)  # noqa: SIM905


@BOTH
@QUICK
@given(NAMES)
def test_every_place_meets_itself_however_it_is_decorated(register: Register, name: str) -> None:
    assume(normalise(name))
    assume(register.of_person([name]))
    for same in (name.upper(), f" {name}  ", f"The {name}", f"{name} Hospital"):
        assert meet(register, name, same)


@BOTH
@QUICK
@given(WORDS, WORDS)
def test_whether_two_places_meet_depends_on_neither_side_nor_order_of_lists(
    register: Register, one: list[str], other: list[str]
) -> None:
    ones, others = " ".join(one), " ".join(other)
    assume(names_a_place(ones) and names_a_place(others))
    both = [ones, others]
    meet(register, ones, others)
    assert register.of_person(both) == register.of_person(both[::-1])
    assert register.of_volunteer(both) == register.of_volunteer(both[::-1])


@BOTH
@QUICK
@given(WORDS, WORDS)
def test_whom_a_place_meets_is_met_by_every_body_and_every_list_that_is_the_same_place(
    register: Register, one: list[str], other: list[str]
) -> None:
    ones, others = " ".join(one), " ".join(other)
    assume(names_a_place(ones) and names_a_place(others))
    if register.of_person([ones]) & register.of_body(others):
        assert meet(register, ones, others)
        assert register.avoided_by_person([ones]) & register.of_volunteer([others])
        assert register.avoided_by_volunteer([others]) & register.of_person([ones])
