"""The fuse: when too many events are parked, the fault is ours, and parking more of them helps nobody (R5)."""

from collections import deque
from collections.abc import Callable

from shared.observability.logging import logger
from shared.observability.metrics import FUSE

FUSE_LIMIT, FUSE_SECONDS = 20, 60.0
"""So many parked events within so many seconds blow it."""


class Fuse:
    """Counts what is parked. Once blown it stays so until the process is started again, by somebody who looked."""

    def __init__(self, group: str, monotonic: Callable[[], float]) -> None:
        self._group = group
        self._monotonic = monotonic
        self._parked_at: deque[float] = deque(maxlen=FUSE_LIMIT)
        self.blown = False

    def count(self) -> None:
        now = self._monotonic()
        self._parked_at.append(now)
        if len(self._parked_at) == FUSE_LIMIT and now - self._parked_at[0] <= FUSE_SECONDS:
            self.blown = True
            FUSE.set(1)
            logger().error("consumer_fuse_blown", group=self._group, parked=FUSE_LIMIT)
