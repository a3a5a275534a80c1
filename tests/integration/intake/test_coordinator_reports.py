"""Reports about safety: everybody with a key can write one, the coordinator alone can read it, and it vanishes."""

import pytest
from sqlalchemy import event, text

from services.intake.domain.refusals import Invalid
from services.intake.handlers import reports
from services.intake.storage.tables import due_rows
from services.intake.worker import due_handlers
from shared.duerows import DueLoop
from shared.refs import new_ref
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from tests.integration.intake.world import Answer, World, bearer

WORDS = "planted fear for somebody"


def report(world: World, key: str, words: str = WORDS) -> Answer:
    """Report something with a key."""
    return world.person("POST", "safety-report", key, {"text": words})


def coordinator(world: World) -> dict[str, str]:
    """Return the coordinator's header."""
    return bearer(world.intake.settings.coordinator_token)


def listed(world: World) -> list[dict[str, str]]:
    """Return the reports as the coordinator reads them."""
    answer = world.get("/api/v1/coordinator/reports", headers=coordinator(world))
    assert answer.status_code == 200
    found: list[dict[str, str]] = answer.json["reports"]
    return found


def close(world: World, ref: str) -> Answer:
    """Close a report."""
    return world.post(f"/api/v1/coordinator/reports/{ref}/close", headers=coordinator(world))


def kept_for(world: World) -> list[int]:
    """Return in how many days, rounded, each report is erased."""
    days = "SELECT round(extract(epoch FROM due_at - now()) / 86400) AS days FROM due_rows WHERE kind = 'erase_report'"
    return [int(row["days"]) for row in world.rows(days)]


def let_time_pass(world: World, ref: str) -> None:
    """Make the end of the report `ref` due, and do what is due."""
    with world.intake.database.transaction() as tx:
        tx.execute(text("UPDATE due_rows SET due_at = now() WHERE kind = 'erase_report' AND item = :ref"), {"ref": ref})
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()


def test_a_person_reports_and_the_coordinator_knows_about_whom(world: World) -> None:
    key, _, _ = world.met()
    assert (report(world, key).status_code, report(world, key.lower()).json) == (201, {"status": "taken"})
    found = listed(world)[0]
    assert (found["kind"], found["by"], found["text"]) == ("safety", "person", WORDS)
    assert (found["request"], found["volunteer"]) == (world.newest("requests"), world.newest("volunteers"))


def test_a_volunteer_reports_with_their_key_or_with_the_link_of_an_offer(world: World) -> None:
    _, token, _ = world.met()
    volunteer, ref = world.approved()
    assert {report(world, key).status_code for key in (token, volunteer)} == {201}
    found = {each["request"]: each["volunteer"] for each in listed(world)}
    assert set(found) == {world.newest("requests"), None}
    assert found[None] == ref  # type: ignore[index]
    assert {each["by"] for each in listed(world)} == {"volunteer"}


def test_what_is_reported_is_in_no_row_and_no_event_and_the_event_says_only_that_there_is_one(world: World) -> None:
    report(world, world.ask())
    assert world.events("requests") == ["published", "reported"]
    held = world.rows("SELECT data::text AS held FROM outbox") + world.rows("SELECT reports::text AS held FROM reports")
    assert not [row for row in held if "planted" in row["held"]]
    ref = world.newest("reports")
    assert world.rows("SELECT subject, key FROM outbox WHERE name = 'reported'") == [{"subject": ref, "key": ref}]


def test_each_look_of_the_coordinator_is_on_the_record_of_the_one_who_wrote(world: World) -> None:
    key = world.ask()
    report(world, key)
    assert world.person("GET", "request", key).json["accesses"] == []
    listed(world)
    seen = world.person("GET", "request", key).json["accesses"]
    assert [(each["opened_by"], each["what"]) for each in seen] == [("coordinator", "what you reported")]


def test_reports_of_one_hour_keep_their_order_and_are_opened_in_one_look(world: World) -> None:
    key, _, _ = world.met()
    for number in range(6):
        assert report(world, key, f"planted fear {number}").status_code == 201
    looks: list[str] = []

    def note(*arguments: object) -> None:
        looks.append(str(arguments[2]))

    engine = world.intake.vault_database.engine
    event.listen(engine, "before_cursor_execute", note)
    found = listed(world)
    event.remove(engine, "before_cursor_execute", note)
    assert [each["report"] for each in found] == sorted(each["report"] for each in found)
    assert len({each["text"] for each in found}) == 6
    assert len(looks) == 1


@pytest.mark.parametrize("key", ["", "wrong", "0" * 28, "0" * 48])
def test_without_a_key_nothing_is_taken(world: World, key: str) -> None:
    assert report(world, key).status_code == 401
    assert report(world, world.intake.settings.coordinator_token).status_code == 401
    assert world.rows("SELECT * FROM reports") == []


def test_an_erased_key_is_told_so_and_an_offer_not_heard_of_is_asked_to_wait(world: World) -> None:
    key = world.ask()
    world.person("DELETE", "request", key)
    volunteer, ref = world.approved()
    offer = world.offered(new_ref(), ref)
    world.person("DELETE", "volunteer", volunteer)
    assert [report(world, each).status_code for each in (key, volunteer, world.token(offer))] == [410, 410, 410]
    early = report(world, world.token(new_ref()))
    assert (early.status_code, early.json) == (202, {"outcome": "unknown"})


@pytest.mark.parametrize("words", ["", "x" * 2_001])
def test_an_empty_or_endless_report_is_refused_by_both_doors(world: World, words: str) -> None:
    key = world.ask()
    refused = report(world, key, words)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "text")
    with pytest.raises(Invalid):
        reports.report(world.intake, key, words)


@pytest.mark.parametrize("words", [" ", "\n"])
def test_blanks_are_no_report(world: World, words: str) -> None:
    assert report(world, world.ask(), words).json["errors"][0]["field"] == "text"


def test_the_coordinators_operations_take_no_other_key(world: World) -> None:
    key, token, _ = world.met()
    volunteer, _ = world.approved()
    report(world, key)
    ref = world.newest("reports")
    for wrong in (key, token, volunteer, "wrong"):
        headers = bearer(wrong)
        assert world.get("/api/v1/coordinator/reports", headers=headers).status_code == 401
        assert world.post(f"/api/v1/coordinator/reports/{ref}/close", headers=headers).status_code == 401
        assert world.post("/api/v1/coordinator/intake", json={"open": False}, headers=headers).status_code == 401
    assert len(listed(world)) == 1


def test_a_closed_report_leaves_the_list_and_goes_with_its_key_after_its_time(world: World) -> None:
    report(world, world.ask())
    ref = world.newest("reports")
    sealed = world.rows("SELECT sealed FROM reports")[0]["sealed"]
    assert close(world, ref).json == close(world, ref).json == {"status": "closed"}
    assert listed(world) == []
    assert kept_for(world) == [30]
    let_time_pass(world, ref)
    assert world.rows("SELECT * FROM reports") == []
    assert world.rows("SELECT * FROM due_rows WHERE kind = 'erase_report'") == []
    with pytest.raises(KeyDestroyed):
        world.intake.vault.open(sealed, ref, Purpose.PERSON_PRIVATE)
    assert close(world, ref).status_code == 404


def test_a_report_that_nobody_closes_goes_with_its_key_too(world: World) -> None:
    report(world, world.ask())
    ref, sealed = world.newest("reports"), world.rows("SELECT sealed FROM reports")[0]["sealed"]
    assert kept_for(world) == [180]
    let_time_pass(world, ref)
    assert listed(world) == []
    with pytest.raises(KeyDestroyed):
        world.intake.vault.open(sealed, ref, Purpose.PERSON_PRIVATE)


def test_someone_who_erases_takes_what_they_reported_with_them_and_nothing_else(world: World) -> None:
    key, token, _ = world.met()
    report(world, key)
    ref, sealed = world.newest("reports"), world.rows("SELECT sealed FROM reports")[0]["sealed"]
    report(world, token)
    erased = world.person("DELETE", "request", key)
    checked = world.post("/api/v1/receipts/check", json={"receipt": erased.json["receipt"]}).json
    assert (checked["destroyed"], checked["keys"]) == (True, 5)
    assert {each["by"]: each["text"] for each in listed(world)} == {"person": None, "volunteer": WORDS}
    with pytest.raises(KeyDestroyed):
        world.intake.vault.open(sealed, ref, Purpose.PERSON_PRIVATE)
    close(world, ref)
    let_time_pass(world, ref)
    assert [each["by"] for each in listed(world)] == ["volunteer"]


def test_a_volunteer_who_leaves_takes_their_report_with_them(world: World) -> None:
    volunteer, _ = world.approved()
    report(world, volunteer)
    world.person("DELETE", "volunteer", volunteer)
    assert [each["text"] for each in listed(world)] == [None]
