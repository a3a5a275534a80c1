"""The notifier's settings, read from the environment or from files (`X` or `X_FILE`)."""

import ipaddress
from dataclasses import dataclass
from functools import partial
from typing import cast
from urllib.parse import urlsplit

from environs import FileAwareEnv, ValidationError

from services.notifier.gateway.smtp import Security, SmtpServer, read_mail_from
from shared.mail_address import BadAddress, read_mail_address
from shared.settings import CommonSettings, read_common


@dataclass(frozen=True)
class Settings:
    """What a notifier needs to start.

    `public_url` is where those who are told something find the pages. `coordinator_mail` holds the coordinator's
    addresses, none if nobody is to be told anything. `webhooks_to_loopback` lets volunteers' programs run on this
    machine, where all the rest does.
    """

    common: CommonSettings
    smtp: SmtpServer
    mail_from: str
    public_url: str
    coordinator_mail: tuple[str, ...]
    webhooks_to_loopback: bool


def read_notifier(env: FileAwareEnv) -> Settings:
    """Read the settings from `env`, which collects what is wrong with them."""
    host = env.str("SMTP_HOST")
    public_url = env.str("PUBLIC_URL", validate=_url)
    return Settings(
        common=read_common(env),
        smtp=SmtpServer(
            host=host,
            port=env.int("SMTP_PORT"),
            security=cast(Security, env.str("SMTP_SECURITY", "starttls", validate=partial(_security, host))),
            user=env.str("SMTP_USER", ""),
            password=env.str("SMTP_PASSWORD", ""),
        ),
        mail_from=env.str("MAIL_FROM", validate=_mail_from),
        public_url=public_url,
        coordinator_mail=_addresses(env.str("COORDINATOR_MAIL", "", validate=_all_addresses) or ""),
        webhooks_to_loopback=env.bool("WEBHOOKS_TO_LOOPBACK", False, validate=partial(_to_loopback, public_url)),
    )


def _security(host: str | None, value: str) -> None:
    """Refuse what is unknown, and clear text to any machine but this one."""
    if value not in {"starttls", "tls", "none"}:
        raise ValidationError("must be starttls, tls or none")
    if value == "none" and not is_loopback(host or ""):
        raise ValidationError("none is only for a mail server on this machine (SMTP_HOST on the loopback)")


def _to_loopback(public_url: str | None, value: bool) -> None:
    """Refuse to call this machine for people who are elsewhere: anybody could then reach what listens here alone."""
    if value and not is_loopback(_host(public_url or "")):
        raise ValidationError("true is only for where everything runs on this machine (PUBLIC_URL on the loopback)")


def is_loopback(host: str) -> bool:
    """Tell whether `host` names this machine's loopback and nothing else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _mail_from(value: str) -> None:
    try:
        read_mail_from(value)
    except ValueError:
        raise ValidationError("is not a mail address") from None


def _all_addresses(value: str) -> None:
    try:
        _addresses(value)
    except BadAddress:
        raise ValidationError("must be mail addresses, separated by commas") from None


def _addresses(value: str) -> tuple[str, ...]:
    """Return each address once; BadAddress if one is none."""
    return tuple(dict.fromkeys(read_mail_address(each) for each in value.split(",") if each.strip()))


def _url(value: str) -> None:
    if not value.startswith(("https://", "http://")) or "#" in value or "?" in value:
        raise ValidationError("must be the address of the start page, such as https://example.org")
