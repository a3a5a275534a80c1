"""Places meet when a careful coordinator would keep their people apart, however they are written."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.intake.domain.affiliations import Register
from services.intake.domain.place_names import telling_words
from services.intake.domain.register import read_levels, read_places
from shared.vocabulary.spelling import normalise

PLACES: dict[str, Any] = {
    "affiliations": [
        {"slug": "northern", "name": "Northern Care NHS Trust", "level": "employer"},
        {
            "slug": "st_marys",
            "name": "St Mary's Hospital, Leeds",
            "level": "site",
            "parent": "northern",
            "other_names": ["SMH", "Queen Mary's"],
        },
        {"slug": "ward_5", "name": "Ward 5", "level": "unit", "parent": "st_marys", "other_names": ["Kestrel Ward"]},
        {"slug": "heron", "name": "Heron Ward", "level": "unit", "parent": "st_marys"},
        {"slug": "st_johns", "name": "St John's Hospital, Leeds", "level": "site", "parent": "northern"},
        {"slug": "leeds_uni", "name": "University of Leeds", "level": "university"},
        {"slug": "leeds_medicine", "name": "Medicine at Leeds", "level": "programme", "parent": "leeds_uni"},
        {"slug": "leeds_nursing", "name": "Nursing at Leeds", "level": "programme", "parent": "leeds_uni"},
        {"slug": "leeds_general", "name": "Leeds University Hospital", "level": "site"},
    ]
}
NONE = Register((), read_levels(""))
REGISTER = Register(read_places(PLACES), read_levels(""))
BOTH = pytest.mark.parametrize("register", [NONE, REGISTER], ids=["without a register", "with a register"])


def meet(register: Register, one: str | list[str], other: str | list[str]) -> bool:
    """Tell whether two people of these places are kept apart; the same whoever of them asks."""
    ones, others = ([each] if isinstance(each, str) else each for each in (one, other))
    found = bool(register.of_person(ones) & register.of_volunteer(others))
    assert found == bool(register.of_person(others) & register.of_volunteer(ones))
    return found


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
        ("Ward 5", "Ward 5, St Mary's Hospital"),
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
    "name", ["st_marys", "SMH", "smh", "queen marys", "Saint Mary's, Leeds", "Leeds, St Marys hosp"]
)
def test_every_name_of_a_registered_place_is_that_place(name: str) -> None:
    for other in ("st_marys", "S.M.H." if name == "st_marys" else "SMH", "Queen Mary's Hospital", "ward_5"):
        assert meet(REGISTER, name, other)


def test_two_units_of_a_registered_site_meet_and_two_sites_of_one_employer_do_not() -> None:
    assert meet(REGISTER, "Kestrel Ward", "heron")
    assert meet(REGISTER, "Kestrel Ward", "St Mary's, Leeds")
    assert not meet(REGISTER, "st_marys", "st_johns")
    assert not meet(REGISTER, "Kestrel Ward", "St John's Hospital Leeds")
    assert not meet(REGISTER, "leeds_medicine", "leeds_nursing")


def test_the_operator_chooses_the_levels_at_which_two_may_not_overlap() -> None:
    by_employer = Register(REGISTER.places, read_levels("employer, university"))
    assert meet(by_employer, "Kestrel Ward", "St John's Hospital, Leeds")
    assert meet(by_employer, "leeds_medicine", "leeds_nursing")
    by_unit = Register(REGISTER.places, read_levels("unit"))
    assert not meet(by_unit, "Kestrel Ward", "heron")
    assert meet(by_unit, "Kestrel Ward", "ward_5")


def test_whoever_names_the_employer_alone_may_be_at_any_of_its_sites() -> None:
    assert meet(REGISTER, "Northern Care", "st_johns")
    assert meet(REGISTER, "Northern Care", "heron")
    assert meet(REGISTER, "Northern Care", "northern care nhs trust")


def test_an_employer_named_beside_its_site_keeps_nobody_of_another_site_apart() -> None:
    assert not meet(REGISTER, ["st_marys", "northern"], ["northern", "St John's Hospital, Leeds"])
    assert meet(REGISTER, ["ward_5", "northern"], ["heron", "northern"])


def test_a_name_that_several_places_share_means_each_unless_it_is_spelt_as_one_of_them() -> None:
    assert meet(REGISTER, "Leeds Uni", "leeds_general")
    assert meet(REGISTER, "Leeds Uni", "leeds_uni")
    assert not meet(REGISTER, "University of Leeds", "leeds_general")


def test_a_part_of_a_registered_name_may_mean_that_place() -> None:
    assert meet(REGISTER, "St Mary's", "st_marys")
    assert meet(REGISTER, "Kite Ward, Saint Mary's", "heron")
    assert REGISTER.of_person(["heron"]) & REGISTER.of_body("St. Mary's")
    assert not meet(REGISTER, "Kite Ward, St Mary's, London", "heron")


def test_a_text_that_names_a_registered_place_is_within_it() -> None:
    assert meet(REGISTER, "Endoscopy SMH", "heron")
    assert meet(REGISTER, "Radiology, Saint Mary's, Leeds", "ward_5")
    assert not meet(REGISTER, "Endoscopy SMH", "st_johns")


@pytest.mark.parametrize(
    ("belongs_to", "body"),
    [
        ("leeds_medicine", "University of Leeds"),
        ("Medicine, Leeds University", "leeds_uni"),
        ("University of Leeds", "leeds_medicine"),
        ("ward_5", "Northern Care NHS Trust"),
        ("St Mary's Leeds", "Kestrel Ward"),
        ("Paediatrics, St Mary's London", "St Mary's, London"),
    ],
)
def test_a_body_holds_power_over_everybody_within_it_at_every_level(belongs_to: str, body: str) -> None:
    assert REGISTER.of_person([belongs_to]) & REGISTER.of_body(body)


def test_a_body_holds_no_power_beside_it() -> None:
    assert not REGISTER.of_person(["st_marys", "northern"]) & REGISTER.of_body("st_johns")
    assert not REGISTER.of_person(["leeds_medicine"]) & REGISTER.of_body("leeds_nursing")
    assert not REGISTER.of_person(["leeds_medicine"]) & REGISTER.of_body("General Medical Council")


def test_a_place_to_avoid_is_avoided_with_all_that_is_in_it_by_whoever_avoids_it() -> None:
    by_person, by_volunteer = REGISTER.avoided_by_person(["Northern Care"]), REGISTER.avoided_by_volunteer(["SMH"])
    assert by_person & REGISTER.of_volunteer(["heron"])
    assert by_person & REGISTER.of_body("st_johns")
    assert not by_person & REGISTER.of_volunteer(["leeds_general"])
    assert by_volunteer & REGISTER.of_person(["ward_5"])
    assert by_volunteer & REGISTER.of_person(["northern"])
    assert not by_volunteer & REGISTER.of_person(["st_johns"])


def test_an_employer_to_avoid_is_avoided_also_where_one_of_its_sites_is_named_beside_it() -> None:
    avoided = REGISTER.avoided_by_person(["northern", "st_marys"])
    assert avoided & REGISTER.of_volunteer(["st_johns"])


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


def test_a_registered_name_with_a_letter_wrong_is_that_place_and_another_name_is_not() -> None:
    places = [{"slug": "exampleton", "name": "Exampleton General Hospital", "level": "site"}]
    register = Register(read_places({"affiliations": places}), read_levels(""))
    assert meet(register, "Exampleton Genral Hospital", "exampleton")
    assert meet(register, "Exampletn General", "exampleton")
    assert not meet(register, "Exampleton Women's Hospital", "exampleton")
    assert not meet(register, "Appleton General Hospital", "exampleton")


@pytest.mark.parametrize("text", ["...", "none"])
def test_a_volunteer_and_a_body_always_have_a_mark(text: str) -> None:
    assert NONE.of_volunteer([text])
    assert NONE.of_body(text)


def test_a_slug_is_shown_by_its_name_and_anything_else_as_it_was_written() -> None:
    assert REGISTER.shown(" st_marys ") == "St Mary's Hospital, Leeds"
    assert REGISTER.shown("SMH") == "SMH"


def test_the_fingerprint_tells_registers_and_levels_apart() -> None:
    others = [
        NONE,
        Register(REGISTER.places[1:], read_levels("")),
        Register(REGISTER.places, read_levels("unit")),
    ]
    assert len({each.fingerprint() for each in (REGISTER, *others)}) == 1 + len(others)
    assert Register(read_places(PLACES), read_levels("programme, site")).fingerprint() == REGISTER.fingerprint()


@BOTH
@pytest.mark.parametrize(
    "text", ["ab " * 40, "a " * 60, "ward, " * 20, "st mary hospital of " * 6, "university of " * 8]
)
def test_no_text_has_more_marks_than_an_event_can_carry(register: Register, text: str) -> None:
    assert len(register.of_person([text[:120]])) < 150
    words = " ".join(f"w{number}" for number in range(40))
    assert len(register.of_volunteer([words[:120]])) < 150


NAMES = st.text(st.characters(categories=("L", "N", "Z", "P", "M")), min_size=1, max_size=60)
WORDS = st.lists(st.sampled_from("st mary john leeds london royal ward general north".split()), min_size=1, max_size=5)  # noqa: SIM905


@BOTH
@given(NAMES)
def test_every_place_meets_itself_however_it_is_decorated(register: Register, name: str) -> None:
    assume(normalise(name))
    assume(register.of_person([name]))
    for same in (name.upper(), f" {name}  ", f"The {name}", f"{name} Hospital"):
        assume(telling_words(same) == telling_words(name))
        assert meet(register, name, same)


@BOTH
@given(WORDS, WORDS)
def test_whether_two_places_meet_depends_on_neither_side_nor_order_of_lists(
    register: Register, one: list[str], other: list[str]
) -> None:
    ones, others = " ".join(one), " ".join(other)
    both = [ones, others]
    meet(register, ones, others)
    assert register.of_person(both) == register.of_person(both[::-1])
    assert register.of_volunteer(both) == register.of_volunteer(both[::-1])


@BOTH
@given(WORDS, WORDS)
def test_whom_a_place_meets_is_met_by_every_body_and_every_list_that_is_the_same_place(
    register: Register, one: list[str], other: list[str]
) -> None:
    ones, others = " ".join(one), " ".join(other)
    if register.of_person([ones]) & register.of_body(others):
        assert meet(register, ones, others)
        assert register.avoided_by_person([ones]) & register.of_volunteer([others])
        assert register.avoided_by_volunteer([others]) & register.of_person([ones])


@given(st.lists(st.sampled_from(PLACES["affiliations"]), min_size=1, max_size=3))
def test_naming_more_places_never_brings_together_whom_the_smallest_keep_apart(places: list[dict[str, Any]]) -> None:
    named = [each["slug"] for each in places]
    parents = {each["slug"]: each.get("parent") for each in PLACES["affiliations"]}
    for place in named:
        if place not in {parents[other] for other in named} and not any(
            parents.get(str(parents[other])) == place for other in named if parents[other]
        ):
            assert meet(REGISTER, named, place)
