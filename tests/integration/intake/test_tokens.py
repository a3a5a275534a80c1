"""Every operation that asks for a key, with every kind of key, right and wrong: only the right one opens anything."""

import secrets
from itertools import product
from typing import Any

from services.intake.api.operations import Key
from shared.refs import new_ref
from shared.vault.request_keys import new_key
from shared.vault.tokens import home_link, offer_token
from tests.integration.intake.world import World, bearer

TRAINED = {"trained_until": "2030-01-01", "trained_for": []}
BODIES: dict[str, dict[str, Any]] = {
    "request/close": {"reason": "spoke_and_enough"},
    "offer/decline": {"reason": "other"},
    "messages": {"text": "planted text"},
    "approve": TRAINED,
    "coordinator/intake": {"open": True, "until": None},
    "safety-report": {"text": "planted report"},
}
"""A body that fits, by the end of the path; all other operations take none, or {}."""


def guarded(world: World) -> list[tuple[str, str, set[str]]]:
    """Return method, path and accepted kinds of key of every operation with one; what ends things comes last."""
    paths = world.get("/api/v1/openapi.json").json["paths"]
    found = [
        (method, path, {kind for each in operation["security"] for kind in each})
        for path, operations in paths.items()
        for method, operation in operations.items()
        if isinstance(operation, dict) and operation.get("security")
    ]
    return sorted(found, key=lambda each: (each[0] == "delete", each[1].endswith(("withdraw", "close"))))


def right_keys(world: World) -> dict[str, str]:
    """Return a key of each kind that opens something."""
    request, offer, _ = world.met(at_once=True)
    volunteer, _ = world.approved()
    coordinator = world.intake.settings.coordinator_token
    return {Key.REQUEST: request, Key.OFFER: offer, Key.VOLUNTEER: volunteer, Key.COORDINATOR: coordinator}


def wrong_keys(world: World) -> dict[str, str]:
    """Return keys that look right and are nobody's, and some that are none at all."""
    links, forged = world.intake.links, offer_token(world.intake.links, new_ref())
    return {
        "a key that nobody holds": new_key(secrets.token_bytes),
        "an offer token with another proof": forged[:-1] + ("0" if forged[-1] != "0" else "1"),
        "a home link of nobody": home_link(links, new_ref(), 0),
        "a coordinator token cut short": world.intake.settings.coordinator_token[:-1],
        "words": "let me in",
        "signs": "'; --",
    }


def opened(world: World, method: str, path: str, headers: dict[str, str]) -> int:
    """Return the status of an operation called without a body that fits it."""
    filled = path.replace("{ref}", new_ref())
    fitting = next((body for end, body in BODIES.items() if path.endswith(end)), {})
    body = None if method == "get" else fitting
    return int(world.client.open(filled, method=method.upper(), headers=headers, json=body).status_code)


def test_no_operation_opens_for_a_wrong_key_or_for_none(world: World) -> None:
    right_keys(world)
    wrong = wrong_keys(world)
    operations = guarded(world)
    assert len(operations) > 15
    for (method, path, _), (what, key) in product(operations, wrong.items()):
        assert opened(world, method, path, bearer(key)) == 401, (method, path, what)
    for method, path, _ in operations:
        assert opened(world, method, path, {}) == 401, (method, path, "none")
        assert opened(world, method, path, {"Authorization": "Basic YTpi"}) == 401, (method, path, "basic")


def test_no_operation_opens_for_a_key_of_another_kind(world: World) -> None:
    right = right_keys(world)
    for method, path, kinds in guarded(world):
        for kind in set(right) - kinds:
            assert opened(world, method, path, bearer(right[kind])) == 401, (method, path, kind)


def test_every_operation_opens_for_the_right_key(world: World) -> None:
    right = right_keys(world)
    for method, path, kinds in guarded(world):
        for kind in kinds:
            status = opened(world, method, path, bearer(right[kind]))
            # A wrong state or a field that is missing is said only to the holder of the key.
            assert status in {200, 201, 202, 404, 409, 422}, (method, path, kind, status)


PIN = {"Alongside-Pin": "8624"}


def test_a_home_link_opens_what_the_volunteer_key_does_and_nothing_else(world: World) -> None:
    _, volunteer = world.approved()
    link = home_link(world.intake.links, volunteer, 0)
    for method, path, kinds in guarded(world):
        status = opened(world, method, path, bearer(link))
        assert (status != 401) is (Key.VOLUNTEER in kinds), (method, path, status)


def test_a_link_that_a_newer_one_ended_and_one_without_its_pin_open_nothing(world: World) -> None:
    key, volunteer = world.approved()
    assert world.person("PATCH", "volunteer", key, {"pin": PIN["Alongside-Pin"]}).status_code == 200
    older, newest = (home_link(world.intake.links, volunteer, generation) for generation in (0, 1))
    world.rows("UPDATE volunteers SET generation = 1 RETURNING ref")
    operations = [(method, path) for method, path, kinds in guarded(world) if Key.VOLUNTEER in kinds]
    for method, path in operations:
        for headers in (bearer(older), bearer(older) | PIN, bearer(newest)):
            assert opened(world, method, path, headers) == 401, (method, path)
    for method, path in operations:
        assert opened(world, method, path, bearer(newest) | PIN) != 401, (method, path)
