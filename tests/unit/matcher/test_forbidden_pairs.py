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


class Judge:
    """Says from the raw profiles whom a volunteer must not be offered to."""

    def __init__(self, volunteer: dict[str, Any]) -> None:
        self.places = set(volunteer["affiliations"])
        self.roles = {role["role"] for role in volunteer["evaluative_roles"]}
        self.bodies = {role["body"] for role in volunteer["evaluative_roles"]}
        self.identity = set(volunteer["identity"])
        self.avoided = {name: set(listed) for name, listed in volunteer["avoid"].items()}

    def forbids(self, person: dict[str, Any]) -> bool:
        """Say whether institution, role, avoid list or identity forbid the pair."""
        mine, avoided = person["affiliations"], person["avoid"]
        learning = person["stage"] in LEARNING or person["profession"] in {"medical_student", "nursing_student"}
        return (
            ("affiliation" not in person["waive"] and not self.places.isdisjoint(mine))
            or not self.bodies.isdisjoint(mine)
            or (not mine and bool(self.roles))
            or (not self.roles.isdisjoint(JUDGES) and (learning or not BLAME.isdisjoint(person["themes"])))
            or not self.places.isdisjoint(avoided["affiliations"])
            or not self.identity.isdisjoint(avoided["people"])
            or not self.avoided["affiliations"].isdisjoint(mine)
            or not self.avoided["people"].isdisjoint(person["identity"])
            or not self.identity.isdisjoint(person["identity"])
        )


def test_no_forbidden_pair_is_offered() -> None:
    random, columns = Random(2), Columns()
    volunteers = {f"v{number}": random_volunteer(random) for number in range(2_000)}
    for ref, data in volunteers.items():
        columns.upsert(ref, 1, VolunteerProfile.from_data(data | {"capacity": {}}), a_state())
    judges = {ref: Judge(data) for ref, data in volunteers.items()}
    offered = wrong = 0
    for _ in range(500):
        person = random_person(random)
        for one in Ranking(columns, PersonProfile.from_data(person), now=NOW).best(len(volunteers)):
            offered += 1
            wrong += judges[one.ref].forbids(person)
    assert offered > 1_000
    assert wrong == 0
