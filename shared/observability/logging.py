"""Structured logs on standard error: one JSON object a line, a static event name, identifiers only."""

import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError


def configure(service: str, level: str) -> None:
    """Send the logs of this process, and warnings of the libraries it uses, to standard error as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        lambda _logger, _method, event: {"service": service, **event},
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LibraryFormatter(service))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    logger().critical("uncaught_error", **error_fields(error))


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        logger().critical("uncaught_error_in_thread", **error_fields(arguments.exc_value))


class LibraryFormatter(logging.Formatter):
    """Says that a library warned, from where, and nothing of what it said: its message may quote data."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._render = structlog.processors.JSONRenderer()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "service": self._service,
            "event": "library_warning",
            "level": record.levelname.lower(),
            "library": record.name,
            "where": f"{record.module}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[1]:
            fields |= error_fields(record.exc_info[1])
        return str(self._render(None, "", fields))


def logger() -> structlog.typing.FilteringBoundLogger:
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return bound


def error_fields(error: BaseException) -> dict[str, str]:
    """Describe `error` without its message, which may quote what a person wrote: class, SQLSTATE, file and line."""
    fields = {"error": type(error).__name__}
    if isinstance(error, DBAPIError) and error.orig is not None:
        fields["cause"] = type(error.orig).__name__
        fields["sqlstate"] = getattr(error.orig, "sqlstate", None) or ""
    frames = [
        f
        for f in traceback.extract_tb(error.__traceback__)
        if "/site-packages/" not in f.filename and f.filename.endswith(".py")
    ]
    if frames:
        parts = frames[-1].filename.split("/")
        fields["where"] = f"{'/'.join(parts[-3:])}:{frames[-1].lineno}"
    return fields
