"""The internal port of a process: /healthz, /readyz and /metrics. It is never published outside."""

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.observability.logging import error_fields, logger

Check = Callable[[], str | None]
"""Returns None when all is well, else one word that says what is not."""


class HealthServer:
    """Answers an operator's and an orchestrator's questions on threads of its own."""

    def __init__(self, host: str, port: int, *, alive: Check, ready: Check) -> None:
        """Listen on `host:port`; port 0 takes any free one."""
        self._server = _QuietServer((host, port), _handler(alive, ready))
        self.port = int(self._server.server_address[1])

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _QuietServer(ThreadingHTTPServer):
    """Logs where an answer failed; the standard library would print the error with its message."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        error = sys.exception()
        logger().warning("health_answer_failed", **(error_fields(error) if error is not None else {}))


def _asked(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:
        return type(error).__name__


def _handler(alive: Check, ready: Check) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
            elif self.path in ("/healthz", "/readyz"):
                problem = _asked(alive if self.path == "/healthz" else ready)
                self._answer(503 if problem else 200, "text/plain", (problem or "ok").encode())
            else:
                self._answer(404, "text/plain", b"not found")

        def _answer(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing: probes come every few seconds."""

    return Handler
