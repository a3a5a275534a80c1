"""The operator's register in use: suggested to people, shown by name, and no exclusion ends when it changes."""

from dataclasses import replace
from typing import Any

from services.intake.app import create_app
from services.intake.domain.affiliations import Register
from services.intake.domain.register import read_levels, read_places
from services.intake.handlers import register as marking
from services.intake.handlers.context import Intake
from services.intake.storage.tables import due_rows
from services.intake.worker import MARKS_SECONDS, due_handlers, look_at_marks
from services.matcher.domain.hard_rules import pair_rules
from services.matcher.domain.profiles import PersonProfile, VolunteerProfile
from shared.duerows import DueLoop
from shared.vault.purposes import Purpose
from shared.vault.vault import SealedItem
from tests.integration.intake.world import NOW, World

PLACES: dict[str, Any] = {
    "affiliations": [
        {"slug": "planted_trust", "name": "Planted Trust", "level": "employer"},
        {"slug": "planted_site", "name": "Planted Infirmary", "level": "site", "parent": "planted_trust"},
        {"slug": "planted_ward", "name": "Kestrelwing", "level": "unit", "parent": "planted_site"},
    ]
}
REGISTER = Register(read_places(PLACES), read_levels(""))
FIT = {"themes": ["burnout"], "modalities": [], "availability": [], "avoid": {"affiliations": [], "people": []}}


def with_register(intake: Intake, register: Register) -> Intake:
    """Return intake as it is in a process that was started with `register`."""
    return replace(intake, register=register)


def work(intake: Intake, looked: list[str]) -> None:
    """Do what a worker does about marks until nothing is left to do; `looked` is empty where it has just started."""
    due = DueLoop(intake.database, due_rows, due_handlers(intake))
    while look_at_marks(intake, looked) < MARKS_SECONDS:
        due.step()


def start_worker(intake: Intake, register: Register) -> list[str]:
    """Start a worker with `register` and let it do what it does about marks; return what it has looked at."""
    looked: list[str] = []
    work(with_register(intake, register), looked)
    return looked


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
    world.ask(**FIT, affiliations=["Kestrelwing"])
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


def marked(world: World) -> list[tuple[str, ...]]:
    """Return the versions of the marks of all requests and of all volunteers, as they are sealed."""
    opened = world.intake.vault.open
    return [
        tuple(
            opened(row["profile"], row["ref"], purpose)["marks"]
            for row in world.rows(f"SELECT ref, profile FROM {table} ORDER BY ref")
        )
        for table, purpose in (("requests", Purpose.PERSON_PROFILE), ("volunteers", Purpose.VOLUNTEER_PROFILE))
    ]


def waiting_to_be_marked(world: World) -> set[str]:
    return {row["kind"] for row in world.rows("SELECT kind FROM due_rows WHERE kind LIKE 'hash%'")}


def test_volunteers_are_marked_anew_before_requests(world: World, intake: Intake) -> None:
    start_worker(intake, Register((), ()))
    world.ask()
    world.apply()
    renewed, looked = with_register(intake, REGISTER), list[str]()
    assert look_at_marks(renewed, looked) < MARKS_SECONDS
    assert waiting_to_be_marked(world) == {marking.HASH_VOLUNTEER}
    due = DueLoop(intake.database, due_rows, due_handlers(renewed))
    due.step()
    look_at_marks(renewed, looked)
    assert waiting_to_be_marked(world) == {marking.HASH_REQUEST}
    due.step()
    assert look_at_marks(renewed, looked) == MARKS_SECONDS
    assert marked(world) == [(REGISTER.version(),), (REGISTER.version(),)]


def test_a_volunteer_who_cannot_be_marked_keeps_no_request_waiting(world: World, intake: Intake) -> None:
    start_worker(intake, Register((), ()))
    world.ask()
    world.apply()
    world.execute("UPDATE volunteers SET profile = 'garbled', marked = NULL")
    renewed, looked = with_register(intake, REGISTER), list[str]()
    due = DueLoop(intake.database, due_rows, due_handlers(renewed))
    for _ in range(3):
        look_at_marks(renewed, looked)
        due.step()
    [request] = world.rows("SELECT ref, profile FROM requests")
    opened = world.intake.vault.open(request["profile"], request["ref"], Purpose.PERSON_PROFILE)
    assert opened["marks"] == REGISTER.version()
    assert waiting_to_be_marked(world) == {marking.HASH_VOLUNTEER}


def test_the_marks_of_a_process_with_another_register_are_made_anew_by_the_one_that_started_last(
    world: World, intake: Intake
) -> None:
    older, newer = with_register(intake, Register((), ())), with_register(intake, REGISTER)
    looked_older = start_worker(older, older.register)
    looked_newer = start_worker(newer, newer.register)
    # The web process of the test still works by the older register.
    world.ask()
    world.apply()
    assert look_at_marks(older, looked_older) == MARKS_SECONDS
    work(newer, looked_newer)
    assert marked(world) == [(REGISTER.version(),), (REGISTER.version(),)]


def test_what_a_process_that_knows_no_versions_writes_is_marked_anew(world: World, intake: Intake) -> None:
    """A process of the version before writes neither the note nor the version, and its worker its own fingerprint."""
    looked = start_worker(intake, intake.register)
    world.ask()
    world.apply()
    profiles = {}
    for table, purpose in (("requests", Purpose.PERSON_PROFILE), ("volunteers", Purpose.VOLUNTEER_PROFILE)):
        [row] = world.rows(f"SELECT ref, profile FROM {table}")
        item = SealedItem(row["profile"], row["ref"], purpose)
        look = intake.vault.look([item])
        said = {name: value for name, value in look.open(item).items() if name != "marks"}
        profiles[table] = look.reseal(item, said)
        world.execute(f"UPDATE {table} SET sequence = sequence + 1, profile = '{profiles[table]}'")
    world.execute("UPDATE programme SET register = repeat('f', 64)")
    work(intake, looked)
    assert marked(world) == [(intake.register.version(),), (intake.register.version(),)]


def test_a_change_of_wishes_leaves_nothing_to_be_marked_anew(world: World, intake: Intake) -> None:
    looked = start_worker(intake, intake.register)
    key, volunteer = world.ask(), world.apply()
    world.person("PATCH", "request", key, {"themes": ["burnout"]})
    world.person("PATCH", "volunteer", volunteer, {"themes": []})
    assert look_at_marks(intake, looked) == MARKS_SECONDS
    assert waiting_to_be_marked(world) == set()
