"""The database itself: migrations, the append-only record, and what happens when it is away."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.intake.app import create_app
from services.intake.bootstrap import build_intake
from services.intake.handlers.context import Intake
from services.intake.storage.tables import metadata
from tests.integration.intake.browsing import APPLY as APPLYING
from tests.integration.intake.browsing import ASK as FORM
from tests.integration.intake.conftest import settings_for
from tests.integration.intake.world import ASK, World

if TYPE_CHECKING:
    from tests.support.databases import Databases


def test_migrations_and_tables_agree(intake: Intake) -> None:
    with intake.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE access_record SET why = 'x'", "DELETE FROM access_record", "TRUNCATE access_record"]
)
def test_the_access_record_can_only_grow(world: World, statement: str) -> None:
    world.apply()
    headers = {"Authorization": f"Bearer {world.intake.settings.coordinator_token}"}
    world.get("/api/v1/coordinator/volunteers", headers=headers)
    assert len(world.rows("SELECT 1 FROM access_record")) == 1
    with pytest.raises(DBAPIError), world.intake.database.transaction() as tx:
        tx.execute(text(statement))


@pytest.fixture(params=["database", "vault"])
def broken(intake: Intake, request: pytest.FixtureRequest) -> Iterator[Intake]:
    """Return intake with one of its databases away."""
    nowhere = "postgresql+psycopg://intake@127.0.0.1:1/intake"
    settings = settings_for(
        nowhere if request.param == "database" else intake.settings.common.database_url,
        nowhere if request.param == "vault" else intake.settings.common.vault_url,
        intake.settings.common.keyring_dir,
    )
    found = build_intake(settings, process="test", pool_size=1)
    yield found
    found.dispose()


def test_while_a_database_is_away_everybody_is_asked_to_come_back(broken: Intake) -> None:
    answer = create_app(broken).test_client().post("/api/v1/requests", json=ASK)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.content_type == "application/problem+json"


def test_a_form_that_comes_while_a_database_is_away_comes_back_as_it_was_filled_in(broken: Intake) -> None:
    asking = {**FORM, "words": "planted words at three in the morning"}
    applying = {**APPLYING, "step": "apply", "proof": "planted words at three in the morning"}
    for path, form in {"/ask": asking, "/volunteer": applying}.items():
        answer = create_app(broken).test_client().post(path, data=form)
        assert answer.status_code == 503
        assert "Please send it again in a minute" in answer.text
        assert "planted words at three in the morning" in answer.text
        assert f'value="{form["idempotency_key"]}"' in answer.text


def test_the_process_is_alive_without_a_database_but_not_ready(intake: Intake) -> None:
    nowhere = "postgresql+psycopg://intake@127.0.0.1:1/intake"
    settings = settings_for(nowhere, nowhere, intake.settings.common.keyring_dir)
    broken = build_intake(settings, process="test", pool_size=1)
    try:
        client = create_app(broken).test_client()
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.get("/api/v1/vocabulary").status_code == 200
    finally:
        broken.dispose()


def test_readiness_means_the_newest_schema(world: World, databases: "Databases") -> None:
    assert world.get("/readyz").status_code == 200
    settings = world.intake.settings
    empty = build_intake(
        settings_for(databases.empty(), settings.common.vault_url, settings.common.keyring_dir),
        process="test",
        pool_size=1,
    )
    try:
        assert create_app(empty).test_client().get("/readyz").status_code == 503
    finally:
        empty.dispose()


def test_every_answer_forbids_to_keep_it(world: World) -> None:
    for path in ("/api/v1/request", "/api/v1/vocabulary", "/healthz", "/nowhere", "/api/v1/openapi.json"):
        headers = world.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in headers
