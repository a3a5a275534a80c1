"""Days and moments at the ends of the calendar, in every place that takes one: taken or refused, and never a 500."""

import pytest
from flask.testing import FlaskClient

from tests.integration.intake.browsing import act
from tests.integration.intake.world import World, bearer

DAYS = ["0001-01-01", "0000-01-01", "1970-01-01", "2026-02-30", "2199-12-31", "9998-12-31", "9999-12-31", "10000-01-01"]
CLOCKS = ["T00:00:00", "T23:59:60"]
ZONES = ["Z", "+14:00", "-14:00", ""]
MOMENTS = [f"{day}{clock}{zone}" for day in DAYS for clock in CLOCKS for zone in ZONES]


def test_no_day_that_a_coordinator_can_say_breaks_anything(world: World, site: FlaskClient) -> None:
    _, ref = world.approved()
    token = bearer(world.intake.settings.coordinator_token)
    taken = []
    for day in DAYS:
        approval = world.coordinate(f"{ref}/approve", {"trained_until": day, "trained_for": []})
        closing = world.post("/api/v1/coordinator/intake", json={"open": False, "until": day}, headers=token)
        assert {approval.status_code, closing.status_code} <= {200, 422}, day
        taken.append(day) if approval.status_code == 200 else None
        key = world.intake.settings.coordinator_token
        for step, name in (("close_intake", "until"), ("approve", "trained_until")):
            page = site.post("/coordinator", data={"token": key, "step": step, name: day, "ref": ref, "version": "1"})
            assert page.status_code in {200, 409, 422}, (step, day)
        assert world.post("/api/v1/requests", json={}).status_code == 422
        assert site.get("/ask").status_code == 200
    assert taken == ["2199-12-31"]


def test_a_training_that_never_ends_is_refused_by_its_field(world: World) -> None:
    _, ref = world.approved()
    answer = world.coordinate(f"{ref}/approve", {"trained_until": "9999-12-31", "trained_for": []})
    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, ["trained_until"])


@pytest.mark.timeout(120)
def test_no_moment_that_somebody_can_say_breaks_anything(world: World, site: FlaskClient) -> None:
    request, token, _ = world.met()
    volunteer, _ = world.approved()
    for moment in MOMENTS:
        bodies = {
            "PATCH volunteer": (volunteer, {"pause_until": moment}),
            "POST request/messages": (request, {"proposes": moment}),
            "POST offer/messages": (token, {"proposes": moment}),
            "POST offer/decline": (token, {"reason": "other", "pause_until": moment}),
        }
        for operation, (key, body) in bodies.items():
            method, path = operation.split()
            assert world.person(method, path, key, body).status_code in {200, 201, 409, 422}, (operation, moment)
    for moment in MOMENTS[::3]:
        page = act(site, "/request", request, "write", proposes=moment.replace("T", " ").removesuffix("Z"))
        assert page.status_code in {200, 409, 422}, moment
