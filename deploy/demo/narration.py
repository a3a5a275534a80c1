"""How the demo speaks: one line at a time, with colours on a terminal."""

import sys
import threading
import time
from typing import TextIO


class Narrator:
    """Prints the story. Several threads may speak; each line is whole."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._colour = out.isatty()
        self._lock = threading.Lock()
        self._began = time.monotonic()

    def chapter(self, title: str) -> None:
        self._print(f"\n{self._paint(title, '1')}\n{'─' * len(title)}")

    def say(self, line: str) -> None:
        self._print(f"  {line}")

    def event(self, who: str, seconds: float, what: str) -> None:
        """Tell of one event, `seconds` after the request `who` was sent."""
        self._print(self._paint(f"    {who}  +{seconds * 1000:7.0f} ms  {what}", "2"))

    def fault(self, line: str) -> None:
        self._print(self._paint(f"  ✗ {line}", "33"))

    def progress(self, line: str) -> None:
        self._print(self._paint(f"  [{time.monotonic() - self._began:5.1f} s] {line}", "2"))

    def good(self, line: str) -> None:
        self._print(self._paint(f"  ✓ {line}", "32"))

    def bad(self, line: str) -> None:
        self._print(self._paint(f"\n  The demo failed: {line}", "31"))

    def _paint(self, text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colour else text

    def _print(self, text: str) -> None:
        with self._lock:
            print(text, file=self._out, flush=True)
