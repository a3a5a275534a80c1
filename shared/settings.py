"""Settings that every service has, read from the environment or from files (`X` or `X_FILE`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from environs import EnvValidationError, FileAwareEnv, ValidationError, validate

from shared.messaging.kafka import KafkaSettings
from shared.vocabulary import VocabularyError, vocabulary

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
T = TypeVar("T")


class BadSettings(Exception):
    """One or more settings are missing or wrong. The message names each, and none of the values."""


@dataclass(frozen=True)
class CommonSettings:
    """What a process of any service needs to start."""

    database_url: str
    vault_url: str
    kafka: KafkaSettings
    keyring_dir: Path
    health_host: str
    health_port: int
    log_level: str


def _postgres(value: str) -> None:
    if not value.startswith("postgresql+psycopg://"):
        raise ValidationError("must start with postgresql+psycopg://")


def _folder(value: Path) -> None:
    if not value.is_dir():
        raise ValidationError("is not a folder")


def _vocabulary(_value: str) -> None:
    try:
        vocabulary()
    except VocabularyError as error:
        raise ValidationError(str(error).removeprefix("VOCABULARY: ")) from None


def read_common(env: FileAwareEnv) -> CommonSettings:
    """Read the common settings from `env`, which collects what is wrong with them."""
    # The vocabulary reads it by itself, before there are settings; here it is judged with the rest.
    env.str("VOCABULARY", "", validate=_vocabulary)
    return CommonSettings(
        database_url=env.str("DATABASE_URL", validate=_postgres),
        vault_url=env.str("VAULT_URL", validate=_postgres),
        kafka=KafkaSettings(
            bootstrap_servers=env.str("KAFKA_BOOTSTRAP_SERVERS"),
            replication_factor=env.int("KAFKA_REPLICATION_FACTOR", 1),
            fetch_max_wait_ms=env.int("KAFKA_FETCH_MAX_WAIT_MS", 500),
        ),
        keyring_dir=env.path("KEYRING_DIR", validate=_folder),
        health_host=env.str("HEALTH_HOST", "127.0.0.1"),
        health_port=env.int("HEALTH_PORT", 0),
        log_level=env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(LEVELS)),
    )


class _Environment(FileAwareEnv):
    """Treats a file that cannot be read like any other bad value: reported together with the rest."""

    def __init__(self) -> None:
        super().__init__(eager=False, strip_whitespace=True)
        self.given: set[str] = set()

    def _get_value(self, env_key: str, default: Any) -> Any:
        try:
            value = super()._get_value(env_key, default)
        except (ValueError, OSError):
            self._errors[env_key].append(f"{env_key}_FILE names no readable file.")
            return default
        if isinstance(value, str):
            self.given.add(value)
        return value


def database_url(env: FileAwareEnv) -> str:
    """Read DATABASE_URL, all that an operator's command about one service's rows needs."""
    url: str = env.str("DATABASE_URL", validate=_postgres)
    return url


def required_kafka_and_database(env: FileAwareEnv) -> tuple[str, str]:
    """Read DATABASE_URL and KAFKA_BOOTSTRAP_SERVERS, all that an operator's command about the event flow needs."""
    return database_url(env), env.str("KAFKA_BOOTSTRAP_SERVERS")


def read_settings(read: Callable[[FileAwareEnv], T]) -> T:
    """Return what `read` makes of the environment; BadSettings names everything that is wrong, at once."""
    env = _Environment()
    try:
        settings = read(env)
        env.seal()
    except EnvValidationError as error:
        problems = error.error_messages
        items = problems.items() if isinstance(problems, dict) else [("settings", problems)]
        raise BadSettings("; ".join(f"{name}: {_without_values(what, env.given)}" for name, what in items)) from None
    return settings


def _without_values(messages: object, given: Iterable[str]) -> str:
    """Return `messages` as one text in which no quoted value of a setting is left."""
    text = " ".join(map(str, messages if isinstance(messages, list) else [messages]))
    for value in sorted(given, key=len, reverse=True):
        for quoted in (f'"{value}"', f"'{value}'", repr(value)):
            text = text.replace(quoted, "the value given")
    return text
