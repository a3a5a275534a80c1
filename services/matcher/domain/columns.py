"""The pool as numpy columns: what a replica keeps in memory to find the best volunteers for a request.

The pool's truth is a table; this is a cache of it. A volunteer whose profile changes gets a new row and the old one
dies, so that index entries never need to be found again; dead rows are squeezed out when the columns are full. Not safe
for use by several threads at once.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.hard_rules import IN_THE_POOL, examines_or_licenses
from services.matcher.domain.interning import Rhythms, Tongues
from services.matcher.domain.postings import Postings, Rows, key_of
from services.matcher.domain.profiles import PoolState, VolunteerProfile
from services.matcher.domain.score import Scarcity, salt_of
from services.matcher.domain.weeks import month_of
from shared.vocabulary import vocabulary

DTYPES: Mapping[str, str] = {
    "ref": "S26",
    "salt": "u8",
    "row_version": "i8",
    "alive": "?",
    "standing": "?",
    "reachable": "?",
    "trained_until": "i4",
    "paused_until": "i8",
    "open_offers": "u1",
    "live_matches": "u1",
    "month": "u1",
    "new_in_month": "u1",
    "active": "u1",
    "new_per_month": "u1",
    "profession": "u1",
    "care_area": "u1",
    "stage": "u1",
    "gender": "u1",
    "modalities": "u1",
    "conversation": "u1",
    "flags": "u1",
    "values": "u2",
    "lived": "u4",
    "ready": "u4",
    "rhythm": "i4",
    "tongues": "i4",
}
"""Column -> numpy type; 92 bytes per volunteer. Sets are bits in the vocabulary's order, slugs their place in it."""

HAS_ROLES, HAS_SHELTERED_ROLES, HAS_AFFILIATIONS, AVOIDS_AFFILIATIONS = 1, 2, 4, 8
AFFILIATION, BODY, IDENTITY, AVOIDED_AFFILIATION, AVOIDED_PERSON, REF = (
    "aff",
    "body",
    "id",
    "avoid-aff",
    "avoid-id",
    "ref",
)
PAUSED_WITHOUT_END = np.iinfo(np.int64).max
MOST = 255
FIRST_SIZE = 64


@cache
def places(name: str) -> Mapping[str, int]:
    """Return the place of each slug in a list of the vocabulary, by the list's name, such as "themes"."""
    return {slug: at for at, slug in enumerate(getattr(vocabulary(), name))}


def bits(name: str, chosen: Iterable[str]) -> int:
    """Return distinct slugs of a list of the vocabulary as bits in its order."""
    return sum(1 << places(name)[slug] for slug in chosen)


def unbits(name: str, mask: int) -> list[str]:
    """Return the slugs whose bits are set."""
    return [slug for slug, at in places(name).items() if mask >> at & 1]


def microseconds(at: datetime) -> int:
    """Return an aware time as microseconds since 1970, exactly."""
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def month_number(month: date | None) -> int:
    """Return a number in one byte for a month; it comes again after 21 years."""
    return (month.year * 12 + month.month) % 256 if month else 0


class Columns:
    """The pool's columns. `ranking.Ranking` looks at them; `upsert`, `refresh` and `remove` keep them."""

    def __init__(self) -> None:
        self._arrays = {name: np.zeros(FIRST_SIZE, dtype) for name, dtype in DTYPES.items()}
        self._size = 0
        self._living = 0
        self._postings = Postings()
        self.rhythms = Rhythms()
        self.tongues = Tongues()
        self.scarcity = Scarcity()

    def __len__(self) -> int:
        return self._living

    def column(self, name: str) -> NDArray[Any]:
        """Return the used part of a column, dead rows included; a view, so look but do not write."""
        return self._arrays[name][: self._size]

    def new_this_month(self, now: datetime) -> NDArray[Any]:
        """Return per row how many matches were made in the month that `now` lies in."""
        this = self.column("month") == month_number(month_of(now))
        return np.where(this, self.column("new_in_month"), np.uint8(0))

    def nbytes(self) -> tuple[int, int]:
        """Return the bytes of the columns and of the index of hashes."""
        return sum(array.nbytes for array in self._arrays.values()), self._postings.nbytes()

    def rows_with(self, kind: str, texts: Iterable[str]) -> Rows:
        """Return the rows, dead ones included, that hold any of the texts (hashes or refs) as this kind."""
        return self._postings.rows(key_of(kind, text) for text in texts)

    def version(self, ref: str) -> int | None:
        """Return the row version held for a volunteer, or None if there is none."""
        row = self._row(ref)
        return None if row is None else int(self._arrays["row_version"][row])

    def upsert(self, ref: str, row_version: int, volunteer: VolunteerProfile, state: PoolState) -> None:
        """Put a volunteer in, or anew; a version below the one held is ignored. Refs are ASCII, <= 26 characters."""
        old = self._row(ref)
        if old is not None:
            if row_version < self._arrays["row_version"][old]:
                return
            self._bury(old)
        if self._size == len(self._arrays["ref"]):
            self._make_room()
        row, self._size = self._size, self._size + 1
        self._living += 1
        self._write(row, {"ref": ref.encode("ascii"), "salt": salt_of(ref), "alive": True})
        self._write(row, self._profile_values(volunteer))
        self._write_state(row, row_version, state)
        self._index(row, ref, volunteer)

    def refresh(self, ref: str, row_version: int, state: PoolState) -> bool:
        """Write a volunteer's new state in place; False if the volunteer is unknown. Older versions are ignored."""
        row = self._row(ref)
        if row is None:
            return False
        if row_version >= self._arrays["row_version"][row]:
            self._count(row, -1)
            self._write_state(row, row_version, state)
        return True

    def remove(self, ref: str) -> None:
        """Take a volunteer out; an unknown one is no error."""
        row = self._row(ref)
        if row is not None:
            self._bury(row)

    def _row(self, ref: str) -> int | None:
        alive, refs, name = self._arrays["alive"], self._arrays["ref"], ref.encode("ascii")
        found = (int(row) for row in self.rows_with(REF, [ref]) if alive[row] and refs[row] == name)
        return next(found, None)

    def _bury(self, row: int) -> None:
        self._count(row, -1)
        self._arrays["alive"][row] = False
        self._living -= 1

    def _write(self, row: int, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            self._arrays[name][row] = value

    def _write_state(self, row: int, row_version: int, state: PoolState) -> None:
        waits = [microseconds(until) for until in (state.paused_until, state.cool_until) if until is not None]
        if state.state == "paused" and state.paused_until is None:
            waits.append(PAUSED_WITHOUT_END)
        counts = ("open_offers", "live_matches", "new_in_month")
        values = {
            "row_version": row_version,
            "standing": state.state in IN_THE_POOL,
            "reachable": state.reachable,
            "trained_until": state.trained_until.toordinal() if state.trained_until else 0,
            "paused_until": max(waits, default=0),
            "month": month_number(state.month),
        }
        self._write(row, values | {name: min(MOST, getattr(state, name)) for name in counts})
        self._count(row, +1)

    def _count(self, row: int, by: int) -> None:
        """Count a row in or out of what is scarce; only volunteers who stand in the pool count."""
        if self._arrays["standing"][row]:
            lived = unbits("themes", int(self._arrays["lived"][row]))
            languages = self.tongues.named(int(self._arrays["tongues"][row]))
            (self.scarcity.add if by > 0 else self.scarcity.take_away)(lived, languages)

    def _profile_values(self, volunteer: VolunteerProfile) -> dict[str, object]:
        return {
            "active": volunteer.capacity.active,
            "new_per_month": volunteer.capacity.new_per_month,
            "profession": places("professions")[volunteer.profession],
            "care_area": places("care_areas")[volunteer.care_area],
            "stage": places("stages")[volunteer.stage],
            "gender": bits("genders", [volunteer.gender] if volunteer.gender else []),
            "modalities": bits("modalities", volunteer.modalities),
            "conversation": bits("conversation", volunteer.conversation),
            "values": bits("values", volunteer.values),
            "lived": bits("themes", volunteer.lived),
            "ready": bits("themes", volunteer.ready),
            "rhythm": self.rhythms.number(volunteer.rhythm),
            "tongues": self.tongues.number(volunteer.languages),
            "flags": HAS_ROLES * bool(volunteer.evaluative_roles)
            | HAS_SHELTERED_ROLES * examines_or_licenses(volunteer)
            | HAS_AFFILIATIONS * bool(volunteer.affiliations)
            | AVOIDS_AFFILIATIONS * bool(volunteer.avoid.affiliations),
        }

    def _index(self, row: int, ref: str, volunteer: VolunteerProfile) -> None:
        entries = {
            REF: {ref},
            AFFILIATION: volunteer.affiliations,
            BODY: {held.body for held in volunteer.evaluative_roles},
            IDENTITY: volunteer.identity,
            AVOIDED_AFFILIATION: volunteer.avoid.affiliations,
            AVOIDED_PERSON: volunteer.avoid.people,
        }
        for kind, texts in entries.items():
            for text in texts:
                self._postings.add(key_of(kind, text), row)

    def _make_room(self) -> None:
        """Squeeze out the dead if they are many, and grow by an eighth."""
        if self._living < self._size * 7 // 8:
            kept = np.flatnonzero(self._arrays["alive"])
            new_rows = np.full(self._size, -1, np.int32)
            new_rows[kept] = np.arange(len(kept), dtype=np.int32)
            self._postings.renumber(new_rows)
            self._size = len(kept)
        else:
            kept = np.arange(self._size)
        room = len(kept) + len(kept) // 8 + FIRST_SIZE
        for name, array in self._arrays.items():
            self._arrays[name] = np.zeros(room, array.dtype)
            self._arrays[name][: len(kept)] = array[kept]
