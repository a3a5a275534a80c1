"""One decorator that says all about an operation: its key, its body, its answers and every status that can occur.

It holds routing, validation and the OpenAPI document together, so that the document cannot say anything else than what
happens. A key is asked for before the body is read.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from inspect import getdoc
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from services.intake.api import problems as refused
from services.intake.api.problems import PROBLEM_JSON
from services.intake.domain.refusals import Unknown
from services.intake.handlers.context import Intake
from services.intake.schemas.answers import Problem
from services.intake.schemas.fields import Strict
from shared.refs import REF_PATTERN

View = Callable[..., Any]

REQUEST_KEY, VOLUNTEER_KEY = "requestKey", "volunteerKey"
OFFER_TOKEN, COORDINATOR_TOKEN = "offerToken", "coordinatorToken"
PIN_HEADER = "Alongside-Pin"

ALWAYS = {503: "The database is out of reach; nothing was stored."}
WITH_KEY = {401: "No such key, or none given."}
WITH_BODY = {
    400: "The body is no JSON.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    422: "A field is missing, unknown or wrong.",
}

NO_FIELDS = Strict()
"""For what takes no body: nothing and {} are fine, and a field is refused like any other that is unknown."""


SPEC = "openapi"
"""The application's extension that collects what every operation says about itself."""

REF_IN_PATH = {
    "in": "path",
    "name": "ref",
    "required": True,
    "schema": {"type": "string", "pattern": f"^{REF_PATTERN}$"},
}


def operation(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    answer: Schema,
    status: int = 200,
    key: str | tuple[str, ...] | None = None,
    body: Schema | None = None,
    body_required: bool = True,
    also: Mapping[int, Schema] | None = None,
    problems: Mapping[int, str] | None = None,
    parameters: list[dict[str, Any]] | None = None,
) -> Callable[[View], View]:
    """Register a view for `method` and `path`.

    The view is called with the key as it was sent (if `key` names a security scheme, or several of which one will do),
    the validated body (if there is a `body`; else one with fields is refused), and the parts of the path by name. It
    returns what `answer` dumps, or that and another status. `also` lists further answers that are no refusals,
    `problems` the refusals beyond those that every such operation has.
    """
    may_carry_body = method != "GET"
    refusals = {**ALWAYS, **(WITH_KEY if key else {}), **(WITH_BODY if may_carry_body else {}), **(problems or {})}

    def register(view: View) -> View:
        @wraps(view)
        def run(**in_path: Any) -> Response:
            sent: list[Any] = [bearer()] if key else []
            if may_carry_body:
                try:
                    loaded = (body or NO_FIELDS).load(json_body(required=body is not None and body_required))
                except ValidationError as error:
                    return refused.invalid(error.messages_dict)
                sent += [loaded] if body else []
            result, code = _with_status(view(*sent, **in_path), status)
            response = jsonify(answer.dump(result))
            response.status_code = code
            return response

        def document(state: BlueprintSetupState) -> None:
            said = {
                "tags": [blueprint.name],
                "summary": (getdoc(view) or "").splitlines()[0],
                "operationId": view.__name__,
                "responses": {
                    **{str(code): _success(code, schema) for code, schema in {status: answer, **(also or {})}.items()},
                    **{str(code): _refusal(text) for code, text in sorted(refusals.items())},
                },
                "security": [{scheme: []} for scheme in ([key] if isinstance(key, str) else key or ())],
            }
            if "<ref>" in path or parameters:
                said["parameters"] = [*([REF_IN_PATH] if "<ref>" in path else []), *(parameters or [])]
            if body:
                said["requestBody"] = _body(body, required=body_required)
            url = f"{blueprint.url_prefix}{path}".replace("<ref>", "{ref}")
            state.app.extensions[SPEC].path(url, operations={method.lower(): said})

        blueprint.add_url_rule(path, endpoint=view.__name__, view_func=run, methods=[method])
        blueprint.record(document)
        return view

    return register


def bearer() -> str:
    """Return the key in the Authorization header; Unknown if there is none."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise Unknown
    return value.strip()


def this_intake() -> Intake:
    """Return intake as this application was built on it."""
    return cast(Intake, current_app.extensions["intake"])


def pin() -> str | None:
    """Return the PIN that came with a home link, None if none did."""
    return request.headers.get(PIN_HEADER)


def json_body(*, required: bool = True) -> Any:
    """Return the decoded body of this request, {} where there is none and none is required."""
    sent = request.get_data(cache=True)
    if len(sent) == request.max_content_length:
        # A body that does not tell its length beforehand is cut off at the limit without a word.
        raise RequestEntityTooLarge
    if not sent and not required:
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):
        raise BadRequest from None


def _with_status(result: Any, usual: int) -> tuple[Any, int]:
    return result if isinstance(result, tuple) else (result, usual)


def _success(code: int, schema: Schema) -> dict[str, Any]:
    return {"description": HTTPStatus(code).phrase, "content": {"application/json": {"schema": schema}}}


def _refusal(text: str) -> dict[str, Any]:
    return {"description": text, "content": {PROBLEM_JSON: {"schema": Problem}}}


def _body(schema: Schema, *, required: bool) -> dict[str, Any]:
    return {"required": required, "content": {"application/json": {"schema": schema}}}
