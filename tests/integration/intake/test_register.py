"""The operator's register in use: suggested to people, shown by name, and no exclusion ends when it changes."""

from dataclasses import replace
from typing import Any

from services.intake.app import create_app
from services.intake.domain.affiliations import Register
from services.intake.domain.register import read_levels, read_places
from services.intake.handlers.context import Intake
from services.intake.storage.tables import due_rows
from services.intake.worker import due_handlers, look_at_register
from services.matcher.domain.hard_rules import pair_rules
from services.matcher.domain.profiles import PersonProfile, VolunteerProfile
from shared.duerows import DueLoop
from shared.vault.purposes import Purpose
from tests.integration.intake.world import NOW, World

PLACES: dict[str, Any] = {
    "affiliations": [
        {"slug": "planted_trust", "name": "Planted Trust", "level": "employer"},
        {"slug": "planted_site", "name": "Planted Infirmary", "level": "site", "parent": "planted_trust"},
        {"slug": "planted_ward", "name": "Planted Kestrel", "level": "unit", "parent": "planted_site"},
    ]
}
REGISTER = Register(read_places(PLACES), read_levels(""))
FIT = {"themes": ["burnout"], "modalities": [], "availability": [], "avoid": {"affiliations": [], "people": []}}


def with_register(intake: Intake, register: Register) -> Intake:
    """Return intake as it is in a process that was started with `register`."""
    return replace(intake, register=register)


def start_worker(intake: Intake, register: Register) -> None:
    """Do what a worker that is started with `register` does about places."""
    started = with_register(intake, register)
    look_at_register(started, [])
    DueLoop(intake.database, due_rows, due_handlers(started)).step()


def kept_apart(world: World) -> list[str]:
    """Return the rules that keep the only person and the only volunteer apart, as the matcher sees them."""
    [request] = world.rows("SELECT ref, profile FROM requests")
    [volunteer] = world.rows("SELECT ref, profile FROM volunteers")
    opened = world.intake.vault.open
    person = PersonProfile.from_data(opened(request["profile"], request["ref"], Purpose.PERSON_PROFILE))
    theirs = opened(volunteer["profile"], volunteer["ref"], Purpose.VOLUNTEER_PROFILE)
    return pair_rules(person, VolunteerProfile.from_data(theirs), NOW)


def test_the_vocabulary_offers_the_places_of_the_register(world: World, intake: Intake) -> None:
    assert world.get("/api/v1/vocabulary").json["affiliations"] == []
    registered = create_app(with_register(intake, REGISTER)).test_client()
    offered = registered.get("/api/v1/vocabulary").get_json()["affiliations"]
    assert offered[0] == {"slug": "planted_trust", "name": "Planted Trust", "level": "employer", "town": ""}
    assert [each["slug"] for each in offered] == ["planted_trust", "planted_site", "planted_ward"]


def test_a_register_that_comes_later_keeps_apart_who_was_here_before(world: World, intake: Intake) -> None:
    start_worker(intake, Register((), read_levels("")))
    world.ask(**FIT, affiliations=["Planted Kestrel"])
    world.apply(modalities=[], evaluative_roles=[], affiliations=["Planted Infirmary"])
    assert kept_apart(world) == []
    start_worker(intake, REGISTER)
    assert kept_apart(world) == ["affiliation_overlap"]
    assert world.events("requests") == ["published", "published"]
    assert world.events("volunteers")[-1] == "published"


def test_other_levels_are_heeded_for_who_was_here_before(world: World, intake: Intake) -> None:
    start_worker(intake, REGISTER)
    world.ask(**FIT, affiliations=["planted_ward"])
    world.apply(modalities=[], evaluative_roles=[], affiliations=["Planted Nightingale, Planted Trust"])
    start_worker(intake, Register(REGISTER.places, read_levels("employer")))
    assert kept_apart(world) == ["affiliation_overlap"]


def test_the_same_register_announces_nobody_again(world: World, intake: Intake) -> None:
    key = world.ask()
    world.apply()
    start_worker(intake, REGISTER)
    announced = world.events("requests"), world.events("volunteers")
    start_worker(intake, REGISTER)
    assert world.rows("SELECT 1 FROM due_rows WHERE kind LIKE 'hash%'") == []
    assert (world.events("requests"), world.events("volunteers")) == announced
    assert world.person("GET", "request", key).status_code == 200


def test_what_is_over_is_left_alone_when_the_register_changes(world: World, intake: Intake) -> None:
    request, volunteer = world.ask(), world.apply()
    world.person("POST", "request/withdraw", request)
    world.person("DELETE", "volunteer", volunteer)
    announced = world.events("requests"), world.events("volunteers")
    start_worker(intake, REGISTER)
    assert world.rows("SELECT 1 FROM due_rows WHERE kind LIKE 'hash%'") == []
    assert (world.events("requests"), world.events("volunteers")) == announced


def test_a_process_looks_at_its_register_once(intake: Intake) -> None:
    seen: list[str] = []
    look_at_register(intake, seen)
    look_at_register(with_register(intake, REGISTER), seen)
    with intake.database.transaction() as tx:
        assert tx.exec_driver_sql("SELECT register FROM programme").scalar() == intake.register.version()
