"""The web application: the JSON API, the pages, health, and the headers that every answer carries."""

from flask import Blueprint, Flask, Response, jsonify

from services.intake import slowing
from services.intake.api import errors
from services.intake.api.errors import PageError
from services.intake.api.openapi import add_api
from services.intake.api.problems import away
from services.intake.bootstrap import Parts
from services.intake.headers import with_headers
from services.intake.storage.tables import MIGRATIONS
from shared.migrations import at_head

LARGEST_BODY = 128 * 1024
"""Bytes; the longest form, with every text at its limit, is far below."""


def create_app(parts: Parts, *, pages: Blueprint | None = None, page_error: PageError | None = None) -> Flask:
    """Return the application on `parts`, with the pages for people if they are given."""
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.extensions["intake"] = parts
    errors.install(app, page_error)
    slowing.install(app, slowing.Slowing(parts.tools.random))
    add_api(app)
    _health(app, parts)
    if pages is not None:
        app.register_blueprint(pages)
    app.after_request(with_headers)
    return app


def _health(app: Flask, parts: Parts) -> None:
    """Answer whether the process lives, and whether its database is at the newest schema."""

    def ready() -> Response:
        return jsonify(status="ready") if at_head(parts.database.engine, MIGRATIONS) else away()

    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="alive"))
    app.add_url_rule("/readyz", "readyz", ready)
