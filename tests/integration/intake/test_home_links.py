"""Lost and found: a fresh home link for those who ask, only the newest counts, and a PIN guards it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, update

from services.intake.domain.pins import TRIES
from services.intake.handlers.home_links import FORGET_LINK_ASK
from services.intake.storage.tables import due_rows, volunteers
from services.intake.worker import due_handlers
from shared.duerows import DueLoop
from shared.vault.tokens import home_link, to_type
from tests.integration.intake.world import APPLY, Answer, World, answer_of, bearer
from tests.support.due import make_due

ADDRESS = APPLY["notify"]["value"]
OTHER = {"channel": "email", "value": "planted.other@example.org", "language": "en"}
PIN = "27182"


@pytest.fixture
def link(world: World) -> str:
    """The home link of a volunteer, just asked for."""
    world.approved()
    return asked(world)[0]


def ask(world: World, value: str = ADDRESS) -> Answer:
    """Ask for a link to an address."""
    return world.post("/api/v1/volunteer/link", json={"value": value})


def work(world: World) -> None:
    """Do what is due."""
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()


def asked(world: World, value: str = ADDRESS) -> list[str]:
    """Ask for a link, have it sent, and return the links that volunteers of this world have now."""
    assert ask(world, value).status_code == 202
    work(world)
    rows = world.rows("SELECT ref, generation FROM volunteers WHERE generation > 0 ORDER BY applied_at, ref")
    return [home_link(world.intake.links, row["ref"], row["generation"]) for row in rows]


def let_time_pass(world: World) -> None:
    """Let the ten minutes be over."""
    with world.intake.database.transaction() as tx:
        make_due(tx, due_rows, FORGET_LINK_ASK)
    work(world)


def with_pin(world: World, method: str, path: str, link: str, pin: str | None, body: Any = None) -> Answer:
    """Do something with a link and, perhaps, a PIN."""
    headers = bearer(link) | ({"Alongside-Pin": pin} if pin is not None else {})
    return answer_of(world.client.open(f"/api/v1/{path}", method=method, headers=headers, json=body))


def statements_of(world: World, act: Callable[[], Answer]) -> tuple[Answer, list[str]]:
    """Return the answer to `act`, and the statements that it sent to the database."""
    sent: list[str] = []
    engine = world.intake.database.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    answer = act()
    event.remove(engine, "before_cursor_execute", note)
    return answer, sent


def test_a_link_opens_the_home_page_wherever_the_volunteer_key_does(world: World, link: str) -> None:
    assert world.person("GET", "volunteer", link).json["profile"]["name"] == APPLY["name"]
    assert world.person("GET", "volunteer/offers", link).json == {"offers": []}
    assert world.person("PATCH", "volunteer", link, {"gender": "woman"}).json["profile"]["gender"] == "woman"
    assert world.person("POST", "safety-report", link, {"text": "planted report"}).status_code == 201
    assert world.rows("SELECT by FROM reports") == [{"by": "volunteer"}]
    receipt = world.person("DELETE", "volunteer", link).json["receipt"]
    assert world.person("DELETE", "volunteer", link).json["receipt"] == receipt
    assert world.person("GET", "volunteer", link).status_code == 410


def test_a_link_may_be_typed_in_groups_of_four(world: World, link: str) -> None:
    assert world.person("GET", "volunteer", to_type(link).upper()).status_code == 200


def test_a_link_is_announced_with_the_whole_volunteer(world: World, link: str) -> None:
    assert link
    assert world.events("volunteers") == ["published", "published", "link_asked"]
    [said] = world.rows("SELECT data FROM outbox WHERE name = 'link_asked'")
    data = json.loads(said["data"])
    assert (data["generation"], data["state"]) == (1, "active")
    assert data["notify"] == world.rows("SELECT notify FROM volunteers")[0]["notify"]


def test_the_address_may_be_written_in_another_case(world: World) -> None:
    world.apply()
    assert len(asked(world, f" {ADDRESS.upper()}")) == 1


def test_a_newer_link_ends_the_older_one_and_its_holder_is_told_so(world: World, link: str) -> None:
    let_time_pass(world)
    [newer] = asked(world)
    refused = world.person("GET", "volunteer", link)
    assert (refused.status_code, refused.json["state"]) == (401, "old_link")
    assert world.person("GET", "volunteer", newer).status_code == 200


def test_the_volunteer_key_opens_as_ever_whatever_was_asked_for(world: World) -> None:
    key, _ = world.approved()
    asked(world)
    assert world.person("GET", "volunteer", key).status_code == 200


def test_an_address_may_ask_once_in_ten_minutes_and_is_not_told(world: World, link: str) -> None:
    assert asked(world) == [link]
    assert asked(world) == [link]
    let_time_pass(world)
    assert asked(world) != [link]


def test_every_volunteer_with_the_address_gets_a_link_of_their_own(world: World) -> None:
    names = ["Planted One", "Planted Two"]
    for name in names:
        world.apply(name=name)
    world.apply(notify=OTHER)
    links = asked(world)
    assert sorted(world.person("GET", "volunteer", link).json["profile"]["name"] for link in links) == names


def test_nobody_is_told_whether_an_address_is_known_by_answer_or_by_work(world: World) -> None:
    world.apply()
    known, done_for_known = statements_of(world, lambda: ask(world))
    unknown, done_for_unknown = statements_of(world, lambda: ask(world, "planted.nobody@example.org"))
    assert (known.status_code, known.json) == (unknown.status_code, unknown.json) == (202, {"status": "taken"})
    assert any("link_asks" in statement for statement in done_for_known)
    assert done_for_known == done_for_unknown


def test_of_an_address_that_nobody_has_nothing_is_left_after_ten_minutes(world: World) -> None:
    asked(world, "planted.nobody@example.org")
    assert len(world.rows("SELECT 1 FROM link_asks")) == 1
    let_time_pass(world)
    assert world.rows("SELECT 1 FROM link_asks") == []
    assert world.rows("SELECT 1 FROM due_rows") == []


def test_a_changed_address_gets_the_link_and_the_old_one_none(world: World) -> None:
    key, _ = world.approved()
    world.person("PATCH", "volunteer", key, {"notify": OTHER})
    assert asked(world) == []
    assert len(asked(world, OTHER["value"])) == 1


def test_someone_who_left_gets_no_link_and_leaves_no_hash(world: World) -> None:
    key, _ = world.approved()
    world.person("PATCH", "volunteer", key, {"pin": PIN})
    world.person("DELETE", "volunteer", key)
    assert asked(world) == []
    assert world.rows("SELECT notify_hash, pin_hash FROM volunteers") == [{"notify_hash": None, "pin_hash": None}]


@pytest.mark.parametrize("value", [None, "", "x" * 501, 7])
def test_what_is_no_address_is_refused_by_its_field(world: World, value: object) -> None:
    answer = world.post("/api/v1/volunteer/link", json={"value": value})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "value")


def test_a_link_opens_nothing_without_the_pin_that_was_set(world: World, link: str) -> None:
    assert world.person("PATCH", "volunteer", link, {"pin": PIN}).json["has_pin"] is True
    none, wrong = world.person("GET", "volunteer", link), with_pin(world, "GET", "volunteer", link, "31415")
    assert [(each.status_code, each.json["state"]) for each in (none, wrong)] == [(401, "pin"), (401, "pin")]
    assert none.json["detail"] != wrong.json["detail"]
    assert with_pin(world, "GET", "volunteer", link, PIN).status_code == 200
    for method, path, body in (
        ("GET", "volunteer/offers", None),
        ("PATCH", "volunteer", {"pin": None}),
        ("POST", "safety-report", {"text": "planted report"}),
        ("DELETE", "volunteer", None),
    ):
        assert with_pin(world, method, path, link, None, body).status_code == 401, path
        assert with_pin(world, method, path, link, PIN, body).status_code in {200, 201}, path
        if path == "volunteer" and method == "PATCH":
            assert world.person("GET", "volunteer", link).json["has_pin"] is False
            world.person("PATCH", "volunteer", link, {"pin": PIN})


def test_the_volunteer_key_needs_no_pin_and_can_set_another(world: World) -> None:
    key, _ = world.approved()
    assert world.person("PATCH", "volunteer", key, {"pin": PIN}).json["has_pin"] is True
    assert with_pin(world, "GET", "volunteer", key, "00000").status_code == 200
    world.person("PATCH", "volunteer", key, {"pin": "161803"})
    [link] = asked(world)
    assert with_pin(world, "GET", "volunteer", link, PIN).status_code == 401
    assert with_pin(world, "GET", "volunteer", link, "161803").status_code == 200


def test_after_five_wrong_pins_not_even_the_right_one_counts_for_a_quarter_of_an_hour(world: World) -> None:
    key, ref = world.approved()
    world.person("PATCH", "volunteer", key, {"pin": PIN})
    [link] = asked(world)
    for _ in range(TRIES):
        assert with_pin(world, "GET", "volunteer", link, "00000").status_code == 401
    blocked = with_pin(world, "GET", "volunteer", link, PIN)
    assert (blocked.status_code, blocked.json["state"]) == (429, "pin")
    until = world.rows("SELECT pin_blocked_until FROM volunteers")[0]["pin_blocked_until"]
    assert timedelta(minutes=14) < until - datetime.now(UTC) <= timedelta(minutes=15)
    assert blocked.headers["Retry-After"] == until.strftime("%a, %d %b %Y %H:%M:%S GMT")
    with world.intake.database.transaction() as tx:
        tx.execute(update(volunteers).where(volunteers.c.ref == ref).values(pin_blocked_until=func.clock_timestamp()))
    assert with_pin(world, "GET", "volunteer", link, PIN).status_code == 200
    assert world.rows("SELECT pin_failures, pin_blocked_until FROM volunteers") == [
        {"pin_failures": 0, "pin_blocked_until": None}
    ]


def test_a_right_pin_makes_wrong_ones_forgotten_and_asking_without_one_counts_for_none(world: World) -> None:
    key, _ = world.approved()
    world.person("PATCH", "volunteer", key, {"pin": PIN})
    [link] = asked(world)
    for pin in ["00000"] * (TRIES - 1) + [PIN] + ["00000"] * (TRIES - 1) + [None, ""]:
        with_pin(world, "GET", "volunteer", link, pin)
    assert with_pin(world, "GET", "volunteer", link, PIN).status_code == 200


def test_the_volunteer_key_ends_the_block(world: World) -> None:
    key, _ = world.approved()
    world.person("PATCH", "volunteer", key, {"pin": PIN})
    [link] = asked(world)
    for _ in range(TRIES):
        with_pin(world, "GET", "volunteer", link, "00000")
    assert world.person("GET", "volunteer", key).status_code == 200
    assert with_pin(world, "GET", "volunteer", link, PIN).status_code == 200


@pytest.mark.parametrize("pin", ["123", "1234567890123", "12a4", "١٢٣٤", 1234, "1234\n"])
def test_what_is_no_pin_is_refused_by_its_field(world: World, pin: object) -> None:
    key, _ = world.approved()
    answer = world.person("PATCH", "volunteer", key, {"pin": pin})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "pin")


def test_a_pin_is_in_no_event_and_in_no_row_readably(world: World) -> None:
    key, _ = world.approved()
    world.person("PATCH", "volunteer", key, {"pin": "271828182845"})
    rows = world.rows("SELECT v::text AS held FROM volunteers v") + world.rows("SELECT o::text AS held FROM outbox o")
    assert "271828182845" not in str(rows)
