"""What the web server says when a request never reaches the application, or its answer fails."""

import socket
from http import HTTPStatus

import pytest
from gunicorn.http import errors
from structlog.testing import capture_logs

from services.intake.web_server import refuse


def refused(error: Exception) -> tuple[str, list[str]]:
    """Return what is sent for `error`, and the names of the events logged, in which nothing planted may be."""
    visitor, server = socket.socketpair()
    with visitor, server, capture_logs() as logs:
        refuse(server, error)
        answer = visitor.recv(4096).decode()
    assert "planted" not in f"{answer}{logs}"
    return answer, [entry["event"] for entry in logs]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidRequestLine("planted"), HTTPStatus.BAD_REQUEST),
        (errors.InvalidHeader("planted"), HTTPStatus.BAD_REQUEST),
        (errors.LimitRequestLine("planted"), HTTPStatus.REQUEST_URI_TOO_LONG),
        (errors.LimitRequestHeaders("planted"), HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    ],
)
def test_what_cannot_be_read_is_the_visitors_matter_and_no_failure(error: Exception, status: HTTPStatus) -> None:
    answer, logged = refused(error)
    assert answer.startswith(f"HTTP/1.1 {status.value} ")
    assert logged == ["request_unreadable"]


@pytest.mark.parametrize("error", [ValueError("planted"), errors.InvalidResponseHeader("planted")])
def test_what_fails_on_our_side_is_our_fault(error: Exception) -> None:
    answer, logged = refused(error)
    assert answer.startswith("HTTP/1.1 500 ")
    assert "\r\nContent-Type: application/problem+json\r\n" in answer
    assert "\r\nCache-Control: no-store\r\n" in answer
    assert logged == ["request_failed"]


def test_a_visitor_who_has_gone_is_no_failure() -> None:
    visitor, server = socket.socketpair()
    with server, capture_logs() as logs:
        visitor.close()
        refuse(server, errors.InvalidRequestLine("planted"))
    assert [entry["event"] for entry in logs] == ["request_unreadable"]
