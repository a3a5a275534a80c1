"""What is sealed for whom: nothing readable for the matcher that it need not read, and no loss on the way back."""

import re

import pytest

from services.intake.domain.affiliations import Register
from services.intake.domain.refusals import Invalid
from services.intake.schemas.person import Ask
from services.intake.schemas.shapes import (
    MOST_KNOWN,
    known_as,
    person_form,
    shape_person,
    shape_volunteer,
    volunteer_form,
)
from services.intake.schemas.volunteer import Apply
from tests.support.people import a_request, an_application, by_email

ASK = a_request(
    affiliations=["Planted Infirmary"],
    avoid={"affiliations": ["Planted Board"], "people": ["Planted Enemy"]},
    contact={"channel": "signal", "value": "planted contact"},
    notify=by_email("planted@example.org"),
    words="planted words",
    programme_code="planted code",
)
APPLY = an_application(
    name="Planted Volunteer",
    notify=by_email("planted@example.org"),
    time_zone="Europe/Paris",
    affiliations=["Planted Clinic"],
    evaluative_roles=[{"role": "examiner", "body": "Planted College"}],
    contact={"channel": "phone", "value": "planted phone"},
)


NO_REGISTER = Register((), ())


class MarkedHashes:
    """Hashes whose kind can be seen; the text is only hinted at by its length."""

    def person(self, text: str) -> str:
        """Return the mark of a person."""
        return f"person-{len(text)}"

    def place(self, text: str) -> str:
        """Return the mark of a place."""
        return f"place-{len(text)}"


def test_the_matcher_gets_no_name_address_or_place_of_a_person() -> None:
    profile = shape_person(Ask().load(ASK), MarkedHashes(), NO_REGISTER).profile
    assert "lanted" not in str(profile)
    assert profile["affiliations"]
    assert all(re.fullmatch(r"place-\d+", each) for each in profile["affiliations"])
    assert all(re.fullmatch(r"person-\d+", each) for each in (*profile["avoid"]["people"], *profile["identity"]))
    assert profile["avoid"]["affiliations"]
    assert all(re.fullmatch(r"place-\d+", each) for each in profile["avoid"]["affiliations"])
    assert profile["avoid"]["people"]
    assert profile["identity"]


def test_the_programme_code_is_sealed_nowhere() -> None:
    assert "planted code" not in str(shape_person(Ask().load(ASK), MarkedHashes(), NO_REGISTER))


def test_someone_who_wants_no_notices_has_nothing_sealed_for_the_notifier() -> None:
    assert not shape_person(Ask().load({**ASK, "notify": None}), MarkedHashes(), NO_REGISTER).notify


def test_the_form_of_a_person_comes_back_whole() -> None:
    form = Ask().load(ASK)
    shapes = shape_person(form, MarkedHashes(), NO_REGISTER)
    again = person_form(shapes.profile, shapes.private, shapes.notify)
    assert again == {name: value for name, value in form.items() if name != "programme_code"}


def test_what_was_sealed_before_a_field_was_added_is_read_as_if_that_had_been_left_out() -> None:
    shapes = shape_person(Ask().load(ASK), MarkedHashes(), NO_REGISTER)
    private = {name: said for name, said in shapes.private.items() if name not in {"words", "avoid"}}
    form = person_form(shapes.profile, private, shapes.notify)
    assert form["words"] is None
    assert form["avoid"] == {"affiliations": [], "people": []}


def test_the_matcher_gets_no_name_address_or_place_of_a_volunteer() -> None:
    shapes = shape_volunteer(
        Apply().load(APPLY), MarkedHashes(), NO_REGISTER, trained_for=["b", "a"], two_words="quiet harbour"
    )
    assert "lanted" not in str(shapes.profile)
    roles = shapes.profile["evaluative_roles"]
    assert roles
    assert all(each["role"] == "examiner" and re.fullmatch(r"place-\d+", each["body"]) for each in roles)
    assert shapes.profile["trained_for"] == ["a", "b"]
    assert shapes.profile["identity"]
    assert all(re.fullmatch(r"person-\d+", each) for each in shapes.profile["identity"])
    assert shapes.notify["two_words"] == "quiet harbour"


@pytest.mark.parametrize("nowhere", ["none", "TBD", "Ward 5", "..."])
def test_a_role_that_was_sealed_before_its_body_had_to_name_a_place_goes_on_to_count(nowhere: str) -> None:
    form = Apply().load(APPLY) | {"evaluative_roles": [{"role": "examiner", "body": nowhere}]}
    shapes = shape_volunteer(form, MarkedHashes(), NO_REGISTER, trained_for=[], two_words=None)
    assert {each["role"] for each in shapes.profile["evaluative_roles"]} == {"examiner"}


def test_the_form_of_a_volunteer_comes_back_whole() -> None:
    form = Apply().load(APPLY)
    shapes = shape_volunteer(form, MarkedHashes(), NO_REGISTER, trained_for=[], two_words=None)
    assert volunteer_form(shapes.profile, shapes.private, shapes.notify) == form


def test_t14_names_and_addresses_of_before_are_kept_and_none_makes_room() -> None:
    form = Apply().load(APPLY)
    private: dict[str, object] = {}
    for number in range(MOST_KNOWN):
        private = {"known_as": known_as(private, form, {**form, "name": f"Volunteer {number}"})}
        form = {**form, "name": f"Volunteer {number}"}
    assert private["known_as"] == [APPLY["name"], *(f"Volunteer {number}" for number in range(MOST_KNOWN - 1))]
    with pytest.raises(Invalid):
        known_as(private, form, {**form, "name": "One More"})
    assert len(known_as(private, form, {**form, "name": APPLY["name"]})) == MOST_KNOWN
