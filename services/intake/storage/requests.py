"""Requests as rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Connection, func, select

from services.intake.domain.requests import RequestState
from services.intake.storage.sealed import Sealed
from services.intake.storage.tables import offers, requests
from shared.rows import Rows
from shared.vault.purposes import Purpose


@dataclass(frozen=True, kw_only=True)
class RequestRow(Sealed):
    """One request. Sealed values are opaque text, None once erased; `asked_at` and `introduced_at` are full hours."""

    ref: str
    lookup_id: str
    body_digest: str | None
    state: RequestState = RequestState.WAITING
    round: int = 1
    sequence: int = 1
    match: str | None = None
    introduced_at: datetime | None = None
    sign_at: datetime | None = None
    sign_by: str | None = None
    ends_at: datetime | None = None
    why: str | None = None
    next_try_at: datetime | None = None
    late: str = "no"
    profile: str | None
    notify: str | None
    private: str | None
    card: str | None
    asked_at: datetime

    columns: ClassVar = {
        Purpose.PERSON_PROFILE: "profile",
        Purpose.PERSON_NOTIFY: "notify",
        Purpose.PERSON_PRIVATE: "private",
        Purpose.PERSON_CARD: "card",
    }


REQUESTS = Rows(requests, RequestRow)


def request_by_lookup(tx: Connection, lookup_id: str, *, lock: bool = False) -> RequestRow | None:
    """Return the request that a key's lookup id finds, locked if `lock`; None if there is none."""
    return REQUESTS.one(tx, requests.c.lookup_id == lookup_id, lock=lock)


def lock_request(tx: Connection, *, lookup_id: str | None = None, offer: str | None = None) -> None:
    """Lock the request that a key's lookup id finds, or that an offer was made for, before anything is looked at."""
    of_offer = requests.c.ref == select(offers.c.request).where(offers.c.ref == offer).scalar_subquery()
    wanted = of_offer if lookup_id is None else requests.c.lookup_id == lookup_id
    tx.execute(select(requests.c.ref).where(wanted).with_for_update())


def count_asked_at(tx: Connection, hour: datetime) -> int:
    """Return how many requests were asked in `hour`, whatever became of them."""
    return tx.execute(select(func.count()).where(requests.c.asked_at == hour)).scalar_one()
