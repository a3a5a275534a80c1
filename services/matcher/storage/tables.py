"""The tables of the matcher and their rows. They hold refs, states, counters and sealed values.

Times are kept to the hour. Exact are only due times: `expires_at`, `next_try_at`, `paused_until` and the rows of
`due_rows`.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from services.matcher.domain.lifecycle import MatchState, OfferState, RequestState
from services.matcher.domain.profiles import PoolState
from shared.duerows import DueRows
from shared.messaging.tables import MessagingTables
from shared.refs import Version
from shared.rows import Rows, table_of

MIGRATIONS = "services.matcher.storage:migrations"
"""Alembic's script_location of the matcher's database."""

metadata = sa.MetaData()
messaging = MessagingTables(metadata)
due_rows = DueRows(metadata)
pool_version = sa.Sequence("pool_version", metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as far as matching needs it. `profile` is sealed.

    `sequence` is the version of the person's side that was judged last, `version` that of the events that the matcher
    announces about the request. `why`, `late` and `next_try_at` are what was announced last, so that a try that finds
    the same again says nothing.
    """

    ref: str
    state: RequestState
    round: int
    profile: str | None
    sequence: Version
    version: Version = Version(0)
    waiting_since: datetime
    tries: int = 0
    why: str | None
    late: str = "no"
    next_try_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Volunteer:
    """A volunteer of the pool. `profile` is sealed, `notify_digest` is that of a sealed address.

    Every change raises `row_version`: a claim holds only on the version that was scored. A decline pauses at once; the
    volunteer's version `pause_sequence`, which says so too, may come later. After an offer that was ignored a volunteer
    is left alone until `cool_until`. Reachable means: no permanent failure (`failed_at`) since the version in which the
    sealed address last changed (`notify_since`).
    """

    ref: str
    row_version: Version
    state: str
    sequence: Version
    trained_until: date | None
    paused_until: datetime | None
    pause_sequence: Version = Version(0)
    cool_until: datetime | None
    profile: str | None
    notify_digest: str | None
    notify_since: Version = Version(0)
    failed_at: Version = Version(-1)
    open_offers: int = 0
    live_matches: int = 0
    month: date | None
    new_in_month: int = 0

    @property
    def pool_state(self) -> PoolState:
        return PoolState(
            state=self.state,
            trained_until=self.trained_until,
            paused_until=self.paused_until,
            cool_until=self.cool_until,
            reachable=self.failed_at < self.notify_since,
            open_offers=self.open_offers,
            live_matches=self.live_matches,
            month=self.month,
            new_in_month=self.new_in_month,
        )


@dataclass(frozen=True, kw_only=True)
class Offer:
    ref: str
    request: str
    round: int
    volunteer: str
    wave: int
    state: OfferState
    version: Version
    made_at: datetime
    expires_at: datetime
    nudged_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Match:
    """A match, judged by the version `request_sequence` of its request. `follows` says what follows its end.

    Since `nudged_at` the person has been asked for the yes that the volunteer waits for. `check_ins` counts how often
    both were asked how it goes, `sign_asks` how often for a sign of life.
    """

    ref: str
    offer: str
    request: str
    round: int
    volunteer: str
    state: MatchState
    version: Version
    request_sequence: Version
    matched_at: datetime
    introduced_at: datetime | None
    nudged_at: datetime | None
    sign_at: datetime | None
    check_ins: int = 0
    sign_asks: int = 0
    ended_at: datetime | None
    ended_by: str | None
    follows: str | None


MADE, LIVE = sa.text("state = 'made'"), sa.text("state = 'live'")

requests = table_of(Request, "requests", metadata, sa.Column("waiting_since", sa.DateTime(timezone=True)))
pool = table_of(
    Volunteer,
    "pool",
    metadata,
    sa.Column("row_version", sa.BigInteger, pool_version, server_default=pool_version.next_value(), nullable=False),
    sa.CheckConstraint("open_offers >= 0 AND live_matches >= 0", name="pool_counts"),
    sa.Index("pool_row_version", "row_version"),
)
# Nobody is asked twice for one request; an offer that could not be delivered asked nobody.
asked_somebody = sa.text("state <> 'undeliverable'")
offers = table_of(
    Offer,
    "offers",
    metadata,
    sa.Index("offers_asked_once", "request", "volunteer", unique=True, postgresql_where=asked_somebody),
    sa.Index("offers_of_volunteer", "volunteer", postgresql_where=MADE),
)
matches = table_of(
    Match,
    "matches",
    metadata,
    sa.UniqueConstraint("offer"),
    sa.Index("matches_live_request", "request", unique=True, postgresql_where=LIVE),
    sa.Index("matches_live_volunteer", "volunteer", postgresql_where=LIVE),
)

REQUESTS, VOLUNTEERS = Rows(requests, Request), Rows(pool, Volunteer)
OFFERS, MATCHES = Rows(offers, Offer), Rows(matches, Match)
