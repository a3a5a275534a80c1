"""R9: whom to call is there when everything else is down."""

import secrets
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.intake.app import create_app
from services.intake.bootstrap import build_intake
from shared.vault.keyrings import new_keyring
from shared.vault.purposes import INTAKE
from tests.integration.intake.conftest import settings_for
from tests.support.keyrings import write_keyring

NOWHERE = "postgresql+psycopg://intake@127.0.0.1:1/intake?connect_timeout=1"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """Intake whose databases and broker cannot be reached."""
    for name in INTAKE.keyrings:
        write_keyring(tmp_path / f"{name}.json", new_keyring(secrets.token_bytes))
    settings = settings_for(NOWHERE, NOWHERE, tmp_path)
    intake = build_intake(settings, process="test", pool_size=1)
    return create_app(intake).test_client()


def test_the_first_page_needs_neither_database_nor_broker(client: FlaskClient) -> None:
    start = client.get("/")
    not_safe = client.post("/", data={"step": "not_safe"})

    assert (start.status_code, not_safe.status_code) == (200, 200)
    assert "tel:999" in start.text
    assert "tel:116123" in not_safe.text


def test_somebody_away_from_the_operators_country_can_choose_another_without_database_or_broker(
    client: FlaskClient,
) -> None:
    for page in (client.get("/"), client.post("/", data={"step": "not_safe"})):
        assert '<option value="US">United States</option>' in page.text
    abroad = client.post("/", data={"step": "lines", "country": "US"})

    assert abroad.status_code == 200
    assert "tel:911" in abroad.text
    assert "tel:999" not in abroad.text
    assert "<h2>United States</h2>" in abroad.text


@pytest.mark.parametrize("country", ["", "XX", "<b>planted", "us"])
def test_a_country_without_lines_shows_those_of_the_operators_country(client: FlaskClient, country: str) -> None:
    answer = client.post("/", data={"step": "lines", "country": country})

    assert answer.status_code == 200
    assert "tel:999" in answer.text
    assert "planted" not in answer.text


def test_the_form_and_its_stylesheet_are_there_too(client: FlaskClient) -> None:
    assert client.get("/ask").status_code == 200
    with client.get("/assets/alongside.css") as stylesheet:
        assert stylesheet.status_code == 200
        assert stylesheet.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/ask/?key=x", 404), ("DELETE", "/ask", 405), ("POST", "/", 422)],
)
def test_what_goes_wrong_is_said_in_the_same_look(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method, data={"step": "planted"})

    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert "Leave this site" in answer.text
    assert "planted" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_a_form_of_a_megabyte_is_refused_kindly(client: FlaskClient) -> None:
    answer = client.post("/ask", data={"words": "planted " * 131_072})

    assert answer.status_code == 413
    assert "planted" not in answer.text


def test_an_absent_database_is_one_moment_and_not_a_failure(client: FlaskClient) -> None:
    answer = client.post("/request", data={"key": "0" * 28})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "One moment" in answer.text
