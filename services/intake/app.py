"""The web application: the JSON API, the pages, health, and the headers that every answer carries."""

from typing import Any

from flask import Blueprint, Flask, Response, jsonify
from flask_smorest import Api

from services.intake import slowing
from services.intake.api import errors
from services.intake.api.coordination import coordination
from services.intake.api.errors import PageError
from services.intake.api.operations import COORDINATOR_TOKEN, OFFER_TOKEN, PIN_HEADER, REQUEST_KEY, VOLUNTEER_KEY
from services.intake.api.people import people
from services.intake.api.problems import away
from services.intake.api.reports import reports
from services.intake.api.talking import talking
from services.intake.api.volunteers import offers, volunteers
from services.intake.bootstrap import Parts
from services.intake.headers import with_headers
from services.intake.storage.tables import MIGRATIONS
from shared.migrations import at_head

LARGEST_BODY = 128 * 1024
"""Bytes; the longest form, with every text at its limit, is far below."""

DESCRIPTION = (
    "Finds a struggling clinician a peer, without leaving a trace. Keys and tokens go into the Authorization header as "
    "`Bearer`; case, spaces and hyphens in them do not matter."
)


class DocumentedApi(Api):  # type: ignore[misc]
    """Flask-smorest as the maker of the OpenAPI document alone: refusals are `errors`' work."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Register none."""


def create_app(parts: Parts, *, pages: Blueprint | None = None, page_error: PageError | None = None) -> Flask:
    """Return the application on `parts`, with the pages for people if they are given."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        API_TITLE="Alongside",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    app.extensions["intake"] = parts
    errors.install(app, page_error)
    slowing.install(app, slowing.Slowing(parts.tools.random))
    _document(app)
    _health(app, parts)
    if pages is not None:
        app.register_blueprint(pages)
    app.after_request(with_headers)
    return app


def _document(app: Flask) -> None:
    api = DocumentedApi(app, spec_kwargs={"info": {"description": DESCRIPTION}})
    for name, what in (
        (REQUEST_KEY, "The request key, shown once when asking."),
        (
            VOLUNTEER_KEY,
            "The volunteer key, shown once when applying; or the newest home link sent by mail, with the header "
            f"`{PIN_HEADER}` if the volunteer set a PIN.",
        ),
        (OFFER_TOKEN, "The token of one offer, from the link in a notice."),
        (COORDINATOR_TOKEN, "The coordinator's token, from this deployment's settings."),
    ):
        scheme: dict[str, Any] = {"type": "http", "scheme": "bearer", "description": what}
        api.spec.components.security_scheme(name, scheme)
    for blueprint in (people, volunteers, offers, talking, reports, coordination):
        api.register_blueprint(blueprint)


def _health(app: Flask, parts: Parts) -> None:
    """Answer whether the process lives, and whether its database is at the newest schema."""

    def ready() -> Response:
        return jsonify(status="ready") if at_head(parts.database.engine, MIGRATIONS) else away()

    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="alive"))
    app.add_url_rule("/readyz", "readyz", ready)
