"""The web process: gunicorn with one worker of many threads, and a listener for the matcher's judgements."""

import ctypes
import signal
import socket
import sys
import threading
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger as GunicornLogger
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker
from werkzeug.exceptions import BadRequest

from services.intake.api.problems import problem
from services.intake.app import create_app, with_headers
from services.intake.bootstrap import build_intake
from services.intake.handlers import judgements
from services.intake.handlers.context import Intake
from services.intake.settings import IntakeSettings, read_intake_settings
from services.intake.storage.tables import MIGRATIONS
from shared.database import listen
from shared.migrations import at_head
from shared.observability.health import HealthServer
from shared.observability.logging import LibraryFormatter, configure, error_fields, logger

THREADS = 16
POOL_SIZE = 8
"""Connections per database; as many again may be opened for a moment, so that every thread can have one."""

DRAIN_SECONDS = 8


class QuietLogger(GunicornLogger):  # type: ignore[misc]
    """Gunicorn's own log without what it would quote, such as an address."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(LibraryFormatter("intake"))


STATUS_OF = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.InvalidResponseHeader: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.InvalidResponseHeaderName: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""What gunicorn finds wrong -> the status; everything else about which it complains is a bad request."""


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker of threads; what never reaches the application is refused as the API refuses."""

    def handle_error(self, _req: Any, client: socket.socket, _addr: Any, exc: Exception) -> None:
        refuse(client, exc)


def refuse(client: socket.socket, error: Exception) -> None:
    """Send a problem document for a request that cannot be read, or for an answer that failed on our side."""
    otherwise = HTTPStatus.BAD_REQUEST if isinstance(error, errors.ParseException) else HTTPStatus.INTERNAL_SERVER_ERROR
    status = STATUS_OF.get(type(error), otherwise)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().error("request_failed", **error_fields(error))
    else:
        logger().warning("request_unreadable", status=status.value, error=type(error).__name__)
    with suppress(OSError):  # The visitor may have gone.
        util.write_nonblock(client, last_answer(problem(status)))


def last_answer(response: Response) -> bytes:
    """Return `response` with the headers of every answer, as the last that is sent on a connection."""
    headers = with_headers(response).headers
    lines = [f"HTTP/1.1 {response.status}", "Connection: close", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + response.get_data()


PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""


class WebServer(BaseApplication):  # type: ignore[misc]
    """Gunicorn, set up in code. The application is built after the fork, so that no connection is shared."""

    def __init__(self, settings: IntakeSettings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's options. Nothing about a visitor is ever logged."""
        options: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "worker_class": WebWorker,
            "workers": 1,
            "threads": THREADS,
            "graceful_timeout": DRAIN_SECONDS,
            "accesslog": None,
            "logger_class": QuietLogger,
            "loglevel": "warning",
            "control_socket_disable": True,
            "proc_name": "alongside-intake",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        configure("intake", self._settings.common.log_level)
        _end_with_the_master()
        intake = build_intake(self._settings, process="web", pool_size=POOL_SIZE)
        start_listener(intake)
        _start_internal_port(intake)
        app = create_app(intake)
        for broken in (errors.ParseException, errors.NoMoreData):
            # A body whose chunks are none is found out only when it is read.
            app.register_error_handler(broken, lambda _: app.handle_http_exception(BadRequest()))
        return app


def start_listener(intake: Intake) -> threading.Event:
    """Listen for judgements on a thread of its own until the returned event is set: the web process's only loop."""
    stop = threading.Event()

    def run() -> None:
        listen(
            intake.database.url,
            [judgements.CHANNEL],
            stop=stop,
            wake=lambda _channel, offer: intake.judgements.tell(offer),
            reconnected=intake.judgements.tell_all,
        )

    threading.Thread(target=run, name="judgements", daemon=True).start()
    return stop


def _end_with_the_master() -> None:
    """Let the kernel end this worker when its master is killed: else it would hold the ports of the next one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _start_internal_port(intake: Intake) -> None:
    common = intake.settings.common

    def ready() -> str | None:
        return None if at_head(intake.database.engine, MIGRATIONS) else "database_not_at_head"

    HealthServer(common.health_host, common.health_port, alive=lambda: None, ready=ready).start()


def main() -> int:
    """Serve until SIGTERM, which lets requests under way finish; return the exit code."""
    WebServer(read_intake_settings()).run()
    return 0
