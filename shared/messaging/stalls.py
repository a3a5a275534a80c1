"""The watch over a group member: is there nothing for it, or has its join stalled? Is it still in its group at all?"""

from collections.abc import Callable

from shared.observability.logging import logger

JOIN_SECONDS, JOIN_AT_MOST = 15.0, 600.0
"""A member that gets nothing for so long, though there is something, joins anew with a new client: a join of
kafka-python that crosses a broker's death or a rebalance can stall for good. Doubled each time, because beyond as many
members as there are partitions some rightly have nothing."""

OUTSIDE_SECONDS = 20.0
"""A member that is outside of its group for longer than a rebalance takes joins anew, too. kafka-python forgets why it
joins once a poll ends before the join does, if that was because the partitions of a topic became more (KAFKA-9815): it
is put out of its group, and goes on to read what was its own before, besides the member that has it now."""


class StallWatch:
    """Says when a member should join its group anew."""

    def __init__(self, group: str, monotonic: Callable[[], float]) -> None:
        self._group = group
        self._monotonic = monotonic
        self._quiet_since = self._inside_at = monotonic()
        self._patience = JOIN_SECONDS

    def joins(self) -> None:
        """Note that the member joins now; its patience stays as long as it has become."""
        self._quiet_since = self._inside_at = self._monotonic()

    def is_lost(self, *, inside: bool) -> bool:
        """Tell whether to join anew because the member, now `inside` of its group or not, was outside for too long."""
        now = self._monotonic()
        if inside:
            self._inside_at = now
        if now - self._inside_at <= OUTSIDE_SECONDS:
            return False
        logger().warning("member_lost", group=self._group, seconds=int(now - self._inside_at))
        return True

    def moves(self) -> None:
        self._quiet_since = self._monotonic()
        self._patience = JOIN_SECONDS

    def has_stalled(self, *, lacks: Callable[[], bool]) -> bool:
        """Tell whether to join anew. `lacks` says whether there is something to be had; it is asked only after a wait.

        Raises what `lacks` raises.
        """
        now = self._monotonic()
        if now - self._quiet_since <= self._patience:
            return False
        self._quiet_since = now
        if not lacks():
            self._patience = JOIN_SECONDS
            return False
        logger().warning("join_stalled", group=self._group, seconds=int(self._patience))
        self._patience = min(2 * self._patience, JOIN_AT_MOST)
        return True
