"""Volunteers as rows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Connection

from services.intake.domain.volunteers import VolunteerState
from services.intake.storage.sealed import Sealed
from services.intake.storage.tables import volunteers
from shared.rows import Rows
from shared.vault.purposes import Purpose


@dataclass(frozen=True, kw_only=True)
class VolunteerRow(Sealed):
    """One volunteer. Sealed values are opaque text, None once removed; `applied_at` is a full hour."""

    ref: str
    lookup_id: str
    state: VolunteerState = VolunteerState.APPLIED
    trained_until: date | None = None
    paused_until: datetime | None = None
    sequence: int = 1
    notify_sequence: int = 1
    reachable: bool = True
    generation: int = 0
    notify_hash: str | None
    pin_hash: str | None = None
    pin_failures: int = 0
    pin_blocked_until: datetime | None = None
    profile: str | None
    notify: str | None
    private: str | None
    applied_at: datetime

    columns: ClassVar = {
        Purpose.VOLUNTEER_PROFILE: "profile",
        Purpose.VOLUNTEER_NOTIFY: "notify",
        Purpose.VOLUNTEER_PRIVATE: "private",
    }


VOLUNTEERS = Rows(volunteers, VolunteerRow)


def volunteer_by_lookup(tx: Connection, lookup_id: str, *, lock: bool = False) -> VolunteerRow | None:
    """Return the volunteer that a key's lookup id finds, locked if `lock`; None if there is none."""
    return VOLUNTEERS.one(tx, volunteers.c.lookup_id == lookup_id, lock=lock)
