"""Places of the operator's register are known by each of their names, and lie within one another."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.affiliations import Register
from services.intake.domain.places.marks import MOST
from services.intake.domain.register import read_levels, read_places
from tests.unit.intake.places import NONE, PLACES, REGISTER, meet


@pytest.mark.parametrize(
    "name", ["st_marys", "SMH", "smh", "queen marys", "Saint Mary's, Leeds", "Leeds, St Marys hosp"]
)
def test_every_name_of_a_registered_place_is_that_place(name: str) -> None:
    for other in ("st_marys", "S.M.H." if name == "st_marys" else "SMH", "Queen Mary's Hospital", "ward_5"):
        assert meet(REGISTER, name, other)


@pytest.mark.parametrize("side", [Register.of_person, Register.of_volunteer, Register.avoided_by_person])
def test_a_place_of_the_register_has_no_more_marks_than_any_other(side: Callable[..., frozenset[str]]) -> None:
    texts = [text for place in REGISTER.places for text in (place.slug, place.name, *place.other_names)]
    assert max(len(side(REGISTER, [f"{unit}{text}"])) for text in texts for unit in ("", "ICU, ")) <= MOST


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


def test_someone_who_names_the_employer_alone_may_be_at_any_of_its_sites() -> None:
    assert meet(REGISTER, "Northern Care", "st_johns")
    assert meet(REGISTER, "Northern Care", "heron")
    assert meet(REGISTER, "Northern Care", "northern care nhs trust")


def test_an_employer_named_beside_its_site_keeps_nobody_of_another_site_apart() -> None:
    assert not meet(REGISTER, ["st_marys", "northern"], ["northern", "St John's Hospital, Leeds"])
    assert meet(REGISTER, ["ward_5", "northern"], ["heron", "northern"])


def test_a_name_that_is_one_place_s_is_no_others() -> None:
    assert meet(REGISTER, "Leeds Uni", "leeds_uni")
    assert not meet(REGISTER, "Leeds Uni", "leeds_general")
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


def test_a_place_to_avoid_is_avoided_with_all_that_is_in_it_by_the_one_who_avoids_it() -> None:
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


def test_a_registered_name_with_a_letter_wrong_is_that_place_and_another_name_is_not() -> None:
    places = [{"slug": "exampleton", "name": "Exampleton General Hospital", "level": "site"}]
    register = Register(read_places({"affiliations": places}), read_levels(""))
    assert meet(register, "Exampleton Genral Hospital", "exampleton")
    assert meet(register, "Exampletn General", "exampleton")
    assert not meet(register, "Sampleton Women's Hospital", "exampleton")
    assert not meet(register, "Appleton General Hospital", "exampleton")


def test_a_slug_is_shown_by_its_name_and_anything_else_as_it_was_written() -> None:
    assert REGISTER.shown(" st_marys ") == "St Mary's Hospital, Leeds"
    assert REGISTER.shown("SMH") == "SMH"


def test_the_fingerprint_tells_registers_and_levels_apart() -> None:
    others = [
        NONE,
        Register(REGISTER.places[1:], read_levels("")),
        Register(REGISTER.places, read_levels("unit")),
    ]
    assert len({each.version() for each in (REGISTER, *others)}) == 1 + len(others)
    assert Register(read_places(PLACES), read_levels("programme, site")).version() == REGISTER.version()


@given(st.lists(st.sampled_from(PLACES["affiliations"]), min_size=1, max_size=3))
def test_naming_more_places_never_brings_together_whom_the_smallest_keep_apart(places: list[dict[str, Any]]) -> None:
    named = [each["slug"] for each in places]
    parents = {each["slug"]: each.get("parent") for each in PLACES["affiliations"]}
    for place in named:
        if place not in {parents[other] for other in named} and not any(
            parents.get(str(parents[other])) == place for other in named if parents[other]
        ):
            assert meet(REGISTER, named, place)


def test_a_place_is_part_of_each_of_its_parents() -> None:
    register = Register(
        read_places(
            {
                "affiliations": [
                    {"slug": "kestrel_trust", "name": "Kestrel Trust", "level": "employer"},
                    {"slug": "heron_university", "name": "Heron University", "level": "university"},
                    {
                        "slug": "osprey",
                        "name": "Osprey Infirmary",
                        "level": "site",
                        "parent": "kestrel_trust",
                        "other_parents": ["heron_university"],
                    },
                    {"slug": "merlin", "name": "Merlin Infirmary", "level": "site", "parent": "kestrel_trust"},
                ]
            }
        ),
        read_levels(""),
    )
    for body in ("kestrel_trust", "heron_university"):
        assert register.of_body(body) & register.of_person(["osprey"])
    assert not register.of_body("heron_university") & register.of_person(["merlin"])
    assert not meet(register, "osprey", "merlin")
