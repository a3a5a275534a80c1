"""Intake's settings: every bad one is reported at once, and none of the values is repeated."""

from pathlib import Path

import pytest

from services.intake.settings import read_intake_settings
from shared.settings import BadSettings

GOOD = {
    "DATABASE_URL": "postgresql+psycopg://intake@localhost/intake",
    "VAULT_URL": "postgresql+psycopg://intake@localhost/vault",
    "KAFKA_BOOTSTRAP_SERVERS": "localhost:9092",
    "COORDINATOR_TOKEN": "c" * 32,
    "PUBLIC_URL": "https://alongside.example",
}


def test_good_settings_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {"OPERATOR_NAME": "A hospice", "COUNTRY": "NZ", "COORDINATOR_PHONE": "01632 960 000"}
    for name, value in {**GOOD, "KEYRING_DIR": str(tmp_path), **given}.items():
        monkeypatch.setenv(name, value)
    settings = read_intake_settings()
    assert settings.coordinator_phone == "01632 960 000"
    assert (settings.trust.operator_name, settings.country, settings.trust.reads) == ("A hospice", "NZ", "")


def test_all_bad_settings_are_named_at_once_without_their_values(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bad = {"COORDINATOR_TOKEN": "too-short-a-token", "PUBLIC_URL": "example.org", "COUNTRY": "England"}
    for name, value in {**GOOD, "KEYRING_DIR": str(tmp_path), **bad}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        read_intake_settings()
    message = str(refused.value)
    assert all(name in message for name in bad)
    assert not any(value in message for value in bad.values())


@pytest.mark.parametrize(
    ("country", "lines", "said"),
    [
        ("UK", "", "UK has no crisis lines, the nearest code is GB; lines exist for AE, AR, "),
        ("NZL", "", "must be two capital letters"),
        ("SU", "", "the nearest code is"),
        (
            "GB",
            "crisis_lines: [{country: AT, name: E, call: '144', kind: emergency, source: x, verified_on: null}]",
            "GB has no crisis lines, the nearest code is AT; lines exist for AT",
        ),
        (
            "GB",
            "crisis_lines: [{country: '*', name: Find a Helpline, web: x.example, source: x, verified_on: null}]",
            "GB has no crisis lines, the nearest code is none",
        ),
    ],
)
def test_a_country_without_crisis_lines_is_refused_and_the_nearest_code_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, country: str, lines: str, said: str
) -> None:
    given = {**GOOD, "KEYRING_DIR": str(tmp_path), "COUNTRY": country, "CRISIS_LINES": lines}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        read_intake_settings()
    assert said in str(refused.value)


def test_the_register_of_places_is_read_from_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    register = tmp_path / "places.yaml"
    register.write_text("affiliations: [{slug: infirmary, name: The Infirmary, level: site}]\n", encoding="utf-8")
    given = {**GOOD, "KEYRING_DIR": str(tmp_path), "AFFILIATIONS_FILE": str(register), "AFFILIATION_LEVELS": "unit"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert [place.slug for place in read_intake_settings().register.places] == ["infirmary"]
    register.write_text("", encoding="utf-8")
    assert read_intake_settings().register.places == ()


@pytest.mark.parametrize(
    ("text", "levels", "said"),
    [
        (
            "affiliations: [{slug: infirmary, name: The Infirmary}]",
            "",
            "affiliations[0].level: Missing data for required field.",
        ),
        ("affiliations: [", "", "AFFILIATIONS: is no YAML (line "),
        ("\x07", "", "AFFILIATIONS: is no YAML"),
        ("", "site,planet", "AFFILIATION_LEVELS: 'planet' is no level; choose among unit, site"),
    ],
)
def test_a_register_that_is_wrong_is_reported_like_any_other_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, levels: str, said: str
) -> None:
    given = {**GOOD, "KEYRING_DIR": str(tmp_path), "AFFILIATIONS": text, "AFFILIATION_LEVELS": levels, "COUNTRY": "x"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        read_intake_settings()
    assert said in str(refused.value)
    assert "COUNTRY" in str(refused.value)
