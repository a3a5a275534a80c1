"""What the notifier knows of the other services' aggregates: refs, states, due times and sealed addresses.

Each is the last state announced by its owner (the higher sequence wins). States are the words of the event schemas.
"""

from dataclasses import dataclass, field
from datetime import datetime

REQUEST_OVER = frozenset({"withdrawn", "closed", "erased"})
"""States of a request from which it does not come back: nobody is asked or told anything for it any more."""

VOLUNTEER_SERVING = frozenset({"active", "paused"})
"""States of a volunteer whom a coordinator has approved and not suspended."""


@dataclass(frozen=True, slots=True)
class Request:
    """A person's request. `match` is the one that was introduced; `notify` is sealed, None if no notices are wanted."""

    ref: str
    state: str
    match: str | None
    notify: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A volunteer at one version. `notify` is sealed, None once the volunteer is removed."""

    ref: str
    sequence: int
    state: str
    notify: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """One volunteer asked for one request. `expires_at` is the time shown to the volunteer."""

    ref: str
    request: str
    volunteer: str
    state: str
    expires_at: datetime
    nudged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Match:
    """A volunteer's yes. `ended_by` is person, volunteer, coordinator, or None while it lives or if it ran out."""

    ref: str
    offer: str
    request: str
    volunteer: str
    state: str
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """How the matcher's search for a request stands while nobody is asked: waiting or stalled, in which round."""

    request: str
    round: int
    state: str
