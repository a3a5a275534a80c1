"""docker-compose.yml, .env.example and the settings that services read agree with each other."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from environs import FileAwareEnv

from deploy.compose_secrets import MAIL_HOST, ensure_compose_secrets
from deploy.secrets import ensure_secrets
from services.intake.settings import read_intake
from services.notifier.settings import read_notifier
from shared.settings import read_common
from tests.support.apache_kafka import APACHE_IMAGE

PROJECT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
COMPOSE_TEXT = yaml.safe_dump(COMPOSE)
READERS: dict[str, Callable[[FileAwareEnv], object]] = {
    "intake-web": read_intake,
    "intake-worker": read_intake,
    "matcher": read_common,
    "notifier": read_notifier,
}
READ_BY_LIBRARIES = {"SSL_CERT_FILE"}
INTERPOLATED = re.compile(r"\$\{([A-Z_]+)(?::([-+])([^${}]*))?")
PIN = re.compile(r"^[a-z0-9-]+==\S+", re.MULTILINE)
EXAMPLE_LINE = re.compile(r"^#?([A-Z_]+)=(.*)$", re.MULTILINE)


class Noting(FileAwareEnv):
    """An environment that notes what it is asked for."""

    def __init__(self) -> None:
        """Report nothing: what is missing does not matter here."""
        super().__init__(eager=False)
        self.asked: set[str] = set()

    def _get_value(self, env_key: str, default: Any) -> Any:
        self.asked.add(env_key)
        return super()._get_value(env_key, default)


def settings_given_to(service: str) -> set[str]:
    """The names in the environment of a container, without the ending that says it is a file."""
    return {name.removesuffix("_FILE") if name != "SSL_CERT_FILE" else name for name in environment_of(service)}


def environment_of(service: str) -> dict[str, str]:
    """The environment of a container as it is written."""
    environment: dict[str, str] = COMPOSE["services"][service]["environment"]
    return environment


def example() -> dict[str, str]:
    """The settings of .env.example and what stands there."""
    return dict(EXAMPLE_LINE.findall((PROJECT / ".env.example").read_text()))


@pytest.mark.parametrize("service", READERS)
def test_a_service_is_given_every_setting_that_it_reads_and_no_other(service: str) -> None:
    env = Noting()
    READERS[service](env)
    assert settings_given_to(service) - READ_BY_LIBRARIES == env.asked


def test_every_setting_of_the_compose_file_is_explained_in_the_example_and_no_other() -> None:
    used = {name for name, _, _ in INTERPOLATED.findall(COMPOSE_TEXT)}
    assert set(example()) - {"COMPOSE_PROFILES"} == used


def test_the_example_shows_the_defaults() -> None:
    defaults = {name: value for name, sign, value in INTERPOLATED.findall(COMPOSE_TEXT) if sign == "-" and value}
    # Not a default of the setting itself: what stands for a site where no host is named.
    defaults.pop("PUBLIC_HOST")
    assert {name: example()[name] for name in defaults} == defaults


def test_the_example_starts_the_mail_catcher_which_is_a_profile() -> None:
    assert COMPOSE["services"]["mail"]["profiles"] == [example()["COMPOSE_PROFILES"]]


def test_the_hosts_in_the_secrets_are_containers(tmp_path: Path) -> None:
    made = ensure_secrets(tmp_path / "secrets")
    ensure_compose_secrets(made)
    urls = [path.read_text() for path in made.folder.glob("*/*_url")]
    assert {url.partition("@")[2].partition("/")[0] for url in urls} | {MAIL_HOST} <= COMPOSE["services"].keys()
    assert environment_of("notifier")["SMTP_HOST"] == f"${{SMTP_HOST:-{MAIL_HOST}}}"


def test_the_tests_use_the_broker_that_operators_get() -> None:
    assert COMPOSE["services"]["kafka"]["image"] == f"${{KAFKA_IMAGE:-{APACHE_IMAGE}}}"


def test_the_mail_catcher_has_the_packages_that_the_tests_have() -> None:
    locked = {path: set(PIN.findall((PROJECT / "requirements" / path).read_text())) for path in ("mail.txt", "dev.txt")}
    assert locked["mail.txt"]
    assert locked["mail.txt"] <= locked["dev.txt"]


def test_no_secret_stands_in_an_environment() -> None:
    for service in COMPOSE["services"]:
        for name, value in COMPOSE["services"][service].get("environment", {}).items():
            secret = re.search("PASSWORD|TOKEN|DATABASE_URL|VAULT_URL", name)
            assert not secret or (name.endswith("_FILE") and value.startswith("/run/secrets/")), (service, name)
