"""Problem documents (RFC 9457): what went wrong, and which field; never a value that somebody sent."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, json
from werkzeug.exceptions import HTTPException

from services.intake.domain.refusals import (
    Gone,
    Invalid,
    NoSuchVolunteer,
    NotYet,
    OtherAnswer,
    OtherBody,
    Refusal,
    Unknown,
    WrongState,
)

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 5
"""After how many seconds somebody may try again while the database is out of reach."""

NO_SUCH_KEY = "This key opens nothing here. Keys are shown once and cannot be recovered."


def problem(
    status: HTTPStatus,
    detail: str | None = None,
    *,
    errors: list[dict[str, str]] | None = None,
    state: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document with `status`."""
    body: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": status.value}
    extras = {"detail": detail, "errors": errors, "state": state}
    body |= {name: value for name, value in extras.items() if value is not None}
    return Response(json.dumps(body), status.value, headers, content_type=PROBLEM_JSON)


def refused(refusal: Refusal) -> Response:
    """Return the problem document for a command that was refused."""
    match refusal:
        case Invalid():
            return _one_field(refusal.field, refusal.message)
        case OtherBody():
            return _one_field("Idempotency-Key", "It was used before, with another body.")
        case WrongState():
            return problem(HTTPStatus.CONFLICT, "This does not fit where it stands now.", state=refusal.state)
        case OtherAnswer():
            return problem(HTTPStatus.CONFLICT, "The other answer was given before, and it holds.", state=refusal.given)
        case _:
            return _BARE[type(refusal)]()


def _one_field(field: str, message: str) -> Response:
    errors = [{"field": field, "message": message}]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "One of the fields cannot be taken.", errors=errors)


def unknown() -> Response:
    """Return the answer to a key that opens nothing, whatever is wrong with it."""
    return problem(HTTPStatus.UNAUTHORIZED, NO_SUCH_KEY, headers={"WWW-Authenticate": "Bearer"})


def one_moment() -> Response:
    """Return the answer while an offer is on its way from the matcher: its mail was faster. No failure."""
    body = json.dumps({"outcome": "unknown"})
    return Response(body, HTTPStatus.ACCEPTED, {"Retry-After": "1"}, content_type="application/json")


def invalid(messages: Mapping[str, Any]) -> Response:
    """Return the problem document for a body that its schema refused; `messages` as marshmallow gives them."""
    errors = [{"field": path, "message": text} for path, text in _flattened(messages)]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Some fields cannot be taken.", errors=errors)


def gone() -> Response:
    """Return the answer for what was erased."""
    return problem(HTTPStatus.GONE, "This was erased at its owner's wish.")


def away() -> Response:
    """Return the answer while a database is out of reach."""
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "We cannot reach our own memory at this moment. Please try again: what was done already is not done twice.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def of_http(error: HTTPException) -> Response:
    """Return the problem document for what the framework refused: no such page, wrong method, too large."""
    status = HTTPStatus(error.code or 500)
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return problem(status, _DETAILS.get(status), headers=kept)


_BARE: dict[type[Refusal], Callable[[], Response]] = {
    Gone: gone,
    NoSuchVolunteer: lambda: problem(HTTPStatus.NOT_FOUND, "No such volunteer."),
    NotYet: one_moment,
    Unknown: unknown,
}
"""Refusals that carry nothing."""

_DETAILS = {
    HTTPStatus.BAD_REQUEST: "The body is no JSON.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than any form of ours.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send the body as application/json.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "This is our fault. Nothing was lost that was answered before.",
}


def _flattened(messages: Any, path: str = "") -> list[tuple[str, str]]:
    """Return (path, message) of every error; marshmallow nests them by field and by place in a list."""
    if isinstance(messages, Mapping):
        return [
            each
            for name, inner in messages.items()
            for each in _flattened(inner, f"{path}.{name}" if path and name != "_schema" else path or str(name))
        ]
    texts = messages if isinstance(messages, list) else [messages]
    return [(path, str(text)) for text in texts]
