"""Loading and saving volunteers."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from services.intake.domain.volunteers import VolunteerState
from services.intake.storage.tables import volunteers
from shared.rows import Rows


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


VOLUNTEERS = Rows(volunteers, VolunteerRow)
insert_volunteer, save_volunteer, volunteer_by_ref = VOLUNTEERS.insert, VOLUNTEERS.save, VOLUNTEERS.by_ref


def volunteer_by_lookup(tx: Connection, lookup_id: str, *, lock: bool = False) -> VolunteerRow | None:
    """Return the volunteer that a key's lookup id finds, locked if `lock`; None if there is none."""
    return VOLUNTEERS.one(tx, volunteers.c.lookup_id == lookup_id, lock=lock)


def volunteers_at(tx: Connection, notify_hash: str) -> list[VolunteerRow]:
    """Return the volunteers whose address for notices has this hash, locked."""
    return VOLUNTEERS.all(tx, volunteers.c.notify_hash == notify_hash, order_by=[volunteers.c.ref], lock=True)


def volunteers_except(tx: Connection, states: frozenset[VolunteerState]) -> list[VolunteerRow]:
    """Return the volunteers in none of `states`, oldest first."""
    return VOLUNTEERS.all(tx, volunteers.c.state.not_in(states), order_by=[volunteers.c.applied_at])
