"""What volunteers change of what they were vetted by: whatever they said since the last look counts (T14)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.affiliations import Register
from services.intake.domain.refusals import Invalid
from services.intake.domain.vetting import MOST, NOTHING, after_change, taken_back, unvetted_in
from services.intake.schemas.person import Ask
from services.intake.schemas.shapes import shape_person, shape_volunteer
from services.intake.schemas.volunteer import Apply
from services.matcher.domain.hard_rules import pair_rules
from services.matcher.domain.profiles import PersonProfile, VolunteerProfile
from tests.support.people import a_request, an_application
from tests.unit.intake.places import NONE, REGISTER
from tests.unit.matcher.worlds import NOW

PLACES = (
    "st_marys",
    "northern",
    "Ward 5, Fenwick Clinic",
    "ward_5",
    "Kestrel Ward, St Mary's Hospital, Leeds",
    "Fenwick Clinic",
    "UoX",
)
ROLES = ("examiner", "line_manager", "dean_or_student_affairs")
CHANGES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "affiliations": st.lists(st.sampled_from(PLACES), min_size=1, max_size=3, unique=True),
            "evaluative_roles": st.lists(
                st.fixed_dictionaries({"role": st.sampled_from(ROLES), "body": st.sampled_from(PLACES)}), max_size=2
            ),
            "stage": st.sampled_from(("student_clinical", "early_training", "late_career", "left_or_retired")),
            "profession": st.sampled_from(("medical_student", "physician", "nurse")),
        },
    ),
    min_size=1,
    max_size=4,
)
PEOPLE = [
    a_request(affiliations=[place], avoid={"affiliations": avoided, "people": []}, **at)
    for place, avoided in (*((place, []) for place in PLACES), ("Elsewhere", ["st_marys"]), ("Elsewhere", ["UoX"]))
    for at in (
        {"profession": "physician", "stage": "student_clinical", "must_haves": ["same_profession"]},
        {"profession": "physician", "stage": "late_career"},
        {"profession": "nurse", "stage": "early_career", "themes": ["complaint_regulator"]},
    )
]


class PlainHashes:
    """Hashes that are the marks themselves."""

    def person(self, text: str) -> str:
        """Return the mark of a person."""
        return text

    def place(self, text: str) -> str:
        """Return the mark of a place."""
        return text


ASKING = {
    register: [
        PersonProfile.from_data(shape_person(Ask().load(each), PlainHashes(), register).profile) for each in PEOPLE
    ]
    for register in (NONE, REGISTER)
}


def form_of(**said: Any) -> dict[str, Any]:
    """Return a validated application."""
    return dict(Apply().load(an_application(**said)))


def kept_apart(register: Register, form: dict[str, Any], unvetted: Any = NOTHING) -> list[bool]:
    """Tell of each person whether a rule keeps this volunteer from them."""
    shapes = shape_volunteer(form, PlainHashes(), register, trained_for=(), two_words=None, unvetted=unvetted)
    volunteer = VolunteerProfile.from_data(shapes.profile)
    return [bool(pair_rules(person, volunteer, NOW)) for person in ASKING[register]]


@settings(max_examples=25, deadline=None)
@given(CHANGES, st.sampled_from((NONE, REGISTER)))
def test_t14_no_changes_bring_two_together_whom_anything_said_since_the_last_look_keeps_apart(
    changes: list[dict[str, Any]], register: Register
) -> None:
    form, unvetted = form_of(affiliations=["st_marys"], stage="mid_career"), NOTHING
    apart = kept_apart(register, form)
    for change in changes:
        new = {**form, **change}
        unvetted = after_change(unvetted, form, new, register)
        form = new
        apart = [one or other for one, other in zip(apart, kept_apart(register, form), strict=True)]
        now = kept_apart(register, form, unvetted)
        assert [was for was, still in zip(apart, now, strict=True) if was and not still] == []
    refused = kept_apart(register, taken_back(unvetted, form))
    vetted = kept_apart(register, form_of(affiliations=["st_marys"], stage="mid_career"))
    assert [was for was, still in zip(vetted, refused, strict=True) if was and not still] == []


def test_what_is_vetted_is_what_was_said_first() -> None:
    form, unvetted = form_of(stage="late_career"), NOTHING
    for stage in ("early_career", "late_career", "student_clinical"):
        new = {**form, "stage": stage}
        unvetted, form = after_change(unvetted, form, new, NONE), new
    assert taken_back(unvetted, form)["stage"] == "late_career"


def test_a_change_and_its_way_back_still_wait_but_no_change_at_all_does_not() -> None:
    form = form_of(name="One")
    assert after_change(NOTHING, form, {**form, "gender": "woman"}, NONE) == NOTHING
    there = after_change(NOTHING, form, {**form, "name": "Other"}, NONE)
    assert there["name"] == ["One"]
    assert after_change(there, {**form, "name": "Other"}, form, NONE)["name"] == ["One", "Other"]


def test_a_part_of_a_registered_place_named_beside_it_lifts_what_the_larger_one_forbade() -> None:
    form = form_of(affiliations=["st_marys"])
    new = {**form, "affiliations": ["st_marys", "ward_5"]}
    assert after_change(NOTHING, form, new, REGISTER)["affiliations"] == ["st_marys"]


def test_what_was_sealed_before_changes_were_kept_holds_none() -> None:
    assert unvetted_in({"name": "Somebody"}) == NOTHING


def test_a_field_has_room_for_so_many_changes_and_the_next_is_refused_by_its_name() -> None:
    form, unvetted = form_of(), NOTHING
    for number in range(MOST):
        new = {**form, "name": f"Number {number}"}
        unvetted, form = after_change(unvetted, form, new, NONE), new
    with pytest.raises(Invalid) as refused:
        after_change(unvetted, form, {**form, "name": "One more"}, NONE)
    assert (refused.value.field, refused.value.fault) == ("name", "changes_wait")
