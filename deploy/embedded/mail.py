"""A mail server that delivers nothing: it keeps what it is given in memory and shows it on a page.

Run as `python -m deploy.embedded.mail SMTP_PORT HTTP_PORT`. The page is at /, the same as JSON at /api/messages.
"""

import email
import email.policy
import itertools
import os
import signal
import ssl
import sys
import threading
from collections import deque
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask, Response, abort, jsonify, render_template, request
from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.embedded.processes import LOOPBACK, Guard, Process, accepts_connections

KEPT_MESSAGES = 50_000
STARTUP_SECONDS = 30
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"


StoredMessage = dict[str, Any]
"""One accepted mail, as `Mailbox.add` makes it: `from` and `to` are the envelope's."""


def body_of(message: EmailMessage, kind: str) -> str:
    """Return the `plain` or `html` body of `message`, "" when it has none."""
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


class Mailbox:
    """All mail accepted so far, oldest first, in memory; beyond KEPT_MESSAGES the oldest are forgotten."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._messages: deque[StoredMessage] = deque(maxlen=KEPT_MESSAGES)
        self._lock = threading.Lock()

    def add(self, sender: str, recipients: list[str], content: bytes) -> StoredMessage:
        message = email.message_from_bytes(content, policy=email.policy.default)
        headers = [(name, str(value)) for name, value in message.items()]
        with self._lock:
            stored: StoredMessage = {
                "id": str(next(self._numbers)),
                "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "from": sender,
                "to": recipients,
                "subject": str(message["Subject"] or ""),
                "message_id": str(message["Message-ID"] or ""),
                "headers": headers,
                "text": body_of(message, "plain"),
                "html": body_of(message, "html"),
            }
            self._messages.append(stored)
        return stored

    def after(self, number: int) -> list[StoredMessage]:
        """Return the messages whose id is above `number`, oldest first; 0 gives all."""
        with self._lock:
            newer = itertools.takewhile(lambda message: int(message["id"]) > number, reversed(self._messages))
            return list(newer)[::-1]

    def find(self, number: str) -> StoredMessage | None:
        with self._lock:
            return next((message for message in self._messages if message["id"] == number), None)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Accept one mail; the name and the answer are aiosmtpd's."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.add(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return "250 kept, not delivered"


def create_app(mailbox: Mailbox) -> Flask:
    """Return the pages over `mailbox`: a list, one message, and the same as JSON."""
    app = Flask(__name__)

    @app.after_request
    def protect(response: Response) -> Response:
        # A mail's HTML is shown in a frame that may neither run scripts nor load anything from elsewhere.
        response.headers["Content-Security-Policy"] = CONTENT_POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/")
    def show_all() -> str:
        return render_template("mailbox.html", messages=mailbox.after(0)[::-1])

    @app.get("/messages/<number>")
    def show_one(number: str) -> str:
        message = mailbox.find(number)
        if message is None:
            abort(404)
        return render_template("message.html", message=message)

    @app.get("/api/messages")
    def list_all() -> Response:
        """Give all messages, oldest first; with ?after=<id> only newer ones, for a program that polls."""
        return jsonify(mailbox.after(request.args.get("after", 0, type=int)))

    return app


class Mail:
    """The mail server as a process of the stack: SMTP on one loopback port, its page on another."""

    def __init__(self, *, smtp_port: int, http_port: int, guard: Guard, log: Path) -> None:
        self.smtp_port = smtp_port
        self.url = f"http://{LOOPBACK}:{http_port}"
        self._ports = (smtp_port, http_port)
        environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(Path(__file__).parents[2])}
        command = [sys.executable, "-m", "deploy.embedded.mail", str(smtp_port), str(http_port)]
        self.process = Process("mail", command, guard=guard, log=log, environment=environment)

    def start(self) -> None:
        """Start it and wait until both ports answer. Raises StartupError."""
        self.process.start()
        self.process.wait_until(lambda: all(map(accepts_connections, self._ports)), seconds=STARTUP_SECONDS)


class QuietHandler(WSGIRequestHandler):
    """Serves without a line per request: a program that polls would fill the log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


def serve(host: str, smtp_port: int, page_port: int, tls: ssl.SSLContext | None = None) -> None:
    """Serve both ports of `host` until SIGTERM; with `tls` mail is taken by STARTTLS alone."""
    mailbox = Mailbox()
    pages = make_server(host, page_port, create_app(mailbox), threaded=True, request_handler=QuietHandler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=pages.shutdown).start())
    # Once both ports are open we may be stopped, so the last one opens when SIGTERM has its handler.
    smtp = Controller(
        mailbox, hostname=host, port=smtp_port, enable_SMTPUTF8=True, tls_context=tls, require_starttls=tls is not None
    )
    smtp.start()
    pages.serve_forever(poll_interval=0.05)
    smtp.stop()


if __name__ == "__main__":
    serve(LOOPBACK, int(sys.argv[1]), int(sys.argv[2]))
