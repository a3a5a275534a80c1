"""Applying as a volunteer: what is sent twice makes one volunteer, who gets the same answer."""

import threading
from typing import Any

from flask.testing import FlaskClient

from tests.integration.intake.browsing import APPLY as FORM
from tests.integration.intake.browsing import act, heading, shown_key
from tests.integration.intake.world import APPLY, ASK, World

IDEMPOTENT = {"Idempotency-Key": "a-random-key-of-22-signs-or-more"}
APPLYING = FORM | {"step": "apply"}


def applications(world: World) -> int:
    return len(world.rows("SELECT ref FROM volunteers"))


def test_i2_the_same_application_sent_twice_makes_one_volunteer_and_gets_the_same_answer(world: World) -> None:
    first = world.post("/api/v1/volunteers", json=APPLY, headers=IDEMPOTENT)
    second = world.post("/api/v1/volunteers", json=APPLY, headers=IDEMPOTENT)
    assert (first.status_code, first.json) == (second.status_code, second.json)
    assert (first.status_code, first.json["status"]) == (202, "applied")
    assert world.person("GET", "volunteer", first.json["volunteer_key"]).status_code == 200
    assert (applications(world), world.events("volunteers")) == (1, ["published"])


def test_a_repeat_gets_the_same_answer_whatever_became_of_the_volunteer_meanwhile(world: World) -> None:
    first = world.post("/api/v1/volunteers", json=APPLY, headers=IDEMPOTENT)
    world.person("PATCH", "volunteer", first.json["volunteer_key"], {"gender": "woman"})
    world.coordinate(f"{world.newest('volunteers')}/approve", {"trained_until": "2027-06-30", "trained_for": []})
    again = world.post("/api/v1/volunteers", json=APPLY, headers=IDEMPOTENT)
    assert (again.status_code, again.json) == (202, first.json)
    assert applications(world) == 1


def test_i2_the_same_application_sent_many_times_at_once_makes_one_volunteer(world: World) -> None:
    answers: list[Any] = []

    def send() -> None:
        client = world.client.application.test_client()
        answers.append(client.post("/api/v1/volunteers", json=APPLY, headers=IDEMPOTENT).json)

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer["volunteer_key"] for answer in answers}) == 1
    assert applications(world) == 1


def test_i2_another_application_under_the_same_idempotency_key_is_refused_by_name(world: World) -> None:
    world.post("/api/v1/volunteers", json=APPLY, headers=IDEMPOTENT)
    answer = world.post("/api/v1/volunteers", json={**APPLY, "proof": "other"}, headers=IDEMPOTENT)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"
    assert applications(world) == 1


def test_a_repeat_after_the_volunteer_left_hears_that_they_are_gone(world: World) -> None:
    key = world.post("/api/v1/volunteers", json=APPLY, headers=IDEMPOTENT).json["volunteer_key"]
    assert world.person("DELETE", "volunteer", key).status_code == 200
    assert world.post("/api/v1/volunteers", json=APPLY, headers=IDEMPOTENT).status_code == 410
    assert world.rows("SELECT body_digest FROM volunteers") == [{"body_digest": None}]


def test_a_request_and_an_application_under_one_idempotency_key_are_two_things(world: World) -> None:
    asked = world.post("/api/v1/requests", json=ASK, headers=IDEMPOTENT)
    applied = world.post("/api/v1/volunteers", json=APPLY, headers=IDEMPOTENT)
    assert (asked.status_code, applied.status_code) == (201, 202)
    assert asked.json["request_key"] != applied.json["volunteer_key"]


def test_an_idempotency_key_that_is_none_is_refused_by_name(world: World) -> None:
    for wrong in ("short", "with spaces in it, but long enough", "x" * 256):
        answer = world.post("/api/v1/volunteers", json=APPLY, headers={"Idempotency-Key": wrong})
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert applications(world) == 0


def test_two_clicks_on_the_form_make_one_volunteer_and_show_the_same_key(site: FlaskClient, world: World) -> None:
    pages = [site.post("/volunteer", data=APPLYING) for _ in range(2)]
    assert [page.status_code for page in pages] == [202, 202]
    assert len({shown_key(page) for page in pages}) == 1
    assert applications(world) == 1


def test_a_form_brings_a_key_of_its_own_and_keeps_it_until_it_is_taken(site: FlaskClient, world: World) -> None:
    empty = [site.post("/volunteer", data={"step": "form"}).text for _ in range(2)]
    assert len({form.split('name="idempotency_key" value="')[1][:32] for form in empty}) == 2
    refused = site.post("/volunteer", data=APPLYING | {"name": ""})
    assert (refused.status_code, FORM["idempotency_key"] in refused.text) == (422, True)
    taken = site.post("/volunteer", data=APPLYING)
    assert heading(act(site, "/volunteer", shown_key(taken), "open")) == "Thank you for applying"
    other = site.post("/volunteer", data=APPLYING | {"proof": "planted"})
    assert (other.status_code, heading(other)) == (422, "This form was sent before")
    assert "planted" not in other.text
