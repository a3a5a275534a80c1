"""Loading and saving requests."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from services.intake.domain.requests import RequestState
from services.intake.storage.tables import requests


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


def insert_request(tx: Connection, row: RequestRow) -> None:
    """Add a request; IntegrityError if its lookup id is taken."""
    tx.execute(insert(requests).values(**asdict(row)))


def save_request(tx: Connection, row: RequestRow) -> None:
    """Write every column of a request that this transaction has locked."""
    tx.execute(update(requests).where(requests.c.ref == row.ref).values(**asdict(row)))


def request_by_lookup(tx: Connection, lookup_id: str, *, lock: bool = False) -> RequestRow | None:
    """Return the request that a key's lookup id finds, locked if `lock`; None if there is none."""
    statement = select(requests).where(requests.c.lookup_id == lookup_id)
    return _one(tx, statement.with_for_update() if lock else statement)


def request_by_ref(tx: Connection, ref: str, *, lock: bool = False) -> RequestRow | None:
    """Return the request `ref`, locked if `lock`; None if there is none."""
    statement = select(requests).where(requests.c.ref == ref)
    return _one(tx, statement.with_for_update() if lock else statement)


def count_asked_at(tx: Connection, hour: datetime) -> int:
    """Return how many requests were asked in `hour`, whatever became of them."""
    return tx.execute(select(func.count()).where(requests.c.asked_at == hour)).scalar_one()


def requests_in(tx: Connection, states: frozenset[RequestState]) -> list[RequestRow]:
    """Return the requests in one of `states`, oldest first."""
    rows = tx.execute(select(requests).where(requests.c.state.in_(states)).order_by(requests.c.asked_at))
    return [_row(dict(row._mapping)) for row in rows]


def _one(tx: Connection, statement: Select[Any]) -> RequestRow | None:
    row = tx.execute(statement).first()
    return None if row is None else _row(dict(row._mapping))


def _row(values: dict[str, Any]) -> RequestRow:
    return RequestRow(**{**values, "state": RequestState(values["state"])})
