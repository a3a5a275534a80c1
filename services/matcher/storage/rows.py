"""The rows of the matcher's tables, typed: their fields are the columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import CursorResult

from services.matcher.domain.profiles import PoolState


@dataclass(frozen=True)
class Request:
    """A request as far as matching needs it. `profile` is sealed."""

    ref: str
    state: str
    round: int
    profile: str | None
    sequence: int
    version: int
    waiting_since: datetime
    tries: int
    why: str | None
    late: str
    next_try_at: datetime | None


@dataclass(frozen=True)
class Volunteer:
    """A volunteer of the pool. `profile` is sealed, `notify_digest` is that of a sealed address."""

    ref: str
    row_version: int
    state: str
    sequence: int
    trained_until: date | None
    paused_until: datetime | None
    pause_sequence: int
    cool_until: datetime | None
    profile: str | None
    notify_digest: str | None
    notify_since: int
    failed_at: int
    open_offers: int
    live_matches: int
    month: date | None
    new_in_month: int

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


@dataclass(frozen=True)
class Offer:
    ref: str
    request: str
    round: int
    volunteer: str
    wave: int
    state: str
    version: int
    made_at: datetime
    expires_at: datetime
    nudged_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Match:
    """A match. `follows` says what follows its end."""

    ref: str
    offer: str
    request: str
    round: int
    volunteer: str
    state: str
    version: int
    request_sequence: int
    matched_at: datetime
    introduced_at: datetime | None
    nudged_at: datetime | None
    sign_at: datetime | None
    check_ins: int
    sign_asks: int
    ended_at: datetime | None
    ended_by: str | None
    follows: str | None


T = TypeVar("T", Request, Volunteer, Offer, Match)


def typed(kind: type[T], found: CursorResult[Any]) -> Iterator[T]:
    """Yield the rows found, whose columns are the fields of `kind`."""
    return (kind(**row) for row in found.mappings())


def first(kind: type[T], found: CursorResult[Any]) -> T | None:
    """Return the only or first row found, None if there is none."""
    return next(typed(kind, found), None)
