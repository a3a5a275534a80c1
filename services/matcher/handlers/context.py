"""What the handlers work with, and the kinds of due rows they keep."""

from dataclasses import dataclass
from typing import Any, Protocol

from services.matcher.pool import Pool

SEARCH = "search"
"""A request that found nobody is tried again. Item and subject: the request."""

NUDGE = "nudge"
"""Half of an offer's window has passed. Item: the offer; subject: its request."""

EXPIRY = "expiry"
"""An offer's window has passed, two minutes ago. Item: the offer; subject: its request."""

VOLUNTEER_CHANGED = "volunteer_changed"
"""A volunteer changed or left. Item: an open offer or a live match of theirs, judged again; subject: its request."""


class OpensSealed(Protocol):
    """Opens what the matcher may open."""

    def open(self, sealed: str, subject: str, purpose: Any) -> dict[str, Any]:
        """Return the sealed object; raises KeyDestroyed if it was erased."""


@dataclass(frozen=True)
class Context:
    """The matcher's parts, handed to every handler."""

    vault: OpensSealed
    pool: Pool
