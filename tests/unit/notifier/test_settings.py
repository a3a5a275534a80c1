"""The notifier's settings."""

from pathlib import Path

import pytest

from deploy.secrets import ensure_secrets
from services.notifier.bootstrap import open_gateways
from services.notifier.gateway.port import Call, PermanentFailure, RenderedNotice
from services.notifier.settings import is_loopback, read_notifier
from shared.settings import BadSettings, read_settings


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    good = {
        "DATABASE_URL": "postgresql+psycopg://notifier@localhost/notifier",
        "VAULT_URL": "postgresql+psycopg://notifier@localhost/vault",
        "KAFKA_BOOTSTRAP_SERVERS": "localhost:9092",
        "KEYRING_DIR": str(tmp_path),
        "SMTP_HOST": "mail.example.org",
        "SMTP_PORT": "587",
        "MAIL_FROM": "notices@example.org",
        "PUBLIC_URL": "https://x.example",
    }
    for name, value in good.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SMTP_SECURITY", raising=False)
    monkeypatch.delenv("COORDINATOR_MAIL", raising=False)
    monkeypatch.delenv("WEBHOOKS_TO_LOOPBACK", raising=False)
    return monkeypatch


def test_mail_is_encrypted_unless_somebody_says_otherwise(environment: pytest.MonkeyPatch) -> None:
    assert read_settings(read_notifier).smtp.security == "starttls"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_clear_text_is_accepted_on_the_loopback(environment: pytest.MonkeyPatch, host: str) -> None:
    environment.setenv("SMTP_HOST", host)
    environment.setenv("SMTP_SECURITY", "none")
    assert read_settings(read_notifier).smtp.security == "none"


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "localhost.example.org", "0.0.0.0", "mailpit"])
def test_clear_text_is_refused_anywhere_else(environment: pytest.MonkeyPatch, host: str) -> None:
    environment.setenv("SMTP_HOST", host)
    environment.setenv("SMTP_SECURITY", "none")
    with pytest.raises(BadSettings, match="SMTP_SECURITY"):
        read_settings(read_notifier)
    assert not is_loopback(host)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:8080"])
def test_webhooks_lead_to_this_machine_only_where_somebody_says_so_and_all_runs_on_it(
    environment: pytest.MonkeyPatch, url: str
) -> None:
    environment.setenv("PUBLIC_URL", url)
    assert not read_settings(read_notifier).webhooks_to_loopback
    environment.setenv("WEBHOOKS_TO_LOOPBACK", "true")
    assert read_settings(read_notifier).webhooks_to_loopback


@pytest.mark.parametrize("url", ["https://x.example", "http://x.example", "http://localhost@x.example", "http://[::1"])
def test_webhooks_never_lead_to_this_machine_where_people_come_from_elsewhere(
    environment: pytest.MonkeyPatch, url: str
) -> None:
    environment.setenv("PUBLIC_URL", url)
    assert not read_settings(read_notifier).webhooks_to_loopback
    environment.setenv("WEBHOOKS_TO_LOOPBACK", "true")
    with pytest.raises(BadSettings, match="WEBHOOKS_TO_LOOPBACK"):
        read_settings(read_notifier)


def test_this_machine_is_not_opened_to_webhooks_by_a_mail_server_that_runs_on_it(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ensure_secrets(tmp_path)
    environment.setenv("KEYRING_DIR", str(tmp_path / "notifier" / "keyrings"))
    environment.setenv("SMTP_HOST", "127.0.0.1")
    environment.setenv("SMTP_SECURITY", "none")
    gateways = open_gateways(read_settings(read_notifier))
    call = Call("v" * 26, "home_link", None, None, None)
    with pytest.raises(PermanentFailure, match="private_address"):
        gateways["webhook"].send(RenderedNotice("d" * 26, "https://127.0.0.1:9/", "", "", "", call))


def test_everything_that_is_wrong_is_said_at_once_and_no_value_is_repeated(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SMTP_PORT", "many")
    environment.setenv("SMTP_SECURITY", "perhaps")
    environment.setenv("MAIL_FROM", "nobody-in-particular")
    environment.setenv("COORDINATOR_MAIL", "nobody-in-particular")
    environment.setenv("PUBLIC_URL", "x.example")
    environment.delenv("SMTP_HOST")
    with pytest.raises(BadSettings) as caught:
        read_settings(read_notifier)
    names = ("SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY", "MAIL_FROM", "COORDINATOR_MAIL", "PUBLIC_URL")
    assert [name for name in names if name not in str(caught.value)] == []
    assert "nobody-in-particular" not in str(caught.value)


def test_a_coordinator_is_told_nothing_unless_an_address_is_given(environment: pytest.MonkeyPatch) -> None:
    assert read_settings(read_notifier).coordinator_mail == ()
    environment.setenv("COORDINATOR_MAIL", "desk@example.org")
    assert read_settings(read_notifier).coordinator_mail == ("desk@example.org",)


def test_several_coordinators_are_told_each_once(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("COORDINATOR_MAIL", " desk@example.org,Anna <anna@bücher.example>, desk@EXAMPLE.org, ")
    assert read_settings(read_notifier).coordinator_mail == ("desk@example.org", "anna@xn--bcher-kva.example")


@pytest.mark.parametrize("value", ["desk", "desk@example.org, anna@localhost", "desk@example.org anna@example.org"])
def test_an_address_of_the_coordinator_that_leads_nowhere_is_refused_at_the_start(
    environment: pytest.MonkeyPatch, value: str
) -> None:
    environment.setenv("COORDINATOR_MAIL", value)
    with pytest.raises(BadSettings, match="COORDINATOR_MAIL"):
        read_settings(read_notifier)


def test_the_password_is_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SMTP_PASSWORD", "hunter-two")
    assert "hunter-two" not in repr(read_settings(read_notifier))
