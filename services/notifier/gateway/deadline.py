"""A limit on a whole conversation, however slowly the other side drips."""

import socket
import threading
import time
from types import TracebackType
from typing import Self


class Deadline:
    """Cuts a connection once `seconds` have passed since the start of the `with` block.

    A socket's own timeout starts anew with every byte, so a server that sends one byte at a time would hold its sender
    for as long as it likes. The guard keeps a duplicate of the descriptor: TLS detaches the original socket, and a
    shutdown through the duplicate still ends the connection under whoever reads from it.
    """

    def __init__(self, seconds: float) -> None:
        """Prepare a limit of `seconds`."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._watched: socket.socket | None = None
        self._passed = False

    def __enter__(self) -> Self:
        """Start the time."""
        self._ends = time.monotonic() + self._seconds
        self._timer = threading.Timer(self._seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the time and let go of the connection."""
        self._timer.cancel()
        with self._lock:
            if self._watched is not None:
                self._watched.close()
                self._watched = None

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return self._passed

    def remaining(self) -> float:
        """Return the seconds that are left; raises TimeoutError if there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def watch(self, connection: socket.socket) -> None:
        """Cut `connection` when the time is over."""
        with self._lock:
            self._watched = connection.dup()

    def _cut(self) -> None:
        self._passed = True
        with self._lock:
            if self._watched is not None:
                # The peer may have closed it already, which is the end that is wanted.
                try:
                    self._watched.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return
