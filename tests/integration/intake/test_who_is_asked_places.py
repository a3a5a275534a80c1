"""Who is asked when people say where they work in the words they have: HTTP goes in, and who is asked comes out."""

from tests.integration.intake.doors import Doors


def test_somebody_from_elsewhere_is_asked(doors: Doors) -> None:
    volunteers = {"elsewhere": {"affiliations": ["Quxham Infirmary"]}, "here": {"affiliations": ["Planted Clinic"]}}
    assert doors.who_is_asked({"affiliations": ["Planted Clinic"]}, volunteers) == {"elsewhere"}


def test_a_person_who_names_no_place_meets_only_those_who_judge_nobody(doors: Doors) -> None:
    volunteers = {
        "judge": {"evaluative_roles": [{"role": "examiner", "body": "Planted College"}]},
        "peer": {"evaluative_roles": []},
    }
    assert doors.who_is_asked({"affiliations": []}, volunteers) == {"peer"}
