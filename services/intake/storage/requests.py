"""Loading and saving requests."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from services.intake.domain.requests import RequestState
from services.intake.storage.tables import requests
from shared.rows import Rows


@dataclass(frozen=True)
class RequestRow:
    """One request. Sealed values are opaque text, None once erased; `asked_at` and `introduced_at` are full hours."""

    ref: str
    lookup_id: str
    body_digest: str | None
    state: RequestState
    round: int
    sequence: int
    match: str | None
    introduced_at: datetime | None
    sign_at: datetime | None
    sign_by: str | None
    ends_at: datetime | None
    why: str | None
    next_try_at: datetime | None
    late: str
    profile: str | None
    notify: str | None
    private: str | None
    card: str | None
    asked_at: datetime

    def sealed_values(self) -> list[str]:
        """Return the sealed values that are left."""
        return [value for value in (self.profile, self.notify, self.private, self.card) if value is not None]


REQUESTS = Rows(requests, RequestRow)
insert_request, save_request, request_by_ref = REQUESTS.insert, REQUESTS.save, REQUESTS.by_ref


def request_by_lookup(tx: Connection, lookup_id: str, *, lock: bool = False) -> RequestRow | None:
    """Return the request that a key's lookup id finds, locked if `lock`; None if there is none."""
    return REQUESTS.one(tx, requests.c.lookup_id == lookup_id, lock=lock)


def count_asked_at(tx: Connection, hour: datetime) -> int:
    """Return how many requests were asked in `hour`, whatever became of them."""
    return tx.execute(select(func.count()).where(requests.c.asked_at == hour)).scalar_one()


def requests_in(tx: Connection, states: frozenset[RequestState]) -> list[RequestRow]:
    """Return the requests in one of `states`, oldest first."""
    return REQUESTS.all(tx, requests.c.state.in_(states), order_by=[requests.c.asked_at])
