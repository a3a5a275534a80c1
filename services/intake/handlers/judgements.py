"""Waiting for the matcher's judgement in the web process: woken by NOTIFY, decided by looking at the database."""

import contextlib
import threading
from collections import defaultdict
from collections.abc import Iterator

CHANNEL = "outcomes"
"""The NOTIFY channel that tells the web process which offer has moved; the payload is the offer's ref."""


class Judgements:
    """Who waits for which offer. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, set[threading.Event]] = defaultdict(set)

    @contextlib.contextmanager
    def watch(self, offer: str) -> Iterator[threading.Event]:
        """Give an event that is set whenever `offer` has moved, from now on until the block ends."""
        moved = threading.Event()
        with self._lock:
            self._waiting[offer].add(moved)
        try:
            yield moved
        finally:
            with self._lock:
                self._waiting[offer].discard(moved)
                if not self._waiting[offer]:
                    del self._waiting[offer]

    def tell(self, offer: str) -> None:
        """Wake those who wait for `offer`."""
        with self._lock:
            for moved in self._waiting.get(offer, ()):
                moved.set()

    def tell_all(self) -> None:
        """Wake everybody: the listener was away, and what was notified meanwhile is lost."""
        with self._lock:
            for waiting in self._waiting.values():
                for moved in waiting:
                    moved.set()
