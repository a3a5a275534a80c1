"""What takes no body refuses one that says something, and changes nothing; nothing and {} are fine."""

from typing import Any

import pytest
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from services.intake.api.operations import Key
from tests.integration.intake.world import Answer, World, answer_of, bearer

UNKNOWN = {"field": "planted_field", "message": "Unknown field."}


def bodiless(world: World) -> list[tuple[str, str, str]]:
    """Return method, path and kind of key of every operation that may carry a body and takes none."""
    paths = world.get("/api/v1/openapi.json").json["paths"]
    return [
        (method, path, next(iter(operation["security"][0])))
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method in {"post", "delete"} and "requestBody" not in operation
    ]


def held(world: World) -> list[list[dict[str, Any]]]:
    """Return what intake holds of people and has announced."""
    return [world.rows(f"SELECT * FROM {table}") for table in ("requests", "volunteers", "offers", "outbox")]


def test_a_field_is_refused_by_its_name_wherever_no_body_is_taken(world: World) -> None:
    key, token, _ = world.met()
    volunteer, ref = world.approved()
    coordinator = world.intake.settings.coordinator_token
    keys: dict[str, str] = {Key.REQUEST: key, Key.OFFER: token, Key.VOLUNTEER: volunteer, Key.COORDINATOR: coordinator}
    before = held(world)
    operations = bodiless(world)
    for method, path, kind in operations:
        filled = path.replace("{ref}", ref)
        answer = world.client.open(filled, method=method, headers=bearer(keys[kind]), json={"planted_field": 1})
        assert (answer.status_code, answer.get_json()["errors"]) == (422, [UNKNOWN]), path
        assert answer.content_type == "application/problem+json"
    assert {method for method, _, _ in operations} == {"post", "delete"}
    assert {kind for _, _, kind in operations} == set(keys)
    assert held(world) == before


def sent(world: World, key: str, **options: Any) -> Answer:
    """Withdraw, with a body given by `options`."""
    headers = bearer(key) | options.pop("headers", {})
    return answer_of(world.client.post("/api/v1/request/withdraw", headers=headers, **options))


@pytest.mark.parametrize("options", [{}, {"json": {}}, {"data": b"", "headers": {"Content-Type": "text/plain"}}])
def test_no_body_or_an_empty_object_is_fine(world: World, options: dict[str, Any]) -> None:
    assert sent(world, world.ask(), **options).json == {"status": "withdrawn"}


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"data": b"{", "content_type": "application/json"}, 400),
        ({"data": {"planted_field": "1"}}, 415),
        ({"json": ["planted"]}, 422),
    ],
)
def test_what_is_no_json_object_is_refused_too(world: World, options: dict[str, Any], status: int) -> None:
    key = world.ask()
    refused = sent(world, key, **options)
    assert (refused.status_code, refused.content_type) == (status, "application/problem+json")
    assert "planted" not in str(refused.json)
    assert world.person("GET", "request", key).json["status"] == "waiting"


def test_a_missing_key_is_said_before_the_body_is_read(world: World) -> None:
    assert world.post("/api/v1/request/withdraw", json={"planted_field": 1}).status_code == 401


@pytest.mark.parametrize("name", ["planted: I cannot sleep since", "_schema", "plan{ted}", "pl\u00e4nted\n", "\ud800"])
def test_t5_a_field_whose_name_is_what_somebody_wrote_is_told_to_them_and_to_no_log_or_metric(
    world: World, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    key, volunteer = world.ask(), world.apply()
    with capture_logs() as logs:
        answers = [
            world.post("/api/v1/requests", json={name: "x"}),
            world.post("/api/v1/requests/preview", json={"notify": {name: "x"}}),
            world.person("PATCH", "request", key, {name: ["x"]}),
            world.person("PATCH", "volunteer", volunteer, {name: {"x": 1}}),
            world.person("POST", "request/withdraw", key, {name: 1}),
        ]
    assert {answer.status_code for answer in answers} == {422}
    seen = f"{logs} {caplog.text} {generate_latest().decode()}"
    assert [word for word in (name, "planted", "ted}") if word in seen] == []
