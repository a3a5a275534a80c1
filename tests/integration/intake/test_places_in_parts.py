"""A place in parts at every door of intake: taken, given back as it was said, shown in one line."""

import re
from dataclasses import replace

from flask.testing import FlaskClient

from services.intake.app import create_app
from services.intake.domain.affiliations import Register
from services.intake.domain.register import read_places
from services.intake.handlers.context import Intake
from services.intake.web.protection import SIZES
from tests.integration.intake.browsing import APPLY, ASK, act, shown_key
from tests.integration.intake.world import World
from tests.support.people import a_request

INFIRMARY = {"organisation": "Larkhaven Infirmary", "unit": "Ward 5", "town": "Larkhaven"}
CLINIC = {"organisation": "Quillmouth Clinic", "town": "Quillmouth"}
LIST = "/assets/places.json"


def test_a_place_in_parts_is_given_back_as_it_was_said_and_shown_in_one_line(world: World) -> None:
    avoid = {"affiliations": [CLINIC, "Old Board"], "people": []}
    key = world.ask(affiliations=[INFIRMARY], avoid=avoid)
    volunteer_key, volunteer = world.approved(
        affiliations=[CLINIC, "Tarnside Hospital"], evaluative_roles=[{"role": "examiner", "body": INFIRMARY}]
    )
    profile = world.person("GET", "volunteer", volunteer_key).json["profile"]
    assert profile["affiliations"] == [CLINIC, "Tarnside Hospital"]
    assert profile["evaluative_roles"] == [{"role": "examiner", "body": INFIRMARY}]
    assert world.person("GET", "request", key).json["wishes"]["avoid"] == avoid

    request = world.newest("requests")
    world.matched(request, volunteer, world.offered(request, volunteer))
    shows = world.person("GET", "request", key).json["match"]["shows"]
    assert shows["affiliations"] == ["Quillmouth Clinic, Quillmouth", "Tarnside Hospital"]
    assert shows["evaluative_roles"] == [{"role": "Examiner", "body": "Ward 5, Larkhaven Infirmary, Larkhaven"}]


def test_the_pages_take_a_place_in_parts_and_show_it_in_its_parts_again(site: FlaskClient, world: World) -> None:
    place = {"affiliations": CLINIC["organisation"], "affiliations.unit": "", "affiliations.town": CLINIC["town"]}
    body = {"evaluative_roles.role": "examiner", "evaluative_roles.body": INFIRMARY["organisation"]}
    body |= {f"evaluative_roles.body.{part}": INFIRMARY[part] for part in ("unit", "town")}
    form = {name: value for name, value in APPLY.items() if name != "evaluative_roles.none"} | place | body
    key = shown_key(site.post("/volunteer", data={"step": "apply", **form}))

    profile = world.person("GET", "volunteer", key).json["profile"]
    assert profile["affiliations"] == [CLINIC]
    assert profile["evaluative_roles"] == [{"role": "examiner", "body": INFIRMARY}]
    edited = act(site, "/volunteer", key, "edit").text
    for name, value in (place | body).items():
        assert name.endswith(".role") or re.search(rf'name="{re.escape(name)}" value="{value}"', edited), name


def test_changed_wishes_leave_a_place_to_avoid_as_it_was_said(site: FlaskClient, world: World) -> None:
    key = world.ask(avoid={"affiliations": [INFIRMARY], "people": []})
    shown = act(site, "/request", key, "wishes").text
    inputs = dict(re.findall(r'name="(avoid\.affiliations[^"]*)" value="([^"]+)"', shown))

    act(site, "/request", key, "save_wishes", languages="en", urgency="today", care_area_wish="same", **inputs)

    assert world.person("GET", "request", key).json["wishes"]["avoid"]["affiliations"] == [INFIRMARY]


def test_to_name_a_place_and_to_rather_not_say_is_asked_about_again(site: FlaskClient, world: World) -> None:
    for said, sentence in (
        ({"affiliations.none": "on", "affiliations": "Larkhaven Infirmary"}, "Please do one of the two."),
        ({"affiliations.none": "", "affiliations": ""}, "Name at least one place, or tick"),
        ({"affiliations.none": "", "affiliations": "prefer not to disclose"}, "This names no place."),
        ({"affiliations.none": "", "affiliations": "", "affiliations.town": "Leeds"}, "Please name the hospital"),
    ):
        asked_again = site.post("/ask", data=ASK | said)
        assert (asked_again.status_code, sentence in asked_again.text) == (422, True), said
    assert world.events("requests") == []


def test_the_names_to_suggest_are_one_list_that_is_the_same_for_all(intake: Intake) -> None:
    entries = [
        {"slug": f"place_{number}", "name": f"Invented Hospital {number}", "level": "site", "town": f"Town {number}"}
        for number in range(2_000)
    ]
    ward = {"slug": "ward", "name": "Ward 5", "level": "unit", "parent": "place_7"}
    register = Register(read_places({"affiliations": [*entries, ward]}), ())
    client = create_app(replace(intake, register=register)).test_client()

    told, again = client.get(LIST), client.get(LIST, query_string={"q": "typed"})

    assert told.data == again.data
    assert len(told.data) in SIZES[:3]
    assert told.headers["Cache-Control"] == "no-store"
    names = told.get_json()
    assert names["organisation"][7] == ["Invented Hospital 7", "Town 7"]
    assert names["unit"] == [["Ward 5", "Invented Hospital 7", "Town 7"]]
    assert (len(names["organisation"]), len(names["town"])) == (2_000, 2_000)


def test_a_place_of_the_register_is_taken_whatever_it_is_called(intake: Intake) -> None:
    entry = {"slug": "surgery", "name": "The Surgery", "level": "site", "town": "Exeter"}
    register = Register(read_places({"affiliations": [entry]}), ())
    client = create_app(replace(intake, register=register)).test_client()
    named = ("surgery", "The Surgery, Exeter", {"organisation": "The Surgery", "town": "Exeter"})

    def statuses(client: FlaskClient) -> list[int]:
        bodies = [a_request(affiliations=[place]) for place in named]
        return [client.post("/api/v1/requests/preview", json=body).status_code for body in bodies]

    assert statuses(client) == [200, 200, 200]
    assert statuses(create_app(intake).test_client()) == [422, 422, 422]


def test_without_a_register_nothing_is_suggested(site: FlaskClient) -> None:
    told = site.get(LIST)

    assert told.get_json() == {"organisation": [], "unit": [], "town": []}
    assert len(told.data) == SIZES[0]
