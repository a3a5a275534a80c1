"""Who is asked when people say whom to avoid in the words they have: HTTP goes in, and who is asked comes out."""

import pytest

from tests.integration.intake.doors import Doors
from tests.support.people import a_request, an_application, by_email

NAMES = ["Anna Beispiel", "Anna Müller", "Ludwig van der Berg", "Иванов Иван", "Mary O’Brien", "Berta Muster"]

AVOIDED = {
    "Dr Anna Beispiel": {"Anna Beispiel"},
    "Beispiel, Anna (she/her), RN": {"Anna Beispiel"},
    "A. Beispiel": {"Anna Beispiel"},
    "Sister Beispiel from ICU": {"Anna Beispiel"},
    "Beispiel": {"Anna Beispiel"},
    "Anna Mueller": {"Anna Müller"},
    "Anna Muller-Schmidt": {"Anna Müller"},
    "Vanderberg, L.": {"Ludwig van der Berg"},
    "my boss Ivan Ivanov": {"Иванов Иван"},
    "Prof. OBrien": {"Mary O’Brien"},
    "Dr Clara Beispiel": set(),
}


def test_a_person_is_not_asked_for_by_somebody_they_avoid_however_the_name_is_written(doors: Doors) -> None:
    volunteers = {name: {"name": name} for name in NAMES}
    for avoided, kept_apart in AVOIDED.items():
        person = {"avoid": {"affiliations": [], "people": [avoided]}}
        assert doors.who_is_asked(person, volunteers) == set(NAMES) - kept_apart, avoided


ADDRESSES = [
    ("anna+peer@gmail.com", "a.nna@googlemail.com"),
    ("Anna Beispiel <anna@example.org>", "ANNA@example.org"),
    ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    ("anna@große-straße.example", "anna@xn--groe-strae-73ag.example"),
    ("anna.beispiel@example.org", "Anna Beispiel"),
    ("07700 900123", "+44 7700 900123"),
    ("0044 (0)7700 900-123", "07700900123"),
    ("Dr Beispiel, tel. 07700 900123", "+447700900123"),
]


@pytest.mark.parametrize("sides", [("avoided", "own"), ("own", "own"), ("own", "avoided")])
def test_an_address_or_a_number_is_the_same_however_it_is_written(doors: Doors, sides: tuple[str, str]) -> None:
    def said(text: str, side: str) -> dict[str, object]:
        if side == "avoided":
            return {"avoid": {"affiliations": [], "people": [text]}}
        return {"contact": {"channel": "signal", "value": text}}

    for one, other in ADDRESSES:
        assert not doors.is_offered(said(one, sides[0]), said(other, sides[1])), (one, other)
    assert doors.is_offered(said("anna@example.com", sides[0]), said("anna@example.net", sides[1]))


def test_where_notices_go_keeps_a_volunteer_from_themselves(doors: Doors) -> None:
    volunteers = {"self": {"notify": by_email("a.nna+peer@gmail.com")}, "another": {}}
    assert doors.who_is_asked({"notify": by_email("anna@googlemail.com")}, volunteers) == {"another"}


@pytest.mark.parametrize(
    ("change", "avoided"),
    [
        ({"name": "Clara Muster"}, "Anna Beispiel"),
        ({"notify": by_email("new@example.org")}, "old@example.org"),
        ({"contact": {"channel": "phone", "value": "07700 900999"}}, "+44 7700 900123"),
    ],
)
def test_t14_a_name_or_an_address_of_before_counts_for_good(
    doors: Doors, change: dict[str, object], avoided: str
) -> None:
    contact = {"channel": "phone", "value": "07700 900123"}
    doors.apply("volunteer", name="Anna Beispiel", notify=by_email("old@example.org"), contact=contact)
    for _ in range(2):
        changed = doors.world.person("PATCH", "volunteer", doors.keys["volunteer"], change)
        assert changed.status_code == 200, changed.json
        doors.approve("volunteer")
        assert doors.asked_for(avoid={"affiliations": [], "people": [avoided]}) == set()
    assert doors.asked_for() == {"volunteer"}


def test_an_entry_that_names_nobody_is_refused_by_its_field_and_not_kept_in_vain(doors: Doors) -> None:
    avoid = {"affiliations": [], "people": ["Anna Beispiel", "my boss"]}
    for path, form in (("requests", a_request()), ("volunteers", an_application())):
        answer = doors.world.post(f"/api/v1/{path}", json=form | {"avoid": avoid})
        assert answer.status_code == 422
        assert [each["field"] for each in answer.json["errors"]] == ["avoid.people.1"]
