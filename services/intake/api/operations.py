"""What an operation of the API is: what it asks for, what it answers, and every status that can occur.

Routing, validation and the OpenAPI document are made from the same few facts, so that the document cannot say anything
else than what happens. A key is asked for before the body is read.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from services.intake.api import problems
from services.intake.api.answers import Problem, StateAnswer
from services.intake.domain.refusals import Unknown
from services.intake.handlers.context import Intake
from services.intake.handlers.coordinator import check_token
from services.intake.schemas.fields import Strict
from shared.refs import REF_PATTERN

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

REF_SCHEMA = {"type": "string", "pattern": f"^{REF_PATTERN}$"}
REF_IN_PATH = {"in": "path", "name": "ref", "required": True, "schema": REF_SCHEMA}


class Key(StrEnum):
    """What opens something, as the security scheme of that name in the OpenAPI document."""

    REQUEST = "requestKey"
    VOLUNTEER = "volunteerKey"
    OFFER = "offerToken"
    COORDINATOR = "coordinatorToken"


@dataclass(frozen=True)
class Sent:
    """What came with a call: the key as it was typed, the validated body, the ref in the path, a home link's PIN."""

    key: str
    body: dict[str, Any]
    ref: str
    pin: str | None


@dataclass(frozen=True)
class Operation:
    """One operation. `does` returns what `answer` dumps, or that and another status.

    Where it returns a text, or None, the answer is that text, or `done`, as `status`. Of `keys` one will do; with
    none, no key is asked for. Without a `body` a field is refused. `also` lists further
    answers that are no refusals, `problems` the refusals beyond those that every such operation has.
    """

    method: str
    path: str
    name: str
    summary: str
    does: Callable[[Intake, Sent], Any]
    keys: tuple[Key, ...] = ()
    body: Schema | None = None
    body_required: bool = True
    answer: Schema = field(default_factory=StateAnswer)
    status: int = 200
    done: str = ""
    also: Mapping[int, Schema] = field(default_factory=dict)
    problems: Mapping[int, str] = field(default_factory=dict)
    parameters: tuple[Mapping[str, Any], ...] = ()

    def run(self, intake: Intake, ref: str = "") -> Response:
        """Answer the request that Flask has at hand."""
        key = bearer() if self.keys else ""
        try:
            body = self._load()
        except ValidationError as error:
            return problems.invalid(error.messages_dict)
        if Key.COORDINATOR in self.keys:
            check_token(intake, key)
        result = self.does(intake, Sent(key, body, ref, request.headers.get(PIN_HEADER)))
        answer, status = result if isinstance(result, tuple) else (result, self.status)
        if answer is None or isinstance(answer, str):
            answer = {"status": answer or self.done}
        response = jsonify(self.answer.dump(answer))
        response.status_code = status
        return response

    def document(self, tag: str) -> dict[str, Any]:
        """Return what the OpenAPI document says about it."""
        refusals = {
            **ALWAYS,
            **(WITH_KEY if self.keys else {}),
            **(WITH_BODY if self.method != "GET" else {}),
            **self.problems,
        }
        parameters = [*([REF_IN_PATH] if "<ref>" in self.path else []), *self.parameters]
        return {
            "tags": [tag],
            "summary": self.summary,
            "operationId": self.name,
            "responses": {
                **{
                    str(code): {"description": HTTPStatus(code).phrase, **_content(schema)}
                    for code, schema in {self.status: self.answer, **self.also}.items()
                },
                **{
                    str(code): {"description": text, **_content(Problem(), problems.PROBLEM_JSON)}
                    for code, text in sorted(refusals.items())
                },
            },
            "security": [{scheme: []} for scheme in self.keys],
            **({"parameters": parameters} if parameters else {}),
            **({"requestBody": {"required": self.body_required, **_content(self.body)}} if self.body else {}),
        }

    def _load(self) -> dict[str, Any]:
        if self.method == "GET":
            return {}
        required = self.body is not None and self.body_required
        loaded: dict[str, Any] = (self.body or NO_FIELDS).load(json_body(required=required))
        return loaded


def bearer() -> str:
    """Return the key in the Authorization header; Unknown if there is none."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise Unknown
    return value.strip()


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


def _content(schema: Schema, of_type: str = "application/json") -> dict[str, Any]:
    return {"content": {of_type: {"schema": schema}}}
