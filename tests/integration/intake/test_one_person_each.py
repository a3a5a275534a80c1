"""One volunteer an address (T12, T14): doubles reach the coordinator, and no inbox is asked twice."""

import threading
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from services.intake.handlers.register import hash_volunteer_again
from services.intake.storage.tables import VOLUNTEERS
from tests.integration.intake.browsing import act
from tests.integration.intake.doors import APPROVAL, Doors
from tests.integration.intake.world import APPLY, World, bearer
from tests.support.people import Said, by_email

THEIRS = "ada.planted@gmail.com"
SAME = [THEIRS, "Ada.Planted+second@GMail.com", "adaplanted@googlemail.com"]
HOOK: Said = {"channel": "webhook", "value": "https://hook.example/in", "language": "en"}


def listed(world: World) -> dict[str, Any]:
    """Return what the coordinator's list says, by ref."""
    headers = bearer(world.intake.settings.coordinator_token)
    answer = world.get("/api/v1/coordinator/volunteers", headers=headers)
    return {each["volunteer"]: each for each in answer.json["volunteers"]}


@pytest.mark.parametrize("again", [by_email(address) for address in SAME])
def test_a_second_application_from_a_known_address_reaches_the_coordinator_marked(world: World, again: Said) -> None:
    _, first = world.approved(notify=by_email(THEIRS))
    answer = world.post("/api/v1/volunteers", json={**APPLY, "name": "Somebody Else", "notify": again})
    second = world.newest("volunteers")
    assert (answer.status_code, answer.json["status"]) == (202, "applied")
    assert listed(world)[second]["same_address"] == [first]
    assert listed(world)[first]["same_address"] == [second]
    refused = world.coordinate(f"{second}/approve", APPROVAL)
    assert (refused.status_code, refused.json["state"]) == (409, "address_held")
    assert listed(world)[second]["status"] == "applied"


def test_whoever_applies_is_not_told_whether_the_address_is_known(world: World) -> None:
    def seen(notify: Said) -> tuple[Any, ...]:
        answer = world.post("/api/v1/volunteers", json={**APPLY, "notify": notify})
        home = world.person("GET", "volunteer", answer.json["volunteer_key"]).json
        home["profile"].pop("notify")
        return answer.status_code, answer.json["status"], home

    world.approved(notify=by_email(THEIRS))
    assert seen(by_email(THEIRS)) == seen(by_email("unknown@example.org"))


def test_to_apply_and_to_change_ask_the_same_of_the_database_whether_an_address_is_known_or_not(world: World) -> None:
    world.approved(notify=by_email(THEIRS))
    statements: list[str] = []

    def note(*seen: Any) -> None:
        statements.append(seen[2])

    def asked(address: str) -> tuple[list[str], list[str]]:
        key, _ = world.approved(notify=by_email(f"own.{address}"))
        statements.clear()
        event.listen(Engine, "before_cursor_execute", note)
        world.apply(notify=by_email(address))
        applied = statements.copy()
        world.person("PATCH", "volunteer", key, {"notify": by_email(address)})
        event.remove(Engine, "before_cursor_execute", note)
        return applied, statements[len(applied) :]

    asked("the.keys.are.made@example.org")
    assert asked(THEIRS) == asked("unknown@example.org")


def test_a_double_is_approved_once_the_other_is_on_hold_or_has_left(world: World) -> None:
    (key, first), second = world.approved(notify=HOOK), ""
    for way in ("suspend", "leave"):
        world.apply(notify=HOOK)
        second = world.newest("volunteers")
        assert world.coordinate(f"{second}/approve", APPROVAL).status_code == 409
        if way == "suspend":
            world.coordinate(f"{first}/suspend")
            assert world.coordinate(f"{second}/approve", APPROVAL).json == {"status": "active"}
            taken = world.coordinate(f"{first}/reinstate")
            assert (taken.status_code, taken.json["state"]) == (409, "address_held")
            world.coordinate(f"{second}/suspend")
            assert world.coordinate(f"{first}/reinstate").json == {"status": "active"}
        else:
            world.person("DELETE", "volunteer", key)
            assert world.coordinate(f"{second}/approve", APPROVAL).json == {"status": "active"}


def test_of_two_applications_from_one_address_one_is_approved_also_at_the_same_moment(world: World) -> None:
    refs = []
    for name in ("One", "Other"):
        world.apply(name=name, notify=by_email(THEIRS))
        refs.append(world.newest("volunteers"))
    answers: list[int] = []

    def approve(ref: str) -> None:
        client = world.client.application.test_client()
        headers = bearer(world.intake.settings.coordinator_token)
        path = f"/api/v1/coordinator/volunteers/{ref}/approve"
        answers.append(client.post(path, json=APPROVAL, headers=headers).status_code)

    threads = [threading.Thread(target=approve, args=(ref,)) for ref in refs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]


@pytest.mark.parametrize("moved_to", [*map(by_email, SAME), HOOK])
def test_the_same_inbox_is_never_asked_twice_for_one_request(doors: Doors, moved_to: Said) -> None:
    theirs = HOOK if moved_to == HOOK else by_email(THEIRS)
    for label, notify in {"first": theirs, "second": by_email("second@example.org")}.items():
        doors.apply(label, notify=notify)
    assert doors.asked_for() == {"first", "second"}
    seen = doors.world.person("PATCH", "volunteer", doors.keys["second"], {"notify": moved_to})
    assert (seen.status_code, seen.json["status"]) == (200, "active")
    assert seen.json["profile"]["notify"]["value"].lower() == moved_to["value"].lower()
    assert doors.asked_for() == {"first"}
    assert listed(doors.world)[doors.refs["second"]]["same_address"] == [doors.refs["first"]]
    doors.world.person("PATCH", "volunteer", doors.keys["second"], {"notify": by_email("third@example.org")})
    assert doors.asked_for() == {"first", "second"}


def test_who_came_second_to_an_address_is_asked_once_the_first_has_left_and_they_are_looked_at(doors: Doors) -> None:
    for label in ("first", "second"):
        doors.apply(label, notify=by_email(f"{label}@example.org"))
    doors.world.person("PATCH", "volunteer", doors.keys["second"], {"notify": by_email("first@example.org")})
    doors.world.person("DELETE", "volunteer", doors.keys["first"])
    doors.approve("second")
    assert doors.asked_for() == {"second"}


def test_doubles_from_before_are_found_when_their_addresses_are_hashed_again(doors: Doors) -> None:
    for label in ("first", "second"):
        doors.apply(label, notify=by_email(f"{label}@example.org"))
    world = doors.world
    with world.intake.database.transaction() as tx:
        tx.execute(text("UPDATE volunteers SET notify_hash = 'of an older rule ' || ref"))
    key = doors.keys["second"]
    world.person("PATCH", "volunteer", key, {"notify": by_email("FIRST@example.org")})
    with world.intake.database.transaction() as tx:
        tx.execute(text("UPDATE volunteers SET notify_hash = 'of an older rule ' || ref, holds_address = true"))
        for ref in doors.refs.values():
            row = VOLUNTEERS.by_ref(tx, ref, lock=True)
            assert row is not None
            hash_volunteer_again(tx, world.intake, row)
    assert doors.asked_for() == {"first"}


def test_the_coordinators_page_says_which_volunteer_has_the_address_and_why_one_is_not_approved(
    site: FlaskClient, world: World
) -> None:
    key, first = world.approved(notify=by_email(THEIRS))
    world.apply(notify=by_email(THEIRS))
    second = world.newest("volunteers")

    def press(step: str, **more: str) -> TestResponse:
        return site.post("/coordinator", data={"token": world.intake.settings.coordinator_token, "step": step, **more})

    known = f"This address is already known: {first}"
    assert known in press("open").text
    assert known in press("volunteer", ref=second).text
    version = str(listed(world)[second]["version"])
    refused = press("approve", ref=second, version=version, trained_until="2027-06-30")
    assert (refused.status_code, "another volunteer has the same address" in refused.text) == (409, True)
    assert first not in act(site, "/volunteer", key, "open").text


def test_the_database_itself_holds_one_volunteer_an_address(world: World) -> None:
    for address in ("first@example.org", "second@example.org"):
        world.approved(notify=by_email(address))
    with pytest.raises(IntegrityError), world.intake.database.transaction() as tx:
        tx.execute(text("UPDATE volunteers SET notify_hash = 'the same'"))
