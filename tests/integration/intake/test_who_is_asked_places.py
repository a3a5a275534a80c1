"""Who is asked when people say where they work in the words they have: HTTP goes in, and who is asked comes out."""

from tests.integration.intake.doors import Doors
from tests.support.people import Said

Place = str | dict[str, str]


def works(*places: Place) -> Said:
    """Return what somebody says who works or studies there."""
    return {"affiliations": list(places)}


def judges(body: Place, role: str = "line_manager") -> Said:
    """Return what a volunteer says who works elsewhere and holds power there."""
    return {"evaluative_roles": [{"role": role, "body": body}]}


def avoids(*places: Place) -> Said:
    """Return what somebody says who wants to meet nobody from there."""
    return {"avoid": {"affiliations": list(places), "people": []}}


def at(organisation: str, town: str = "", unit: str = "") -> dict[str, str]:
    """Return a place in parts."""
    return {"organisation": organisation, "unit": unit, "town": town}


ELSEWHERE = works("Ottermere Hospice")


def met(doors: Doors, one: Place, other: Place) -> set[str]:
    """Return who would be asked although `one` and `other` stand between the two,"""
    volunteers = {"works": works(other), "judges": judges(other)}
    back = {"worked": works(one)}
    return asked(doors, works(one), volunteers) | asked(doors, works(other), back)


def met_by_avoiding(doors: Doors, one: Place, other: Place) -> set[str]:
    """Return who would be asked although one of them wants to meet nobody from there."""
    return (
        asked(doors, works(one), {"avoids": avoids(other)})
        | asked(doors, ELSEWHERE | avoids(one), {"works": works(other)})
        | asked(doors, ELSEWHERE | avoids(other), {"judges": judges(one)})
    )


def asked(doors: Doors, person: Said, volunteers: dict[str, Said]) -> set[str]:
    """Return who of these is asked. One who says what another has said before is not taken twice."""
    labelled = {f"{label}: {said}": said for label, said in volunteers.items()}
    return {label.partition(":")[0] for label in doors.who_is_asked(person, labelled)}


SAME: list[tuple[Place, Place]] = [
    ("Neurology ward, St James's Hospital", "St James's Hospital, Dublin"),
    (at("St. James Hospital", unit="Neurology"), "St James's Hospital, Dublin"),
    (at("St James's Hospital", "Dublin", "Oncology"), at("Saint James's Hospital", "Dublin", "Neurology")),
    ("Intensive care, Bradford Royal Infirmary", "Bradford Royal Infirmary, Bradford"),
    ("School of Medicine, University of Leeds", "Leeds Medical School"),
    ("medical student at Leeds", "Faculty of Medicine, University of Leeds"),
    (at("Universitätsklinikum Köln", unit="Notaufnahme"), "Uniklinik Koeln"),
    ("St. Josef-Krankenhaus, Essen", "Krankenhaus Sankt Josef Essen"),
    ("CHU de Bordeaux", "Centre hospitalier universitaire de Bordeaux"),
    ("City Clinical Hospital № 5", "City Clinical Hospital No 5"),
    ("I work at Quxham", "Quxham ICU"),
    ("Quxham", at("Quxham", "London")),
    ("Mount Sinai Hosptial", "Mount Sinai Hospital, New York"),
    ("مستشفى الجامعة الأردنية", "مُسْتَشْفَى الجامِعة الأردنيّة"),
    ("MGH", at("Massachusetts General Hospital", "Boston", "Emergency department")),
    ("Faculty of Medicine, Quxham", "Quxham University"),
]
DIFFERENT: list[tuple[Place, Place]] = [
    ("St James's Hospital, Dublin", "St Vincent's University Hospital, Dublin"),
    ("Intensive care, Leeds General Infirmary", "Intensive care, Bradford Royal Infirmary"),
    (at("Mercy Hospital", "Toledo"), at("Mercy Hospital", "Chicago")),
    ("School of Medicine, University of Leeds", "School of Medicine, University of York"),
    (at("Universitätsklinikum", "Köln"), at("Universitätsklinikum", "Bonn")),
    (at("Quxham", "London", "Ward 5"), at("Larkhaven Infirmary", "London", "Ward 5")),
]


def test_nobody_is_asked_across_one_place(doors: Doors) -> None:
    found = {(str(one), str(other)): met(doors, one, other) for one, other in SAME}
    assert {pair: who for pair, who in found.items() if who} == {}


def test_two_of_different_places_may_meet(doors: Doors) -> None:
    found = {(str(one), str(other)): met(doors, one, other) for one, other in DIFFERENT}
    assert {pair: who for pair, who in found.items() if who != {"works", "judges", "worked"}} == {}


def test_a_place_to_avoid_is_avoided_however_it_is_said(doors: Doors) -> None:
    for one, other in SAME[2:5]:
        assert met_by_avoiding(doors, one, other) == set(), (one, other)
    for one, other in DIFFERENT[:2]:
        assert met_by_avoiding(doors, one, other) == {"avoids", "works", "judges"}, (one, other)


def test_a_person_who_would_rather_not_say_meets_only_those_who_judge_nobody(doors: Doors) -> None:
    volunteers = {"judge": judges("Larkhaven College", "examiner"), "peer": {}, "choosy": avoids("Larkhaven Infirmary")}
    assert doors.who_is_asked(works(), volunteers) == {"peer"}
    assert doors.who_is_asked(works("Quillmouth Clinic"), volunteers) == {"judge", "peer", "choosy"}


def test_a_place_that_was_changed_counts_as_it_was_and_as_it_is_in_parts_too(doors: Doors) -> None:
    before, after = at("Quillmouth Clinic", "Quillmouth"), at("Larkhaven Infirmary", "Larkhaven", "Ward 5")
    doors.apply("moved", **works(before))
    changed = doors.world.person("PATCH", "volunteer", doors.keys["moved"], works(after))
    assert (changed.status_code, changed.json["profile"]["affiliations"]) == (200, [after])
    assert doors.asked_for(**works("Quillmouth Clinic")) == doors.asked_for(**works("Larkhaven Infirmary")) == set()
    doors.approve("moved")
    assert doors.asked_for(**works("Quillmouth Clinic")) == {"moved"}
    assert doors.asked_for(**works("Larkhaven Infirmary")) == set()
