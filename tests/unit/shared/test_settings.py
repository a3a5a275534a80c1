"""Settings: everything wrong is said at once, and no value is repeated."""

from pathlib import Path

import pytest
from environs import FileAwareEnv, ValidationError

from shared.settings import BadSettings, read_common, read_settings

GOOD = {
    "DATABASE_URL": "postgresql+psycopg://intake:pw@host/intake",
    "VAULT_URL": "postgresql+psycopg://intake:pw@host/vault",
    "KAFKA_BOOTSTRAP_SERVERS": "kafka:9092",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A good environment and nothing else of ours."""
    for name in ("KAFKA_REPLICATION_FACTOR", "KAFKA_FETCH_MAX_WAIT_MS", "HEALTH_HOST", "HEALTH_PORT", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**GOOD, "KEYRING_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refusal() -> str:
    """Return what is said about bad settings."""
    with pytest.raises(BadSettings) as refused:
        read_settings(read_common)
    assert refused.value.__suppress_context__
    return str(refused.value)


def test_good_settings_are_read_with_their_defaults(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = read_settings(read_common)
    assert settings.database_url == GOOD["DATABASE_URL"]
    assert settings.keyring_dir == tmp_path
    assert (settings.kafka.fetch_max_wait_ms, settings.kafka.replication_factor) == (500, 1)
    assert (settings.health_host, settings.health_port, settings.log_level) == ("127.0.0.1", 0, "INFO")


def test_a_setting_may_lie_in_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql+psycopg://from/file\n")
    environment.delenv("DATABASE_URL")
    environment.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert read_settings(read_common).database_url == "postgresql+psycopg://from/file"


def test_all_that_is_wrong_is_said_at_once_without_the_values(environment: pytest.MonkeyPatch) -> None:
    bad = {
        "DATABASE_URL": "mysql://intake:pw-one@host/intake",
        "KAFKA_REPLICATION_FACTOR": "pw-two",
        "KEYRING_DIR": "/pw-three",
        "HEALTH_PORT": "pw-four",
        "LOG_LEVEL": "pw-five",
        "VAULT_URL_FILE": "/pw-six",
    }
    for name, value in bad.items():
        environment.setenv(name, value)
    environment.delenv("KAFKA_BOOTSTRAP_SERVERS")
    said = refusal()
    assert all(name.removesuffix("_FILE") in said for name in (*bad, "KAFKA_BOOTSTRAP_SERVERS"))
    assert "pw-" not in said


@pytest.mark.parametrize("from_file", [False, True])
def test_a_check_that_quotes_the_value_is_silenced(
    environment: pytest.MonkeyPatch, tmp_path: Path, from_file: bool
) -> None:
    def refuse(value: str) -> None:
        raise ValidationError(f'"{value}" will not do, nor does {value!r}')

    (tmp_path / "secret").write_text("hush")
    environment.setenv("SECRET_FILE" if from_file else "SECRET", str(tmp_path / "secret") if from_file else "hush")

    def read(env: FileAwareEnv) -> str | None:
        return env.str("SECRET", validate=refuse)

    with pytest.raises(BadSettings) as refused:
        read_settings(read)
    assert "hush" not in str(refused.value)
    assert "SECRET" in str(refused.value)
