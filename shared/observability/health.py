"""The internal port of a process: /healthz, /readyz and /metrics. It is never published outside."""

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.observability.logging import error_fields, logger
from shared.observability.metrics import VOCABULARY
from shared.vocabulary import vocabulary

Check = Callable[[], str | None]
"""Returns None when all is well, else one word that says what is not."""


class HealthServer(ThreadingHTTPServer):
    """Answers an operator's and an orchestrator's questions on threads of its own."""

    daemon_threads = True

    def __init__(self, host: str, port: int, *, alive: Check, ready: Check) -> None:
        """Listen on `host:port`; port 0 takes any free one."""
        super().__init__((host, port), _Handler)
        self.port = self.server_port
        self.checks = {"/healthz": alive, "/readyz": ready}

    def start(self) -> None:
        VOCABULARY.labels(vocabulary().fingerprint).set(1)
        threading.Thread(target=self.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        # The standard library would print the error with its message.
        error = sys.exception()
        logger().warning("health_answer_failed", **(error_fields(error) if error is not None else {}))


class _Handler(BaseHTTPRequestHandler):
    server: HealthServer

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
        elif check := self.server.checks.get(self.path):
            problem = _asked(check)
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


def _asked(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:
        return type(error).__name__
