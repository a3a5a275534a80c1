"""T2, I5: of 10^6 random pairs not one forbidden pair is offered. The judge is written anew, from the raw profiles."""

from random import Random
from typing import Any

from services.matcher.domain.columns import Columns
from services.matcher.domain.profiles import PersonProfile, VolunteerProfile
from services.matcher.domain.ranking import Ranking
from tests.unit.matcher.worlds import NOW, a_state, random_person, random_volunteer

BLAME = {
    "adverse_event_error",
    "complaint_regulator",
    "litigation_inquest",
    "workplace_investigation",
    "public_shaming",
}
JUDGES = {"examiner", "board_or_college_staff_or_investigator"}
LEARNING = {
    "student_preclinical",
    "student_clinical",
    "first_year_practice",
    "early_training",
    "senior_training",
    "fellow_transition",
}


def forbidden(person: dict[str, Any], volunteer: dict[str, Any]) -> bool:
    """Say from the raw profiles whether institution, role, avoid list or identity forbid the pair."""
    mine, theirs = set(person["affiliations"]), set(volunteer["affiliations"])
    roles = {role["role"] for role in volunteer["evaluative_roles"]}
    bodies = {role["body"] for role in volunteer["evaluative_roles"]}
    learning = person["stage"] in LEARNING or person["profession"] in {"medical_student", "nursing_student"}
    return bool(
        (mine & theirs and "affiliation" not in person["waive"])
        or mine & bodies
        or (not mine and roles)
        or (roles & JUDGES and (learning or BLAME & set(person["themes"])))
        or set(person["avoid"]["affiliations"]) & theirs
        or set(person["avoid"]["people"]) & set(volunteer["identity"])
        or set(volunteer["avoid"]["affiliations"]) & mine
        or set(volunteer["avoid"]["people"]) & set(person["identity"])
        or set(person["identity"]) & set(volunteer["identity"])
    )


def test_no_forbidden_pair_is_offered() -> None:
    random, columns = Random(2), Columns()
    volunteers = {f"v{number}": random_volunteer(random) for number in range(2_000)}
    for ref, data in volunteers.items():
        columns.upsert(ref, 1, VolunteerProfile.from_data(data | {"capacity": {}}), a_state())
    offered = wrong = 0
    for _ in range(500):
        person = random_person(random)
        for one in Ranking(columns, PersonProfile.from_data(person), now=NOW).best(len(volunteers)):
            offered += 1
            wrong += forbidden(person, volunteers[one.ref])
    assert offered > 1_000
    assert wrong == 0
