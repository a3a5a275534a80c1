"""Who may ask, and when: the intake closed for a while, the programme code, and very many at once."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from services.intake.app import create_app
from services.intake.bootstrap import build_intake
from services.intake.storage.tables import due_rows
from services.intake.worker import due_handlers
from shared.database import Database
from shared.duerows import DueLoop
from tests.integration.intake.browsing import ASK as FORM
from tests.integration.intake.conftest import FixedClock, settings_for
from tests.integration.intake.world import ASK, Answer, World, bearer

if TYPE_CHECKING:
    from tests.support.databases import Databases

SOON = (datetime.now(UTC) + timedelta(days=10)).date()
MakeWorld = Callable[..., World]


@pytest.fixture
def world_with(databases: "Databases", keyrings: Path) -> Iterator[MakeWorld]:
    """Make a world whose operator has other settings."""
    made = []

    def make(**settings: str | int) -> World:
        plain = settings_for(databases.fresh("intake"), databases.fresh("vault"), keyrings)
        intake = build_intake(
            replace(plain, **settings),  # type: ignore[arg-type]
            process="test",
            pool_size=3,
            clock=FixedClock(),
            chooser=random.Random(7),
        )
        made.append(intake)
        return World(intake, create_app(intake).test_client(use_cookies=False))

    yield make
    for intake in made:
        intake.dispose()


def intake(world: World, **body: object) -> Answer:
    """Open or close the intake."""
    headers = bearer(world.intake.settings.coordinator_token)
    return world.post("/api/v1/coordinator/intake", json=body, headers=headers)


def test_while_the_intake_is_closed_nobody_can_ask_and_both_doors_say_until_when(world_with: MakeWorld) -> None:
    world = world_with()
    until = f"{SOON.day} {SOON:%B %Y}"
    assert intake(world, open=False, until=SOON.isoformat()).json == {"open": False, "until": f"{SOON}T00:00:00Z"}
    refused = world.post("/api/v1/requests", json=ASK)
    assert (refused.status_code, refused.content_type) == (409, "application/problem+json")
    assert refused.json["detail"] == f"New requests are not taken until {until}. Nothing was stored."
    for page, status in ((world.client.get("/ask"), 200), (world.client.post("/ask", data=FORM), 409)):
        assert page.status_code == status
        assert f"We take new requests again from {until}." in page.text
        assert 'href="tel:999"' in page.text
    assert world.rows("SELECT * FROM requests") == world.rows("SELECT * FROM outbox") == []


def test_while_the_intake_is_closed_no_key_is_made_for_the_one_who_asks(world: World) -> None:
    vault = Database(world.intake.settings.common.vault_url, name="test")

    def keys() -> int:
        with vault.transaction() as tx:
            return int(tx.execute(text("SELECT count(*) FROM keys")).scalar_one())

    intake(world, open=False)
    before = keys()
    assert world.post("/api/v1/requests", json=ASK).status_code == 409
    assert keys() == before
    vault.dispose()


def test_a_repeat_of_a_form_that_was_taken_gets_its_answer_also_while_the_intake_is_closed(world: World) -> None:
    once = {"headers": {"Idempotency-Key": "k" * 32}, "json": ASK}
    first = world.post("/api/v1/requests", **once)
    intake(world, open=False)
    assert world.post("/api/v1/requests", **once).json == first.json


def test_what_is_here_goes_on_and_the_intake_opens_again(world: World) -> None:
    key = world.ask()
    assert intake(world, open=False).json == {"open": False, "until": None}
    assert world.post("/api/v1/requests", json=ASK).json["detail"].startswith("New requests are not taken at present.")
    assert world.person("PATCH", "request", key, {"urgency": "days"}).status_code == 200
    assert intake(world, open=True).json == {"open": True, "until": None}
    world.ask()


def test_a_closed_intake_opens_by_itself_on_its_day(world: World) -> None:
    intake(world, open=False, until=SOON.isoformat())
    with world.intake.database.transaction() as tx:
        tx.execute(text("UPDATE programme SET until = now()"))
    world.ask()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "open"),
        ({"open": "yes"}, "open"),
        ({"open": False, "until": "2020-01-01"}, "until"),
        ({"open": False, "until": "some day"}, "until"),
        ({"open": True, "until": SOON.isoformat()}, "until"),
        ({"open": True, "why": "planted"}, "why"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name_and_changes_nothing(
    world: World, body: dict[str, object], field: str
) -> None:
    refused = intake(world, **body)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)
    world.ask()


def test_the_programme_code_lets_in_and_is_stored_nowhere(world_with: MakeWorld) -> None:
    world = world_with(programme_code="planted-code")
    world.ask(programme_code="planted-code")
    for wrong in (None, "planted-cod", "x"):
        refused = world.post("/api/v1/requests", json={**ASK, "programme_code": wrong})
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "programme_code")
    page = world.client.post("/ask", data=FORM | {"programme_code": "x"})
    assert page.status_code == 422
    assert "This is not the programme code." in page.text
    assert len(world.rows("SELECT * FROM requests")) == 1
    assert "planted-code" not in str(world.rows("SELECT * FROM requests") + world.rows("SELECT * FROM outbox"))


def waiting(world: World) -> list[str]:
    """Return the requests that wait for their turn, in its order."""
    rows = world.rows("SELECT subject FROM due_rows WHERE kind = 'announce_request' ORDER BY due_at")
    return [row["subject"] for row in rows]


def let_their_turn_come(world: World) -> None:
    """Make the turn of everybody come."""
    with world.intake.database.transaction() as tx:
        tx.execute(text("UPDATE due_rows SET due_at = now() WHERE kind = 'announce_request'"))
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()


def test_above_the_limit_requests_are_stored_and_wait_and_the_coordinator_is_alarmed_once(
    world_with: MakeWorld,
) -> None:
    world = world_with(flood_per_hour=2)
    keys = [world.ask() for _ in range(5)]
    assert world.events("requests") == ["published", "published", "reported"]
    wait = "extract(epoch FROM due_at - now())"
    waits = world.rows(f"SELECT round({wait} / 60) AS minutes FROM due_rows WHERE kind = 'announce_request'")
    assert sorted(row["minutes"] for row in waits) == [30, 60, 90]
    seen = world.person("GET", "request", keys[-1]).json
    assert seen["status"] == "waiting"
    assert "Unusually many people asked" in seen["next_step"]["text"]
    assert seen["next_step"]["when"]
    headers = bearer(world.intake.settings.coordinator_token)
    reports = world.get("/api/v1/coordinator/reports", headers=headers).json["reports"]
    assert [(each["kind"], each["by"], each["text"]) for each in reports] == [("flood", None, None)]

    let_their_turn_come(world)
    assert world.events("requests").count("published") == 5
    assert waiting(world) == []
    assert "begins within moments" in world.person("GET", "request", keys[-1]).json["next_step"]["text"]


def test_a_large_flood_is_slowed_and_never_refused_nor_let_go_at_one_moment(world_with: MakeWorld) -> None:
    world = world_with(flood_per_hour=1)
    for _ in range(40):
        world.ask()
    hours = "extract(epoch FROM due_at - now()) / 3600"
    waits = [
        row["hours"] for row in world.rows(f"SELECT {hours} AS hours FROM due_rows WHERE kind = 'announce_request'")
    ]
    assert len(waits) == 39
    assert max(waits) <= 24
    assert max(sum(abs(one - other) < 0.1 for other in waits) for one in waits) < 8


def test_any_number_of_reports_is_taken(world: World) -> None:
    key = world.ask()
    taken = [world.person("POST", "safety-report", key, {"text": f"worry {number}"}) for number in range(40)]
    assert {each.status_code for each in taken} == {201}


def test_another_hour_has_its_own_alarm_and_the_one_who_waits_goes_first(world_with: MakeWorld) -> None:
    world = world_with(flood_per_hour=1)
    for _ in range(2):
        for _ in range(2):
            world.ask()
        with world.intake.database.transaction() as tx:
            for table, column in (("requests", "asked_at"), ("reports", "at")):
                tx.execute(text(f"UPDATE {table} SET {column} = {column} - interval '1 hour'"))
    assert world.events("requests") == ["published", "reported", "reported"]


def test_someone_who_waits_for_their_turn_does_not_get_it_sooner_by_changing_their_wishes(
    world_with: MakeWorld,
) -> None:
    world = world_with(flood_per_hour=1)
    world.ask()
    key = world.ask()
    assert world.person("PATCH", "request", key, {"urgency": "today"}).status_code == 200
    assert world.events("requests") == ["published", "reported"]
    let_their_turn_come(world)
    assert world.events("requests") == ["published", "reported", "published"]


def test_someone_who_withdraws_or_erases_before_their_turn_is_never_searched_for(world_with: MakeWorld) -> None:
    world = world_with(flood_per_hour=1)
    world.ask()
    withdrawn, erased = world.ask(), world.ask()
    assert world.person("POST", "request/withdraw", withdrawn).json == {"status": "withdrawn"}
    assert world.person("DELETE", "request", erased).status_code == 200
    let_their_turn_come(world)
    assert world.events("requests") == ["published", "reported", "withdrawn", "erased"]
