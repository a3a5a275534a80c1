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
    for name, value in {**GOOD, "KEYRING_DIR": str(tmp_path), "OPERATOR_NAME": "A hospice", "COUNTRY": "NZ"}.items():
        monkeypatch.setenv(name, value)
    settings = read_intake_settings()
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
