"""The webhook gateway: one signed POST per notice to a program that a volunteer runs, five seconds in all.

The address comes from a stranger, so it is held to the open internet: the name is looked up once, what it stands for is
judged, and the connection goes to that very address, under the name for TLS and for the other side. Of the answer its
head alone is read, which is bounded; a body of any length is left where it is.
"""

import hmac
import http.client
import json
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Sequence

from services.notifier.gateway.connecting import AddressInfo, connect
from services.notifier.gateway.deadline import Deadline
from services.notifier.gateway.hook_address import HookAddress, check, read_hook_address
from services.notifier.gateway.port import AddressRefused, Call, Message, PermanentFailure, SendingFailed
from shared.clock import Clock, to_text

CALL_LIMIT = 5.0
"""Seconds for one call in all, the look-up of the name included."""

SIGNATURE = "Alongside-Signature"
"""The header `t=<Unix time>,v1=<hex>`: HMAC-SHA-256 of `<Unix time>.<body>` under the volunteer's secret."""

WORTH_ANOTHER_TRY = frozenset({408, 429})


def look_up(host: str, port: int) -> Sequence[AddressInfo]:
    """Return the addresses of `host` by the machine's own resolver; raises OSError or UnicodeError."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class WebhookGateway:
    """Calls webhooks. Thread-safe: each call has a connection of its own."""

    def __init__(
        self,
        secret: Callable[[str], str],
        clock: Clock,
        *,
        loopback: bool,
        resolve: Callable[[str, int], Sequence[AddressInfo]] = look_up,
        tls: ssl.SSLContext | None = None,
        limit: float = CALL_LIMIT,
    ) -> None:
        """Sign with the `secret` of a volunteer's ref; `loopback` lets this machine be called, in clear text too."""
        self._secret = secret
        self._clock = clock
        self._loopback = loopback
        self._resolve = resolve
        self._tls = tls or ssl.create_default_context()
        self._limit = limit

    def send(self, message: Message) -> None:
        """Make the call of `message`; see the port for how it can end."""
        if message.call is None:
            raise ValueError("this message has no call to make")
        address = read_hook_address(message.recipient)
        body = to_body(message.ref, message.call)
        headers = self._headers(address, message.call.volunteer, body)
        failure: SendingFailed | None = None
        begun = False
        with Deadline(self._limit) as deadline:
            try:
                with self._connect(address, deadline) as connection:
                    begun = True
                    failure = judge(post(connection, address, headers, body))
            except SendingFailed as error:
                failure = error
            except (OSError, http.client.HTTPException) as error:
                failure = AddressRefused(_name(error, late=deadline.passed), may_be_out=begun)
        # Raised outside the handler: a library's error may repeat the address, and would travel along as the context.
        if failure is not None:
            raise failure

    def _headers(self, address: HookAddress, volunteer: str, body: bytes) -> dict[str, str]:
        now = int(self._clock.now().timestamp())
        signature = hmac.digest(self._secret(volunteer).encode(), f"{now}.".encode() + body, "sha256").hex()
        return {
            "Host": address.authority,
            "Content-Type": "application/json",
            "Connection": "close",
            SIGNATURE: f"t={now},v1={signature}",
        }

    def _connect(self, address: HookAddress, deadline: Deadline) -> socket.socket:
        found = self._addresses(address, deadline)
        check(address, (info[4][0] for info in found), loopback=self._loopback)
        connection = connect(found, deadline)
        if not address.secure:
            return connection
        try:
            return self._tls.wrap_socket(connection, server_hostname=address.host)
        except BaseException:
            connection.close()
            raise

    def _addresses(self, address: HookAddress, deadline: Deadline) -> Sequence[AddressInfo]:
        """Look the name up within the deadline, which the resolver itself does not know of."""
        answer: queue.SimpleQueue[Sequence[AddressInfo] | None] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self._resolve(address.host, address.port))
            except (OSError, UnicodeError):
                answer.put(None)

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        try:
            found = answer.get(timeout=deadline.remaining())
        except queue.Empty:
            raise TimeoutError from None
        if not found:
            raise AddressRefused("no_such_name")
        return found


def to_body(ref: str, call: Call) -> bytes:
    """Return what a webhook is sent. `id` is the same at every attempt; a link is there only if there is one."""
    said: dict[str, str | None] = {
        "id": ref,
        "notice": call.notice,
        "until": to_text(call.until) if call.until is not None else None,
        "two_words": call.two_words,
    }
    return json.dumps(said if call.link is None else {**said, "link": call.link}).encode()


def post(connection: socket.socket, address: HookAddress, headers: dict[str, str], body: bytes) -> int:
    """Send a POST over `connection` and return the answer's status. Raises OSError and http.client.HTTPException."""
    client = http.client.HTTPConnection(address.host, address.port)
    client.sock = connection
    client.request("POST", address.target, body, headers)
    with client.getresponse() as answer:
        return answer.status


def judge(status: int) -> SendingFailed | None:
    """Return what the answer's `status` means for the delivery, None if it was taken."""
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return PermanentFailure("redirect")
    if 400 <= status < 500 and status not in WORTH_ANOTHER_TRY:
        return PermanentFailure(str(status))
    return AddressRefused(str(status))


def _name(error: Exception, *, late: bool) -> str:
    if late or isinstance(error, TimeoutError):
        return "too_slow"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "unreachable" if isinstance(error, OSError) else "not_http"
