"""Problem documents (RFC 9457): what went wrong, and which field; never a value that somebody sent."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, json
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date

from services.intake.domain import refusals
from services.intake.domain.faults import faults_in
from services.intake.domain.refusals import Closed, Refusal
from services.intake.texts.saying import fault_said

PROBLEM_JSON = "application/problem+json"


def problem(
    status: HTTPStatus,
    detail: str | None = None,
    *,
    errors: list[dict[str, str]] | None = None,
    state: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": status.value}
    extras = {"detail": detail, "errors": errors, "state": state}
    body |= {name: value for name, value in extras.items() if value is not None}
    return Response(json.dumps(body), status.value, headers, content_type=PROBLEM_JSON)


def refused(refusal: Refusal) -> Response:
    """Return the problem document for a command that was refused."""
    return _ANSWERS[type(refusal)](refusal)


def _closed(refusal: Closed) -> Response:
    until = f" until {refusal.until.day} {refusal.until:%B %Y}" if refusal.until else " at present"
    return _conflict(f"New requests are not taken{until}. Nothing was stored.", "closed")


def _conflict(detail: str, state: str) -> Response:
    return problem(HTTPStatus.CONFLICT, detail, state=state)


def _one_field(field: str, message: str) -> Response:
    errors = [{"field": field, "message": message}]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "One of the fields cannot be taken.", errors=errors)


def _unknown(detail: str, state: str | None = None) -> Response:
    return problem(HTTPStatus.UNAUTHORIZED, detail, state=state, headers={"WWW-Authenticate": "Bearer"})


def invalid(messages: Mapping[str, Any]) -> Response:
    """Return the problem document for a body that its schema refused; `messages` as marshmallow gives them."""
    errors = [{"field": path, "message": fault_said(fault)} for path, fault in faults_in(messages)]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Some fields cannot be taken.", errors=errors)


def away() -> Response:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "We cannot reach our own memory at this moment. Please try again: what was done already is not done twice.",
        headers={"Retry-After": "5"},
    )


def of_http(error: HTTPException) -> Response:
    """Return the problem document for what the framework refused: no such page, wrong method, too large."""
    status = HTTPStatus(error.code or 500)
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return problem(status, _DETAILS.get(status), headers=kept)


_ANSWERS: dict[type[Refusal], Callable[[Any], Response]] = {
    refusals.AddressHeld: lambda _: _conflict(
        "Another volunteer has this address, whom `same_address` names. Suspend one of the two first.", "address_held"
    ),
    refusals.Closed: _closed,
    refusals.Gone: lambda _: problem(HTTPStatus.GONE, "This was erased: its owner wished so, or its time was over."),
    refusals.Invalid: lambda refusal: _one_field(refusal.field, fault_said(refusal.fault)),
    refusals.NoSuch: lambda refusal: problem(HTTPStatus.NOT_FOUND, f"No such {refusal.what}."),
    # The offer is on its way from the matcher: its mail was faster. No failure.
    refusals.NotYet: lambda _: Response(
        json.dumps({"outcome": "unknown"}), HTTPStatus.ACCEPTED, {"Retry-After": "1"}, content_type="application/json"
    ),
    refusals.OldLink: lambda _: _unknown("A newer link was sent since, and only the newest counts.", "old_link"),
    refusals.OtherAnswer: lambda refusal: _conflict("The other answer was given before, and it holds.", refusal.given),
    refusals.OtherBody: lambda _: _one_field("Idempotency-Key", "It was used before, with another body."),
    refusals.PinBlocked: lambda refusal: problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many wrong PINs.",
        state="pin",
        headers={"Retry-After": http_date(refusal.until)},
    ),
    refusals.PinNeeded: lambda refusal: _unknown("This PIN is wrong." if refusal.wrong else "A PIN is needed.", "pin"),
    refusals.Unknown: lambda _: _unknown("This key opens nothing here. Keys are shown once and cannot be recovered."),
    refusals.WrongState: lambda refusal: _conflict("This does not fit where it stands now.", refusal.state),
}

_DETAILS = {
    HTTPStatus.BAD_REQUEST: "The body is no JSON.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than any form of ours.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send the body as application/json.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "This is our fault. Nothing was lost that was answered before.",
}
