"""Connections that end in time, however slowly the other side drips."""

import contextlib
import socket
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]
"""What socket.getaddrinfo gives: family, kind, protocol, canonical name, address."""


class Deadline:
    """Cuts a connection once `seconds` have passed since the start of the `with` block.

    A socket's own timeout starts anew with every byte, so a server that sends one byte at a time would hold its sender
    for as long as it likes. The guard keeps a duplicate of the descriptor: TLS detaches the original socket, and a
    shutdown through the duplicate still ends the connection for its reader.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._watched: socket.socket | None = None
        self.passed = False

    def __enter__(self) -> Self:
        self._ends = time.monotonic() + self._seconds
        self._timer = threading.Timer(self._seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            if self._watched is not None:
                self._watched.close()
                self._watched = None

    def remaining(self) -> float:
        """Return the seconds that are left; raises TimeoutError if there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def connect(self, addresses: Sequence[AddressInfo]) -> socket.socket:
        """Return a connection to the first of `addresses` that answers; each gets a fair part of the time.

        Raises OSError.
        """
        failure: OSError = ConnectionError("no address")
        for tried, (family, kind, protocol, _, address) in enumerate(addresses):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(self.remaining() / (len(addresses) - tried))
                connection.connect(address)
                with self._lock:
                    self._watched = connection.dup()
                connection.settimeout(self.remaining())
            except OSError as error:
                connection.close()
                failure = error
            else:
                return connection
        raise failure

    def _cut(self) -> None:
        self.passed = True
        with self._lock:
            if self._watched is not None:
                # The peer may have closed it already, which is the end that is wanted.
                with contextlib.suppress(OSError):
                    self._watched.shutdown(socket.SHUT_RDWR)
