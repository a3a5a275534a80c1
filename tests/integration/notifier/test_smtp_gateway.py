"""The SMTP gateway against a real server with good and bad manners."""

import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from deploy.embedded.processes import LOOPBACK, free_port
from services.notifier.gateway.port import (
    AddressRefused,
    NoticeRefused,
    PermanentFailure,
    RenderedNotice,
    SendingFailed,
    ServerUnavailable,
)
from services.notifier.gateway.smtp import SmtpGateway, SmtpServer, read_mail_from
from shared.clock import SystemClock
from tests.integration.notifier.mail_server import (
    Certificate,
    Manners,
    dripping,
    knows_one_password,
    make_certificate,
    serving,
)

SOMEONE = "someone@example.net"
MESSAGE = RenderedNotice("d" * 26, SOMEONE, "A question", f"https://x.example/offer#{'t' * 49}\n", "<p>Text</p>\n")
FROM = read_mail_from("notices@example.org")


def gateway(
    port: int,
    security: Literal["starttls", "tls", "none"] = "none",
    *,
    tls: ssl.SSLContext | None = None,
    user: str = "",
    password: str = "",
    limit: float = 5.0,
) -> SmtpGateway:
    server = SmtpServer(LOOPBACK, port, security, user, password)
    return SmtpGateway(server, FROM, SystemClock(), tls=tls, limit=limit)


def failure_of(sender: SmtpGateway, message: RenderedNotice = MESSAGE) -> SendingFailed:
    with pytest.raises(SendingFailed) as caught:
        sender.send(message)
    assert caught.value.__context__ is None, "an error of the library, which carries the address, travels along"
    return caught.value


@pytest.fixture
def manners() -> Manners:
    return Manners()


@pytest.fixture
def port(manners: Manners) -> Iterator[int]:
    with serving(manners) as port:
        yield port


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


def test_a_message_arrives_with_its_id_and_unbroken_links(manners: Manners, port: int) -> None:
    gateway(port).send(MESSAGE)
    [mail] = manners.taken_by(SOMEONE)
    body = mail.get_body(("plain",))
    assert body is not None
    assert mail["Message-ID"] == f"<{'d' * 26}@example.org>"
    assert body.get_content().strip() == MESSAGE.text.strip()
    assert body["Content-Transfer-Encoding"] == "7bit"


def test_we_greet_by_the_senders_domain_and_not_by_the_name_of_the_machine(manners: Manners, port: int) -> None:
    gateway(port).send(MESSAGE)
    assert manners.greetings == ["example.org"]


def test_a_code_that_says_so_is_permanent(manners: Manners, port: int) -> None:
    manners.answers[SOMEONE] = [f"550 5.1.1 {SOMEONE} unknown"]
    failure = failure_of(gateway(port))
    assert isinstance(failure, PermanentFailure)
    assert str(failure) == "550 5.1.1"


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ("data 554 5.1.1 gone", PermanentFailure, "554 5.1.1"),
        ("550 unknown", AddressRefused, "550"),
        ("550-5.7.26 no SPF\r\n550 5.7.26 sorry", NoticeRefused, "550 5.7.26"),
        ("554 5.7.1 Relay access denied", NoticeRefused, "554 5.7.1"),
        ("data 554 refused", NoticeRefused, "554"),
        ("450 5.1.1 later", NoticeRefused, "450 5.1.1"),
        ("data 451 later", NoticeRefused, "451"),
        ("421 bye", ServerUnavailable, "421"),
    ],
)
def test_f34_a_refusal_is_told_by_its_step_and_its_code(
    manners: Manners, port: int, answer: str, kind: type[SendingFailed], code: str
) -> None:
    manners.answers[SOMEONE] = [answer]
    failure = failure_of(gateway(port))
    assert (type(failure), failure.code) == (kind, code)


def test_an_address_of_another_script_that_was_stored_before_is_sent_in_ascii(manners: Manners, port: int) -> None:
    gateway(port).send(replace(MESSAGE, recipient="someone@bücher.example"))
    assert len(manners.taken_by("someone@xn--bcher-kva.example")) == 1


def test_a_cut_after_the_message_leaves_its_outcome_unknown(manners: Manners, port: int) -> None:
    manners.answers[SOMEONE] = ["cut"]
    failure = failure_of(gateway(port))
    assert isinstance(failure, ServerUnavailable)
    assert failure.may_be_out


def test_nobody_there_is_the_servers_fault() -> None:
    failure = failure_of(gateway(free_port()))
    assert isinstance(failure, ServerUnavailable)
    assert failure.code == "unreachable"


def test_a_server_that_does_not_answer_is_left_in_time(manners: Manners, port: int) -> None:
    manners.answers[SOMEONE] = ["slow"]
    started = time.monotonic()
    failure = failure_of(gateway(port, limit=0.5))
    assert isinstance(failure, ServerUnavailable)
    assert time.monotonic() - started < 2


def test_a_server_that_drips_byte_by_byte_is_left_in_time_as_well() -> None:
    with dripping(pause=0.05) as port:
        started = time.monotonic()
        failure = failure_of(gateway(port, limit=0.5))
        elapsed = time.monotonic() - started
    assert isinstance(failure, ServerUnavailable)
    assert failure.code == "too_slow"
    assert elapsed < 2


def test_a_handshake_that_never_comes_is_left_in_time(certificate: Certificate) -> None:
    with dripping(pause=0.05) as port:
        started = time.monotonic()
        failure = failure_of(gateway(port, "tls", tls=certificate.trusted(), limit=0.5))
    assert isinstance(failure, ServerUnavailable)
    assert time.monotonic() - started < 2


def test_starttls_encrypts_before_anything_is_said(manners: Manners, certificate: Certificate) -> None:
    with serving(manners, tls_context=certificate.server(), require_starttls=True) as port:
        gateway(port, "starttls", tls=certificate.trusted()).send(MESSAGE)
    assert len(manners.taken_by(SOMEONE)) == 1


def test_a_server_without_starttls_gets_no_message_in_clear_text(manners: Manners, port: int) -> None:
    failure = failure_of(gateway(port, "starttls"))
    assert isinstance(failure, ServerUnavailable)
    assert failure.code == "no_starttls"
    assert manners.taken == []


def test_a_certificate_that_nobody_vouches_for_is_refused(manners: Manners, certificate: Certificate) -> None:
    with serving(manners, tls_context=certificate.server(), require_starttls=True) as port:
        failure = failure_of(gateway(port, "starttls"))
    assert isinstance(failure, ServerUnavailable)
    assert failure.code == "tls"
    assert manners.taken == []


def test_a_certificate_for_another_machine_is_refused(manners: Manners, tmp_path: Path) -> None:
    other = make_certificate(tmp_path / "other.pem", name="127.0.0.2")
    with serving(manners, tls_context=other.server(), require_starttls=True) as port:
        failure = failure_of(gateway(port, "starttls", tls=other.trusted()))
    assert isinstance(failure, ServerUnavailable)
    assert failure.code == "tls"


def test_tls_from_the_first_byte(manners: Manners, certificate: Certificate) -> None:
    with serving(manners, ssl_context=certificate.server()) as port:
        gateway(port, "tls", tls=certificate.trusted()).send(MESSAGE)
    assert len(manners.taken_by(SOMEONE)) == 1


def test_signing_in(manners: Manners, certificate: Certificate) -> None:
    options = {"tls_context": certificate.server(), "auth_required": True, "authenticator": knows_one_password}
    with serving(manners, **options) as port:
        gateway(port, "starttls", tls=certificate.trusted(), user="notifier", password="right").send(MESSAGE)
        wrong = gateway(port, "starttls", tls=certificate.trusted(), user="notifier", password="wrong")
        failure = failure_of(wrong)
    assert len(manners.taken_by(SOMEONE)) == 1
    assert isinstance(failure, ServerUnavailable), "a wrong password of ours is not the address's fault"
    assert failure.code == "535 5.7.8"
