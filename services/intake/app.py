"""The web application: both doors (the JSON API and the pages), health, and the headers that every answer carries."""

from collections.abc import Callable

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, InternalServerError

from services.intake import throttle
from services.intake.api import problems
from services.intake.api.openapi import add_api
from services.intake.domain.refusals import Gone, Refusal
from services.intake.handlers.context import Intake
from services.intake.schemas.places import KNOWN
from services.intake.storage.tables import MIGRATIONS
from services.intake.web.pages import Pages
from shared.database import is_transient
from shared.migrations import at_head
from shared.observability.logging import error_fields, logger
from shared.vault.errors import KeyDestroyed

LARGEST_BODY = 128 * 1024
"""Bytes; the longest form, with every text at its limit, is far below."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""Nothing stays, nothing is embedded, nothing is told to others. A page has a Content-Security-Policy of its own."""


def create_app(intake: Intake) -> Flask:
    """Return the application. Nothing is connected: the first page is there without any database."""
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY)
    pages = Pages(intake)
    _answer_errors(app, pages.error)
    app.before_request(lambda: _know(intake))
    throttle.install(app, throttle.Throttle(intake.random))
    add_api(app, intake)
    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="alive"))
    app.add_url_rule("/readyz", "readyz", lambda: _ready(intake))
    app.register_blueprint(pages.blueprint)
    app.after_request(with_headers)
    return app


def _answer_errors(app: Flask, page_error: Callable[[int], Response]) -> None:
    """Answer whatever is refused or goes wrong: with a problem document in the API, else with the page for its status.

    Neither repeats what somebody sent.
    """

    def answer(response: Response) -> Response:
        if request.path.startswith("/api/"):
            return response
        page = page_error(response.status_code)
        page.headers.extend({name: value for name, value in response.headers if name in {"Allow", "Retry-After"}})
        return page

    def failed(error: Exception) -> Response:
        if is_transient(error):
            logger().warning("database_away", **error_fields(error))
            return answer(problems.away())
        logger().error("request_failed", endpoint=request.endpoint or "", **error_fields(error))
        return answer(problems.of_http(InternalServerError()))

    app.register_error_handler(Refusal, lambda error: answer(problems.refused(error)))
    # Its owner erases it at this very moment, in another request.
    app.register_error_handler(KeyDestroyed, lambda _: answer(problems.refused(Gone())))
    app.register_error_handler(HTTPException, lambda error: answer(problems.of_http(error)))
    app.register_error_handler(Exception, failed)


def with_headers(response: Response) -> Response:
    """Return `response` with every header that it has not set itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _know(intake: Intake) -> None:
    KNOWN.set(intake.register.knows)


def _ready(intake: Intake) -> Response:
    """Answer whether the database is at the newest schema."""
    return jsonify(status="ready") if at_head(intake.database.engine, MIGRATIONS) else problems.away()
