"""The webhook gateway over real sockets, against programs with good and bad manners."""

import hmac
import json
import socket
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.embedded.processes import LOOPBACK, free_port
from services.notifier.gateway.connection import AddressInfo
from services.notifier.gateway.port import (
    AddressRefused,
    Call,
    PermanentFailure,
    RenderedNotice,
    SendingFailed,
)
from services.notifier.gateway.webhook import SIGNATURE, WebhookGateway, look_up
from tests.integration.notifier.hook_server import answering, endless, hook, silent
from tests.integration.notifier.mail_server import make_certificate

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CALL = Call("v" * 26, "offer", datetime(2026, 11, 22, 18, 30, tzinfo=UTC), "https://x.example/offer#t", "amber river")
SECRET = "5ec2e7"
LIMIT = 1.0


class FixedClock:
    def now(self) -> datetime:
        return NOW


class Resolver:
    """Says where a name leads: to each of `addresses` in turn, the last one for good."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.asked = 0

    def __call__(self, _host: str, port: int) -> Sequence[AddressInfo]:
        self.asked += 1
        address = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        return look_up(address, port)


def gateway(*, loopback: bool = True, limit: float = LIMIT, **options: object) -> WebhookGateway:
    def secret(volunteer: str) -> str:
        assert volunteer == CALL.volunteer
        return SECRET

    return WebhookGateway(secret, FixedClock(), loopback=loopback, limit=limit, **options)  # type: ignore[arg-type]


def message(url: str, call: Call = CALL) -> RenderedNotice:
    return RenderedNotice("d" * 26, url, "", "", "", call)


def failure_of(url: str, sender: WebhookGateway | None = None) -> SendingFailed:
    with pytest.raises(SendingFailed) as caught:
        (sender or gateway()).send(message(url))
    assert caught.value.__context__ is None, "an error of a library, which may carry the address, travels along"
    assert url not in str(caught.value)
    return caught.value


def test_a_call_says_what_it_is_until_when_and_where_to_go_and_nothing_else() -> None:
    with hook(answering("204 No Content")) as calls:
        gateway().send(message(f"http://{LOOPBACK}:{calls.port}/in?to=me"))
    assert calls.lines == ["POST /in?to=me HTTP/1.1"]
    assert json.loads(calls.bodies[0]) == {
        "id": "d" * 26,
        "notice": "offer",
        "until": "2026-11-22T18:30:00Z",
        "two_words": "amber river",
        "link": "https://x.example/offer#t",
    }
    assert set(calls.headers[0]) == {
        *("Host", "Content-Type", "Connection", "Accept-Encoding", "Content-Length"),
        SIGNATURE,
    }


def test_without_a_link_or_a_time_there_is_none() -> None:
    with hook(answering("200 OK")) as calls:
        call = Call(CALL.volunteer, "too_late", None, None, None)
        gateway().send(message(f"http://{LOOPBACK}:{calls.port}/", call))
    said = {"id": "d" * 26, "notice": "too_late", "until": None, "two_words": None}
    assert json.loads(calls.bodies[0]) == said


def test_a_call_is_signed_with_the_volunteers_secret_over_its_time_and_its_body() -> None:
    with hook(answering("200 OK")) as calls:
        gateway().send(message(f"http://{LOOPBACK}:{calls.port}/"))
    at = int(NOW.timestamp())
    expected = hmac.digest(SECRET.encode(), f"{at}.".encode() + calls.bodies[0], "sha256").hex()
    assert calls.headers[0][SIGNATURE] == f"t={at},v1={expected}"


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content"])
def test_any_2xx_means_that_it_was_taken(status: str) -> None:
    with hook(answering(status)) as calls:
        gateway().send(message(f"http://{LOOPBACK}:{calls.port}/"))
    assert len(calls.lines) == 1


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "404 Not Found", "410 Gone"])
def test_4xx_is_permanent(status: str) -> None:
    with hook(answering(status)) as calls:
        failure = failure_of(f"http://{LOOPBACK}:{calls.port}/")
    assert isinstance(failure, PermanentFailure)
    assert failure.code == status[:3]


@pytest.mark.parametrize("status", ["408 Timeout", "429 Too Many", "500 Oops", "503 Later", "101 Switching"])
def test_anything_else_is_worth_another_try(status: str) -> None:
    with hook(answering(status)) as calls:
        failure = failure_of(f"http://{LOOPBACK}:{calls.port}/")
    assert isinstance(failure, AddressRefused)
    assert failure.code == status[:3]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_f21_a_redirect_to_a_private_address_is_refused_for_good_and_not_followed(status: str) -> None:
    with hook(answering("200 OK")) as private:
        there = f"Location: http://{LOOPBACK}:{private.port}/"
        with hook(answering(status, there)) as calls:
            failure = failure_of(f"http://{LOOPBACK}:{calls.port}/")
    assert isinstance(failure, PermanentFailure)
    assert failure.code == "redirect"
    assert private.lines == []


def test_f21_an_answer_of_a_gigabyte_is_taken_by_its_status_and_left_where_it_is() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
    with hook(endless(head, b"x" * 65_536)) as calls:
        started = time.monotonic()
        gateway().send(message(f"http://{LOOPBACK}:{calls.port}/"))
        assert time.monotonic() - started < LIMIT


def test_f21_an_answer_that_never_ends_is_taken_by_its_status() -> None:
    with hook(endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.05)) as calls:
        started = time.monotonic()
        gateway().send(message(f"http://{LOOPBACK}:{calls.port}/"))
        assert time.monotonic() - started < LIMIT


@pytest.mark.parametrize(
    ("head", "chunk"),
    [(b"HTTP/1.1 200 O", b"K" * 65_536), (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 4_000), (b"", b"SSH-2.0 hello\r\n")],
)
def test_f21_a_head_without_end_and_what_is_no_http_are_refused_for_now(head: bytes, chunk: bytes) -> None:
    with hook(endless(head, chunk)) as calls:
        failure = failure_of(f"http://{LOOPBACK}:{calls.port}/")
    assert isinstance(failure, AddressRefused)
    assert (failure.code, failure.may_be_out) == ("not_http", True)


@pytest.mark.parametrize("answer", [silent, endless(b"", b"H", 0.05)])
def test_f21_a_program_that_does_not_come_to_an_end_is_left_in_time_and_may_have_heard(answer: object) -> None:
    with hook(answer) as calls:  # type: ignore[arg-type]
        started = time.monotonic()
        failure = failure_of(f"http://{LOOPBACK}:{calls.port}/", gateway(limit=0.5))
        elapsed = time.monotonic() - started
    assert isinstance(failure, AddressRefused)
    assert (failure.code, failure.may_be_out) == ("too_slow", True)
    assert elapsed < 2


def test_nobody_there_is_worth_another_try_and_has_heard_nothing() -> None:
    failure = failure_of(f"http://{LOOPBACK}:{free_port()}/")
    assert isinstance(failure, AddressRefused)
    assert (failure.code, failure.may_be_out) == ("unreachable", False)


def test_a_cut_after_the_call_leaves_its_outcome_unknown() -> None:
    with hook(lambda connection, _over: connection.close()) as calls:
        failure = failure_of(f"http://{LOOPBACK}:{calls.port}/")
    assert isinstance(failure, AddressRefused)
    assert failure.may_be_out


@pytest.mark.parametrize(
    "host", [LOOPBACK, "localhost", "[::1]", "2130706433", "0.0.0.0", "169.254.169.254", "10.0.0.1", "[::ffff:7f00:1]"]
)
def test_outside_the_embedded_stack_this_machine_and_its_neighbours_are_never_called(host: str) -> None:
    with hook(answering("200 OK")) as calls:
        failure = failure_of(f"https://{host}:{calls.port}/", gateway(loopback=False))
    assert isinstance(failure, PermanentFailure)
    assert failure.code == "private_address"
    assert calls.lines == []


def test_a_name_is_looked_up_once_so_that_it_cannot_lead_elsewhere_after_it_was_judged() -> None:
    resolver = Resolver(LOOPBACK, "169.254.169.254")
    with hook(answering("200 OK")) as calls:
        gateway(resolve=resolver).send(message(f"http://hook.example:{calls.port}/"))
    assert resolver.asked == 1
    assert calls.headers[0]["Host"] == f"hook.example:{calls.port}"


def test_a_name_that_leads_to_a_private_address_is_refused_for_good() -> None:
    failure = failure_of("https://hook.example/", gateway(loopback=False, resolve=Resolver("192.168.1.1")))
    assert isinstance(failure, PermanentFailure)


def test_a_name_that_nobody_knows_is_worth_another_try() -> None:
    def unknown(_host: str, _port: int) -> Sequence[AddressInfo]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    failure = failure_of("https://hook.example/", gateway(resolve=unknown))
    assert isinstance(failure, AddressRefused)
    assert failure.code == "no_such_name"


def test_a_look_up_that_does_not_come_back_is_left_in_time() -> None:
    over = threading.Event()

    def stuck(_host: str, _port: int) -> Sequence[AddressInfo]:
        over.wait(10)
        return []

    started = time.monotonic()
    failure = failure_of("https://hook.example/", gateway(resolve=stuck, limit=0.3))
    over.set()
    assert isinstance(failure, AddressRefused)
    assert (failure.code, failure.may_be_out) == ("too_slow", False)
    assert time.monotonic() - started < 2


def test_over_tls_the_name_is_what_was_written_and_the_certificate_is_held_against_it(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "hook.pem", name="hook.example")
    resolver = Resolver(LOOPBACK)
    with hook(answering("200 OK"), certificate.server()) as calls:
        trusting = gateway(resolve=resolver, tls=certificate.trusted())
        trusting.send(message(f"https://hook.example:{calls.port}/"))
        wrong_name = failure_of(f"https://other.example:{calls.port}/", trusting)
        nobody_vouches = failure_of(f"https://hook.example:{calls.port}/", gateway(resolve=resolver))
    assert calls.names[0] == "hook.example"
    assert len(calls.lines) == 1
    for failure in (wrong_name, nobody_vouches):
        assert isinstance(failure, AddressRefused)
        assert (failure.code, failure.may_be_out) == ("tls", False)
