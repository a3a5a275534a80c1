"""Intake on a real PostgreSQL of its own, without Kafka: what the matcher would say is handed to the handlers."""

import random
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from services.intake.app import create_app
from services.intake.bootstrap import build_intake
from services.intake.domain.affiliations import Register
from services.intake.domain.register import read_levels
from services.intake.handlers.context import Intake
from services.intake.settings import IntakeSettings, Trust
from shared.clock import SystemClock
from shared.messaging.kafka import KafkaSettings
from shared.settings import CommonSettings
from shared.vault.keyrings import new_keyring
from shared.vault.purposes import INTAKE
from shared.vocabulary import vocabulary
from tests.integration.intake.doors import Doors
from tests.integration.intake.world import NOW, World
from tests.support.keyrings import write_keyring

if TYPE_CHECKING:
    from tests.support.databases import Databases


class FixedClock:
    """Stands still; the deadlines that matter are judged by the database's clock anyway."""

    def now(self) -> datetime:
        """Return the moment of all tests."""
        return NOW


def settings_for(
    database_url: str, vault_url: str, keyrings: Path, *, bootstrap_servers: str = "127.0.0.1:1"
) -> IntakeSettings:
    """Return settings for tests; unless it is given, Kafka is at an address where nobody is."""
    common = CommonSettings(
        database_url=database_url,
        vault_url=vault_url,
        kafka=KafkaSettings(bootstrap_servers=bootstrap_servers, replication_factor=1, fetch_max_wait_ms=20),
        keyring_dir=keyrings,
        health_host="127.0.0.1",
        health_port=0,
        log_level="INFO",
    )
    return IntakeSettings(
        common=common,
        host="127.0.0.1",
        port=0,
        coordinator_token="c" * 40,
        public_url="https://alongside.example",
        country="GB",
        exit_url="https://weather.example/",
        coordinator_phone="01632 960 999",
        trust=Trust("", "", "", ""),
        programme_code="",
        flood_per_hour=0,
        crisis_lines=vocabulary().crisis_lines,
        register=Register((), read_levels("")),
    )


@pytest.fixture(scope="session")
def keyrings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all keyrings of intake."""
    folder = tmp_path_factory.mktemp("keyrings")
    for name in INTAKE.keyrings:
        write_keyring(folder / f"{name}.json", new_keyring(secrets.token_bytes))
    return folder


@pytest.fixture
def intake(databases: "Databases", keyrings: Path) -> Iterator[Intake]:
    """Intake, put together on databases of this test alone."""
    settings = settings_for(databases.fresh("intake"), databases.fresh("vault"), keyrings)
    intake = build_intake(
        settings, process="test", pool_size=3, clock=FixedClock(), chooser=random.Random(7), patience=0.15
    )
    yield intake
    intake.dispose()


@pytest.fixture
def client(intake: Intake) -> FlaskClient:
    """A client of the API."""
    return create_app(intake).test_client()


@pytest.fixture
def world(intake: Intake, client: FlaskClient) -> World:
    """People, volunteers and a matcher to play with."""
    return World(intake, client)


@pytest.fixture
def doors(databases: "Databases", world: World) -> Iterator[Doors]:
    """Intake's door and the matcher's: who is asked for whom."""
    vault_url = world.intake.settings.common.vault_url
    doors = Doors(world, databases.fresh("matcher"), databases.as_role(vault_url, "matcher"))
    yield doors
    doors.close()


@pytest.fixture
def site(intake: Intake) -> FlaskClient:
    """A browser without cookies, in front of the pages."""
    return create_app(intake).test_client(use_cookies=False)


@pytest.fixture
def site_today(intake: Intake) -> FlaskClient:
    """The same in front of pages that go by the clock by which the database judges, as a rest does."""
    return create_app(replace(intake, clock=SystemClock())).test_client(use_cookies=False)
