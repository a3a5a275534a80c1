"""T14: nobody lifts a rule against themselves. What a change would lift holds on until a coordinator has looked."""

import pytest
from flask.testing import FlaskClient

from shared.vocabulary import vocabulary
from tests.integration.intake.browsing import act, heading
from tests.integration.intake.doors import APPROVAL, Doors
from tests.integration.intake.world import World, bearer
from tests.support.people import Said

PHYSICIAN = {"profession": "physician", "care_area": "cardiology"}
STUDENT = {"stage": "student_clinical", **PHYSICIAN}
HOSPITAL, CLINIC = "Royal Quxham Infirmary, Leeds", "Fenwick Clinic, York"
DEAN: Said = {"role": "dean_or_student_affairs", "body": "University of Leeds"}

LIFTED: dict[str, tuple[Said, Said, Said]] = {
    "place": ({"affiliations": [HOSPITAL]}, {"affiliations": [CLINIC]}, {"affiliations": [HOSPITAL]}),
    "avoided place": (
        {"affiliations": [HOSPITAL]},
        {"affiliations": [CLINIC]},
        {"avoid": {"affiliations": [HOSPITAL], "people": []}},
    ),
    "role": ({"evaluative_roles": [DEAN]}, {"evaluative_roles": []}, {"affiliations": ["University of Leeds"]}),
    "role over whom nobody knows": ({"evaluative_roles": [DEAN]}, {"evaluative_roles": []}, {"affiliations": []}),
    "kind of role": (
        {"evaluative_roles": [{"role": "examiner", "body": "Quxham College of Surgeons"}]},
        {"evaluative_roles": [{"role": "line_manager", "body": "Quxham College of Surgeons"}]},
        STUDENT | {"waive": ["student_rule"], "affiliations": ["Kestrel Hospital, Oslo"]},
    ),
    "stage": (PHYSICIAN | {"stage": "late_career"}, {"stage": "early_training"}, STUDENT),
    "stage off the ladder": (PHYSICIAN | {"stage": "left_or_retired"}, {"stage": "early_training"}, STUDENT),
    "profession": (
        {"profession": "medical_student", "care_area": "cardiology", "stage": "student_clinical"},
        {"profession": "physician", "stage": "mid_career"},
        PHYSICIAN | {"stage": "late_career"},
    ),
    "profession that has to be the same": (
        {"profession": "nurse"},
        {"profession": "physician"},
        PHYSICIAN | {"must_haves": ["same_profession"]},
    ),
}
"""What is lifted -> what the volunteer was approved with, their change, and the person whom a rule keeps from them."""


ANYBODY: Said = {"affiliations": ["Kestrel Hospital, Oslo"]}


NAMES = """
Quxham Fenwick Ormskirk Blyton Dunmore Caldbeck Thornaby Wexcombe Yarrow Penrith Hexham Lulworth Morpeth Silloth Kirkby
Appleby Brampton Cromer Dulverton Ellesmere Fakenham Glossop
"""


def change(doors: Doors, label: str, body: Said) -> Said:
    """Change what a volunteer says; return what they see then."""
    answer = doors.world.person("PATCH", "volunteer", doors.keys[label], body)
    assert (answer.status_code, answer.json["status"]) == (200, "active"), answer.json
    return dict(answer.json)


def test_t14_a_change_does_not_lift_a_rule_until_it_is_vetted(doors: Doors) -> None:
    for lifts, (vetted, lifting, person) in LIFTED.items():
        doors.apply(lifts, **vetted)
        assert lifts not in doors.asked_for(**person)
        assert change(doors, lifts, lifting)["to_vet"] is True
        assert lifts not in doors.asked_for(**person), lifts
    assert doors.asked_for(**ANYBODY) == set(LIFTED)
    for lifts, (_, _, person) in LIFTED.items():
        doors.approve(lifts)
        assert lifts in doors.asked_for(**person), lifts


def test_t14_changing_back_and_forth_drops_nothing_that_counted(doors: Doors) -> None:
    others = {"affiliations": ["Tarnside Hospital"], "evaluative_roles": [], "gender": "woman"}
    for lifts, (vetted, lifting, person) in LIFTED.items():
        doors.apply(lifts, **vetted)
        back = {name: value for name, value in vetted.items() if name in lifting}
        for step in (lifting, others, back, lifting, others):
            change(doors, lifts, step)
        assert lifts not in doors.asked_for(**person), lifts


def test_changes_that_are_not_taken_leave_the_rules_as_they_were(doors: Doors) -> None:
    for lifts, (vetted, lifting, person) in LIFTED.items():
        doors.apply(lifts, **vetted)
        change(doors, lifts, lifting)
        assert doors.world.coordinate(f"{doors.refs[lifts]}/refuse").json == {"status": "active"}
        seen = doors.world.person("GET", "volunteer", doors.keys[lifts]).json
        assert seen["to_vet"] is False
        for name, was in vetted.items():
            said = seen["profile"][name]
            assert all(each in said for each in was) if isinstance(was, list) else said == was
        assert lifts not in doors.asked_for(**person), lifts
        assert doors.world.coordinate(f"{doors.refs[lifts]}/refuse").status_code == 409


def test_what_was_taken_back_before_the_first_approval_is_seen_by_who_approves(world: World) -> None:
    # A stage that is offered no more has its words, too.
    key = world.apply(evaluative_roles=[DEAN], stage="left_or_retired")
    ref = world.newest("volunteers")
    world.person("PATCH", "volunteer", key, {"evaluative_roles": [], "stage": "early_career"})
    labels = vocabulary().labels
    was, is_now = (
        f"{labels['professions']['nurse']}, {labels['stages'][each]}" for each in ("left_or_retired", "early_career")
    )
    assert changes_of(world, ref) == {
        "stands": ([was], [is_now]),
        "evaluative_roles": (["Dean or student affairs, University of Leeds"], []),
    }


def changes_of(world: World, ref: str) -> dict[str, tuple[list[str], list[str]]]:
    """Return what the coordinator reads of somebody's changes: field -> before and now."""
    headers = bearer(world.intake.settings.coordinator_token)
    found = world.get("/api/v1/coordinator/volunteers", headers=headers).json["volunteers"]
    [changes] = [each["changes"] for each in found if each["volunteer"] == ref]
    return {each["field"]: (each["before"], each["now"]) for each in changes}


def test_the_coordinator_reads_what_was_and_what_is_and_the_volunteer_sees_the_look(world: World) -> None:
    key, ref = world.approved(affiliations=[HOSPITAL])
    assert changes_of(world, ref) == {}
    new = {"channel": "email", "value": "new@example.org", "language": "en"}
    for change in ({"name": "Another Name"}, {"notify": new, "affiliations": [CLINIC]}, {"name": "A Third Name"}):
        world.person("PATCH", "volunteer", key, change)
    assert changes_of(world, ref) == {
        "name": (["Planted Volunteer", "Another Name"], ["A Third Name"]),
        "notify": (["planted.volunteer@example.org"], ["new@example.org"]),
        "affiliations": ([HOSPITAL], [CLINIC]),
    }
    accesses = world.person("GET", "volunteer", key).json["accesses"]
    assert accesses[-1]["opened_by"] == "coordinator"
    version = world.rows("SELECT sequence FROM volunteers")[0]["sequence"]
    world.person("PATCH", "volunteer", key, {"stage": "early_training"})
    assert world.coordinate(f"{ref}/approve", APPROVAL | {"version": version}).status_code == 409
    assert world.coordinate(f"{ref}/approve", APPROVAL | {"version": version + 1}).status_code == 200
    assert changes_of(world, ref) == {}


@pytest.mark.parametrize(
    "harmless",
    [
        {"affiliations": [HOSPITAL, CLINIC]},
        {"affiliations": [HOSPITAL.upper()]},
        {"evaluative_roles": [DEAN, {"role": "examiner", "body": "Quxham College of Surgeons"}]},
        {"languages": ["en", "fr"]},
        {"gender": "woman"},
    ],
)
def test_what_lifts_nothing_needs_no_look(world: World, harmless: Said) -> None:
    key, ref = world.approved(affiliations=[HOSPITAL], evaluative_roles=[DEAN])
    assert world.person("PATCH", "volunteer", key, harmless).json["to_vet"] is False
    assert changes_of(world, ref) == {}


def test_a_person_sees_places_and_roles_that_were_changed_since_the_last_look(world: World) -> None:
    person = world.ask()
    key, volunteer = world.approved(affiliations=[HOSPITAL], evaluative_roles=[DEAN])
    world.person("PATCH", "volunteer", key, {"affiliations": [CLINIC], "evaluative_roles": []})
    request = world.newest("requests")
    world.matched(request, volunteer, world.offered(request, volunteer))
    shows = world.person("GET", "request", person).json["match"]["shows"]
    assert shows["affiliations"] == [CLINIC, HOSPITAL]
    assert [role["body"] for role in shows["evaluative_roles"]] == ["University of Leeds"]


def test_more_changes_than_are_kept_are_refused_by_name_and_change_nothing(world: World) -> None:
    key, _ = world.approved(affiliations=["Tarnside Hospital"])
    answers = [
        world.person("PATCH", "volunteer", key, {"affiliations": [f"{name} Hospital"]}) for name in NAMES.split()
    ]
    assert [answer.status_code for answer in answers] == [200] * 20 + [422] * 2
    assert answers[-1].json["errors"][0]["field"] == "affiliations"


def test_the_coordinators_evening(site: FlaskClient, world: World) -> None:
    key, ref = world.approved(affiliations=[HOSPITAL])
    token = world.intake.settings.coordinator_token

    def press(step: str, **more: str) -> str:
        return site.post("/coordinator", data={"token": token, "step": step, **more}).text

    assert "Somebody changed what you approved them by" not in press("open")
    world.person("PATCH", "volunteer", key, {"affiliations": [CLINIC]})
    assert "Somebody changed what you approved them by" in press("open")
    looked = press("volunteer", ref=ref)
    assert HOSPITAL in looked and CLINIC in looked
    assert "A coordinator looks at what you changed" in act(site, "/volunteer", key, "open").text
    version = str(world.rows("SELECT sequence FROM volunteers")[0]["sequence"])
    assert "Approved" in press("approve", ref=ref, version=version, trained_until="2027-06-30")
    assert "Somebody changed what you approved them by" not in press("open")
    world.person("PATCH", "volunteer", key, {"affiliations": [HOSPITAL]})
    assert "The changes are not taken" in press("refuse", ref=ref)
    edited = act(site, "/volunteer", key, "edit")
    assert heading(edited) == "Change what I said"
    assert CLINIC in edited.text and "Royal Quxham Infirmary" in edited.text
