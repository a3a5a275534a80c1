"""From what two people wrote to what the matcher decides: whom the rules about places never bring together."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.intake.domain.affiliations import Register
from services.intake.domain.register import read_levels, read_places
from services.intake.schemas.person import Ask
from services.intake.schemas.shapes import shape_person, shape_volunteer
from services.intake.schemas.volunteer import Apply
from services.matcher.domain.hard_rules import pair_rules
from services.matcher.domain.profiles import PersonProfile, VolunteerProfile
from shared.vault.hashing import KeyedHashes
from shared.vault.keyrings import Keyring, new_keyring
from tests.support.keyrings import write_keyring
from tests.support.people import a_request, an_application, lived

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
STUDENT = a_request(
    profession="medical_student",
    care_area="cardiology",
    stage="student_clinical",
    themes=["burnout"],
    waive=["student_rule"],
    affiliations=["Medicine, University of Leeds"],
)
VOLUNTEER = an_application(
    profession="physician", care_area="cardiology", affiliations=["Tarnside Clinic"], themes=lived("burnout")
)
COMMITTEE = "dean_or_student_affairs"
REGISTER = Register(
    read_places(
        {
            "affiliations": [
                {"slug": "leeds_uni", "name": "University of Leeds", "level": "university", "other_names": ["UoL"]},
                {"slug": "leeds_medicine", "name": "Leeds Medical School", "level": "programme", "parent": "leeds_uni"},
                {"slug": "leeds_nursing", "name": "Leeds Nursing School", "level": "programme", "parent": "leeds_uni"},
            ]
        }
    ),
    read_levels(""),
)
BOTH = pytest.mark.parametrize(
    "register", [Register((), read_levels("")), REGISTER], ids=["without a register", "with a register"]
)


@pytest.fixture
def hashes(tmp_path: Path) -> KeyedHashes:
    """Return hashes under a keyring of their own."""
    write_keyring(tmp_path / "index.json", new_keyring(secrets.token_bytes))
    return KeyedHashes(Keyring(tmp_path / "index.json"))


def broken(hashes: KeyedHashes, register: Register, person: dict[str, Any], volunteer: dict[str, Any]) -> list[str]:
    """Return the rules that keep a student and a volunteer apart, by what the matcher gets to see of them."""
    asks = shape_person(Ask().load({**STUDENT, **person}), hashes, register).profile
    form = Apply().load({**VOLUNTEER, **volunteer})
    answers = shape_volunteer(form, hashes, register, trained_for=(), two_words=None).profile
    return pair_rules(PersonProfile.from_data(asks), VolunteerProfile.from_data(answers), NOW)


def test_these_two_fit_unless_a_place_is_between_them(hashes: KeyedHashes) -> None:
    assert broken(hashes, REGISTER, {}, {}) == []


@BOTH
@pytest.mark.parametrize("body", ["University of Leeds", "Leeds University", "the Univ. of LEEDS", "leeds_uni"])
@pytest.mark.parametrize("waive", [["student_rule"], ["student_rule", "affiliation"]])
def test_a_deans_committee_member_is_never_offered_to_a_student_of_that_university(
    hashes: KeyedHashes, register: Register, body: str, waive: list[str]
) -> None:
    role = {"evaluative_roles": [{"role": COMMITTEE, "body": body}]}
    for affiliations in (["University of Leeds"], ["Medicine, University of Leeds"], ["leeds_uni"]):
        person = {"affiliations": affiliations, "waive": waive}
        assert broken(hashes, register, person, role) == ["evaluative_role"], affiliations


@pytest.mark.parametrize("named", ["leeds_medicine", "Leeds Medical School", "UoL", "Year 3, Leeds Medical School"])
def test_with_a_register_a_student_who_names_the_programme_alone_is_kept_from_the_universitys_dean(
    hashes: KeyedHashes, named: str
) -> None:
    role = {"evaluative_roles": [{"role": COMMITTEE, "body": "University of Leeds"}]}
    assert broken(hashes, REGISTER, {"affiliations": [named]}, role) == ["evaluative_role"]


def test_a_dean_elsewhere_may_be_offered(hashes: KeyedHashes) -> None:
    role = {"evaluative_roles": [{"role": COMMITTEE, "body": "University of York"}]}
    assert broken(hashes, REGISTER, {}, role) == []


@BOTH
def test_someone_who_names_no_place_is_offered_only_to_volunteers_without_any_role(
    hashes: KeyedHashes, register: Register
) -> None:
    role = {"evaluative_roles": [{"role": "line_manager", "body": "Larkhaven Hospital"}]}
    assert broken(hashes, register, {"affiliations": []}, role) == ["evaluative_role"]
    assert broken(hashes, register, {"affiliations": []}, {}) == []


@BOTH
def test_a_shared_place_keeps_apart_unless_the_person_waives_it(hashes: KeyedHashes, register: Register) -> None:
    place = {"affiliations": ["Saint Mary's Hospital"]}
    assert broken(hashes, register, {"affiliations": ["St Mary's"]}, place) == ["affiliation_overlap"]
    waived = {"affiliations": ["St Mary's"], "waive": ["student_rule", "affiliation"]}
    assert broken(hashes, register, waived, place) == []


def test_two_programmes_of_one_university_are_not_kept_apart_by_it(hashes: KeyedHashes) -> None:
    nursing = {"affiliations": ["leeds_nursing", "University of Leeds"]}
    person = {"affiliations": ["leeds_medicine", "University of Leeds"]}
    assert broken(hashes, REGISTER, person, nursing) == []
    assert broken(hashes, REGISTER, {"affiliations": ["leeds_nursing"]}, nursing) == ["affiliation_overlap"]


@BOTH
def test_a_place_to_avoid_is_avoided_from_either_side_in_any_spelling(hashes: KeyedHashes, register: Register) -> None:
    person = {"avoid": {"affiliations": ["St Mary's"], "people": []}}
    assert broken(hashes, register, person, {"affiliations": ["SAINT MARYS HOSP."]}) == ["avoid_list"]
    role = {"evaluative_roles": [{"role": "line_manager", "body": "Ward 5, Saint Mary's"}]}
    assert broken(hashes, register, person, role) == ["avoid_list"]
    volunteer = {"avoid": {"affiliations": ["Leeds Univ"], "people": []}}
    assert broken(hashes, register, {"affiliations": ["University of Leeds"]}, volunteer) == ["avoid_list"]
