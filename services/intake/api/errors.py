"""What becomes of every exception: a problem document for the API, a page for people. Never what somebody sent."""

from collections.abc import Callable

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from services.intake.api import problems
from services.intake.domain.refusals import Refusal
from shared.database import is_transient
from shared.observability.logging import error_fields, logger
from shared.vault.errors import KeyDestroyed

API = "/api/"
PageError = Callable[[int], Response]
"""Makes the page that says to a person what went wrong, from the status; it gets nothing else to say."""


def install(app: Flask, page_error: PageError | None) -> None:
    """Register what answers when something is refused or goes wrong, for the whole of `app`.

    Paths outside of the API are answered by `page_error`, where there are pages.
    """

    def answer(response: Response) -> Response:
        if page_error is None or request.path.startswith(API):
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
    app.register_error_handler(KeyDestroyed, lambda _: answer(problems.gone()))
    app.register_error_handler(HTTPException, lambda error: answer(problems.of_http(error)))
    app.register_error_handler(SQLAlchemyError, failed)
    app.register_error_handler(Exception, failed)
