"""The webhook gateway: one signed POST per notice to a program that a volunteer runs, five seconds in all.

The address comes from a stranger, so it is held to the open internet: the name is looked up once, what it stands for is
judged, and the connection goes to that very address, under the name for TLS and for the other side. Of the answer its
head alone is read, which is bounded; a body of any length is left where it is.
"""

import hmac
import http.client
import ipaddress
import json
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.notifier.gateway.connection import AddressInfo, Deadline
from services.notifier.gateway.port import AddressRefused, Call, PermanentFailure, RenderedNotice, SendingFailed
from shared.clock import Clock, to_text

CALL_LIMIT = 5.0
"""Seconds for one call in all, the look-up of the name included."""

SIGNATURE = "Alongside-Signature"
"""The header `t=<Unix time>,v1=<hex>`: HMAC-SHA-256 of `<Unix time>.<body>` under the volunteer's secret."""

WORTH_ANOTHER_TRY = frozenset({408, 429})

INTERNET_V6 = ipaddress.IPv6Network("2000::/3")
CARRIES_V4 = (ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32"))
"""Tunnels (6to4, Teredo): such an address stands for an IPv4 one, which may be anything."""

NO_ONES = tuple(ipaddress.ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20"))
"""Kept for protocols, for relays into 6to4, and for documentation; Python 3.11 takes them for global all the same."""


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """The parts of a webhook's address; `authority` is the host and port as they are written, for the other side."""

    secure: bool
    host: str
    port: int
    authority: str
    target: str


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

    def send(self, notice: RenderedNotice) -> None:
        if notice.call is None:
            raise ValueError("this notice has no call to make")
        address = read_webhook_address(notice.recipient)
        body = to_body(notice.ref, notice.call)
        headers = self._headers(address, notice.call.volunteer, body)
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

    def _headers(self, address: WebhookAddress, volunteer: str, body: bytes) -> dict[str, str]:
        now = int(self._clock.now().timestamp())
        signature = hmac.digest(self._secret(volunteer).encode(), f"{now}.".encode() + body, "sha256").hex()
        return {
            "Host": address.authority,
            "Content-Type": "application/json",
            "Connection": "close",
            SIGNATURE: f"t={now},v1={signature}",
        }

    def _connect(self, address: WebhookAddress, deadline: Deadline) -> socket.socket:
        found = self._addresses(address, deadline)
        check(address, (info[4][0] for info in found), loopback=self._loopback)
        connection = deadline.connect(found)
        if not address.secure:
            return connection
        try:
            return self._tls.wrap_socket(connection, server_hostname=address.host)
        except BaseException:
            connection.close()
            raise

    def _addresses(self, address: WebhookAddress, deadline: Deadline) -> Sequence[AddressInfo]:
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
    """Return what a webhook is sent. `id` is the same at every try; a link is there only if there is one."""
    said: dict[str, str | None] = {
        "id": ref,
        "notice": call.notice,
        "until": to_text(call.until) if call.until is not None else None,
        "two_words": call.two_words,
    }
    return json.dumps(said if call.link is None else {**said, "link": call.link}).encode()


def post(connection: socket.socket, address: WebhookAddress, headers: dict[str, str], body: bytes) -> int:
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


def read_webhook_address(url: str) -> WebhookAddress:
    """Return the parts of `url`. Raises PermanentFailure unless it is an address of the web without a password."""
    if not url.isascii() or not url.isprintable() or set(url) & set(' "\\'):
        raise PermanentFailure("not_an_address")
    try:
        parts = urlsplit(url)
        secure, host, port = parts.scheme == "https", parts.hostname, parts.port
    except ValueError:
        raise PermanentFailure("not_an_address") from None
    if parts.scheme not in {"https", "http"} or not host or "@" in parts.netloc or "%" in host:
        raise PermanentFailure("not_an_address")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebhookAddress(secure, host, port or (443 if secure else 80), parts.netloc, target)


def check(address: WebhookAddress, found: Iterable[str], *, loopback: bool) -> None:
    """Raise PermanentFailure unless everything `found` under the name of `address` may be called.

    That is the open internet over TLS; with `loopback` also this machine, in clear text too.
    """
    for text in found:
        ip = ipaddress.ip_address(text)
        here = loopback and ip.is_loopback
        if not here and not address.secure:
            raise PermanentFailure("clear_text")
        if not here and not is_public(ip):
            raise PermanentFailure("private_address")


def is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether `ip` belongs to one machine of the open internet, and stands for no other address."""
    odd = ip.version == 6 and (ip not in INTERNET_V6 or any(ip in tunnel for tunnel in CARRIES_V4))
    odd = odd or any(ip in network for network in NO_ONES)
    return not odd and ip.is_global and not ip.is_multicast and not ip.is_reserved
