"""Which addresses a webhook may have: the open internet, and this machine where everything else runs on it as well."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.notifier.gateway.port import PermanentFailure

INTERNET_V6 = ipaddress.IPv6Network("2000::/3")
CARRIES_V4 = (ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32"))
"""Tunnels (6to4, Teredo): such an address stands for an IPv4 one, which may be anything."""

NO_ONES = tuple(ipaddress.ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20"))
"""Kept for protocols, for relays into 6to4, and for documentation; Python 3.11 takes them for global all the same."""


@dataclass(frozen=True, slots=True)
class HookAddress:
    """The parts of a webhook's address; `authority` is the host and port as they are written, for the other side."""

    secure: bool
    host: str
    port: int
    authority: str
    target: str


def read_hook_address(url: str) -> HookAddress:
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
    return HookAddress(secure, host, port or (443 if secure else 80), parts.netloc, target)


def check(address: HookAddress, found: Iterable[str], *, loopback: bool) -> None:
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
