"""Loading and saving volunteers."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from services.intake.domain.volunteers import VolunteerState
from services.intake.storage.tables import volunteers


@dataclass(frozen=True)
class VolunteerRow:
    """One volunteer. Sealed values are opaque text, None once removed; `applied_at` is a full hour."""

    ref: str
    lookup_id: str
    state: VolunteerState
    trained_until: date | None
    paused_until: datetime | None
    sequence: int
    notify_sequence: int
    reachable: bool
    generation: int
    notify_hash: str | None
    pin_hash: str | None
    pin_failures: int
    pin_blocked_until: datetime | None
    profile: str | None
    notify: str | None
    private: str | None
    applied_at: datetime

    def sealed_values(self) -> list[str]:
        """Return the sealed values that are left."""
        return [value for value in (self.profile, self.notify, self.private) if value is not None]


def insert_volunteer(tx: Connection, row: VolunteerRow) -> None:
    """Add a volunteer."""
    tx.execute(insert(volunteers).values(**asdict(row)))


def save_volunteer(tx: Connection, row: VolunteerRow) -> None:
    """Write every column of a volunteer that this transaction has locked."""
    tx.execute(update(volunteers).where(volunteers.c.ref == row.ref).values(**asdict(row)))


def volunteer_by_lookup(tx: Connection, lookup_id: str, *, lock: bool = False) -> VolunteerRow | None:
    """Return the volunteer that a key's lookup id finds, locked if `lock`; None if there is none."""
    statement = select(volunteers).where(volunteers.c.lookup_id == lookup_id)
    return _one(tx, statement.with_for_update() if lock else statement)


def volunteer_by_ref(tx: Connection, ref: str, *, lock: bool = False) -> VolunteerRow | None:
    """Return the volunteer `ref`, locked if `lock`; None if there is none."""
    statement = select(volunteers).where(volunteers.c.ref == ref)
    return _one(tx, statement.with_for_update() if lock else statement)


def volunteers_at(tx: Connection, notify_hash: str) -> list[VolunteerRow]:
    """Return the volunteers whose address for notices has this hash, locked."""
    same = select(volunteers).where(volunteers.c.notify_hash == notify_hash)
    return [_row(dict(row._mapping)) for row in tx.execute(same.order_by(volunteers.c.ref).with_for_update())]


def volunteers_except(tx: Connection, states: frozenset[VolunteerState]) -> list[VolunteerRow]:
    """Return the volunteers in none of `states`, oldest first."""
    rows = tx.execute(select(volunteers).where(volunteers.c.state.not_in(states)).order_by(volunteers.c.applied_at))
    return [_row(dict(row._mapping)) for row in rows]


def _one(tx: Connection, statement: Select[Any]) -> VolunteerRow | None:
    row = tx.execute(statement).first()
    return None if row is None else _row(dict(row._mapping))


def _row(values: dict[str, Any]) -> VolunteerRow:
    return VolunteerRow(**{**values, "state": VolunteerState(values["state"])})
