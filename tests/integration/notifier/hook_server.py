"""A volunteer's own program: a real HTTP server on a socket, whose answer each test chooses."""

import email.parser
import email.policy
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from deploy.embedded.processes import LOOPBACK

Answer = Callable[[socket.socket, threading.Event], None]
"""Writes to the connection; the event says that the test is over."""


@dataclass
class Calls:
    """What the server was sent: request line, headers and body of each call; and names asked for by TLS."""

    port: int = 0
    lines: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)


def answering(status: str, *headers: str, body: bytes = b"") -> Answer:
    """Return an answer of `status`, e.g. `200 OK`."""
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()
    return lambda connection, _over: connection.sendall(head + body)


def endless(head: bytes, chunk: bytes, pause: float = 0.0) -> Answer:
    """Return an answer that begins with `head` and goes on with `chunk` until the other side hangs up."""

    def write(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(head)
        while not over.wait(pause):
            connection.sendall(chunk)

    return write


def silent(_connection: socket.socket, over: threading.Event) -> None:
    """Answer nothing."""
    over.wait(30)


@contextmanager
def hook(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Calls]:
    """Serve on a free loopback port; every call gets `answer`."""
    calls, over = Calls(), threading.Event()
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: calls.names.append(name)
    listener = socket.create_server((LOOPBACK, 0))
    calls.port = listener.getsockname()[1]

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            # What a client that hangs up leaves behind is no failure of the test.
            try:
                with tls.wrap_socket(connection, server_side=True) if tls else connection as served:
                    _read(served, calls)
                    answer(served, over)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield calls
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _read(connection: socket.socket, calls: Calls) -> None:
    reader = connection.makefile("rb")
    calls.lines.append(reader.readline().decode().strip())
    head = b"".join(iter(reader.readline, b"\r\n"))
    headers = dict(email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head).items())
    calls.headers.append(headers)
    calls.bodies.append(reader.read(int(headers["Content-Length"])))
