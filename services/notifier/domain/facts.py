"""What the notifier knows of the other services' aggregates: refs, states, due times and sealed addresses.

Each is the last state announced by its owner (the higher sequence wins), kept in a table with a column for each field.
A default is what rows say that are older than the column. States are the words of the event schemas.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from shared.refs import Version

REQUEST_OVER = frozenset({"withdrawn", "closed", "erased"})
"""States of a request from which it does not come back: nobody is asked or told anything for it any more."""

VOLUNTEER_SERVING = frozenset({"active", "paused"})
"""States of a volunteer whom a coordinator has approved and not suspended."""


@dataclass(frozen=True, slots=True)
class Request:
    """A person's request. `match` is the one at hand; `notify` is sealed, None if no notices are wanted.

    `ends_at` is set once the person is to hear that the request ends by itself then. `sign_at` is the hour of the last
    sign of life in `match`.
    """

    ref: str
    state: str
    match: str | None
    ends_at: datetime | None
    sign_at: datetime | None
    notify: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A volunteer at one version. `notify` is sealed, None once the volunteer is removed.

    `generation` counts the home links that were asked for. `to_vet`: a coordinator is to look at what they changed.
    `vetted` is the last version at which there was nothing to look at, 0 if there was none: it tells an application, or
    changes, from the next ones of the same volunteer. Since `refused_since` the address has refused all it was sent
    without a reason; `refused_digest` tells which address that was.
    """

    ref: str
    sequence: Version
    state: str
    notify: str | None = field(repr=False)
    generation: int = 0
    vetted: Version = Version(0)
    refused_since: datetime | None = None
    refused_digest: str | None = None
    to_vet: bool = False

    @property
    def approved(self) -> bool:
        """Whether a coordinator has approved them, and has not refused them since.

        Who served and is an applicant again keeps the approval; after a refusal nobody can apply again.
        """
        return self.state in VOLUNTEER_SERVING | {"suspended"} or (self.state == "applied" and self.vetted > 0)


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
    """A volunteer's yes. `ended_by` is person, volunteer, coordinator, or None while it lives or if it ran out.

    `nudged_at`: since then the person is asked for the yes that the volunteer waits for. `check_ins` counts how often
    both were asked how it goes, `sign_asks` how often for a sign of life.
    """

    ref: str
    offer: str
    request: str
    volunteer: str
    state: str
    nudged_at: datetime | None
    ended_by: str | None
    check_ins: int = 0
    sign_asks: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """How the matcher's search for the request `ref` stands: waiting or stalled, in which round and since which hour.

    `late` is no, alarm (a coordinator is to look), or silent_limit (the person is to hear how it stands). Events from
    before it was announced do not say `waiting_since`.
    """

    ref: str
    round: int
    state: str
    waiting_since: datetime | None
    late: str = "no"


Fact = TypeVar("Fact", Request, Volunteer, Offer, Match, Search)
