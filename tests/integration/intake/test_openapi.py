"""The OpenAPI document tells the truth: what it allows is taken, what it forbids is refused, nothing ever breaks."""

from typing import Any, cast

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.intake.api.operations import Key
from services.intake.app import create_app
from tests.integration.intake.world import World, bearer

DOCUMENT = "/api/v1/openapi.json"


def test_every_operation_is_true_to_its_document(world: World) -> None:
    """One test for all operations, on one database: what one of them leaves behind, the others have to live with."""
    key, token, _ = world.met()
    volunteer, _ = world.approved()
    keys = {
        Key.REQUEST: key,
        Key.OFFER: token,
        Key.VOLUNTEER: volunteer,
        Key.COORDINATOR: world.intake.settings.coordinator_token,
    }
    app = create_app(world.intake)
    routes = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/") and rule.rule != DOCUMENT]
    document = schemathesis.openapi.from_wsgi(DOCUMENT, app)
    checked = 0
    for found in document.get_all_operations():
        operation = cast(Any, found).ok()
        schemes = [name for each in operation.definition.raw["security"] for name in each]
        headers = bearer(keys[schemes[0]]) if schemes else {}
        check(operation, GenerationMode.POSITIVE, headers)
        if {"requestBody", "parameters"} & operation.definition.raw.keys():
            check(operation, GenerationMode.NEGATIVE, headers)
        checked += 1
    assert checked == len(routes)


def check(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> None:
    """Try an operation with generated input, with and without its key."""

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        for sent in (headers, {}):
            # Rules that span two fields (a block ends after it begins) cannot be said in a schema.
            case.call_and_validate(headers=sent, excluded_checks=[positive_data_acceptance])

    holds()
