"""Forms that come one after the other from the same address are slowed, and never refused (T12).

No address is kept: a count stands under a hash whose key is made anew every ten minutes, in memory alone.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from flask import Flask, request

from shared.vault.randomness import RandomSource

KEY_SECONDS = 600
AT_ONCE = 5
"""So many forms within one key's life cost nothing: a ward may share one address."""

STEP_SECONDS = 1.0
LONGEST_SECONDS = 5.0
SLOTS = 4
"""So many threads may be held at a time; with all taken a form passes, so that nobody else has to wait for a thread."""

MOST_ADDRESSES = 50_000
PREFIX = 64
"""Bits of an IPv6 address that one household or one visitor holds."""

FORMS = {
    ("/ask", None),
    ("/volunteer", "apply"),
    ("/api/v1/requests", None),
    ("/api/v1/volunteers", None),
    ("/volunteer", "link"),
    ("/api/v1/volunteer/link", None),
    ("/api/v1/safety-report", None),
}
"""What is throttled: path, and the step of a page that has several."""


class Throttle:
    """How often which address sent a form lately. Threads may share it."""

    def __init__(
        self,
        random: RandomSource,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._random, self._now, self._sleep = random, now, sleep
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(SLOTS)
        self._key, self._key_ends = b"", now()
        self._counts: dict[bytes, int] = {}

    def wait(self, address: str) -> None:
        """Count one form from `address`, and wait if there were many; this machine itself never waits."""
        whose = _household(address)
        if whose is None:
            return
        pause = min((self._count(whose) - AT_ONCE) * STEP_SECONDS, LONGEST_SECONDS)
        if pause > 0 and self._slots.acquire(blocking=False):
            try:
                self._sleep(pause)
            finally:
                self._slots.release()

    def _count(self, whose: bytes) -> int:
        with self._lock:
            if self._now() >= self._key_ends or len(self._counts) >= MOST_ADDRESSES:
                self._key, self._key_ends = self._random(32), self._now() + KEY_SECONDS
                self._counts.clear()
            name = hashlib.blake2b(whose, key=self._key, digest_size=16).digest()
            self._counts[name] = self._counts.get(name, 0) + 1
            return self._counts[name]


def install(app: Flask, throttle: Throttle) -> None:
    """Slow the forms of `app`, before anything of them is read."""

    def slow() -> None:
        if request.method == "POST" and _is_form():
            throttle.wait(visitor(request.headers.get("X-Forwarded-For", ""), request.remote_addr or ""))

    app.before_request(slow)


def visitor(forwarded: str, remote: str) -> str:
    """Return the address of the visitor: what the gateway says, else who is connected."""
    return forwarded.rpartition(",")[2].strip() or remote


def _is_form() -> bool:
    steps = [step for path, step in FORMS if path == request.path]
    return any(step is None or step == request.form.get("step") for step in steps)


def _household(text: str) -> bytes | None:
    """Return what is counted of an address; None for this machine itself, and for what is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return None
    return address.packed[: PREFIX // 8] if isinstance(address, IPv6Address) else address.packed
