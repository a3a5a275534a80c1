"""The pool as numpy columns: what a replica keeps in memory to find the best volunteers for a request.

The pool's truth is a table; this is a cache of it. A volunteer whose profile changes gets a new row and the old one
dies, so that index entries never need to be found again; dead rows are squeezed out when the columns are full. Not safe
for use by several threads at once.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.bits import Bools, bits, index_of, index_type, set_type, slugs
from services.matcher.domain.interning import LanguageSets, Rhythms, StandSets
from services.matcher.domain.marks import Marks
from services.matcher.domain.postings import Postings, Values
from services.matcher.domain.profiles import PoolState, VolunteerProfile
from services.matcher.domain.weeks import month_of

REF_LENGTH = 26
COUNT = np.dtype(np.uint16)
MOST = int(np.iinfo(COUNT).max)


def column_types() -> dict[str, np.dtype[Any]]:
    """Return the numpy type of each column: 102 bytes per volunteer, more if the vocabulary outgrows a width."""
    fixed = {
        "ref": f"S{REF_LENGTH}",
        "salt": "u8",
        "row_version": "i8",
        "alive": "?",
        "standing": "?",
        "reachable": "?",
        "trained_until": "i4",
        "paused_until": "i8",
        "flags": "u1",
        "rhythm": "i4",
        "languages": "i4",
        "marks": "i4",
        "earlier": "i4",
    }
    counts = ("open_offers", "live_matches", "month", "new_in_month", "active", "new_per_month")
    return (
        {name: np.dtype(kind) for name, kind in fixed.items()}
        | dict.fromkeys(counts, COUNT)
        | {name: index_type(f"{name}s") for name in ("profession", "care_area", "stage")}
        | {name: set_type(listed) for name, listed in SETS.items()}
    )


SETS: Mapping[str, str] = {
    "gender": "genders",
    "modalities": "modalities",
    "conversation": "conversation",
    "values": "values",
    "lived": "themes",
    "ready": "restricted_themes",
}
"""Column -> the list of the vocabulary of which it holds a set, as bits."""

HAS_ROLES, HAS_SHELTERED_ROLES, HAS_AFFILIATIONS, AVOIDS_AFFILIATIONS = 1, 2, 4, 8
AFFILIATION, BODY, IDENTITY, AVOIDED_AFFILIATION, AVOIDED_PERSON, REF = range(6)
KINDS = 8
"""As what a volunteer holds a mark, their ref among them. The index keeps `row * KINDS + kind` for each mark."""

PAUSED_WITHOUT_END = np.iinfo(np.int64).max
FIRST_SIZE = 64


def salt_of(ref: str) -> int:
    """Return 64 bits that stand for a ref wherever a tie is broken."""
    return int.from_bytes(blake2b(ref.encode(), digest_size=8).digest(), "little")


def microseconds(at: datetime) -> int:
    """Return an aware time as microseconds since 1970, exactly."""
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def month_number(month: date | None) -> int:
    """Return a number for a month; 0 for none."""
    return month.year * 12 + month.month if month else 0


class Columns:
    """The pool's columns. `ranking.Ranking` looks at them; `upsert`, `refresh` and `remove` keep them."""

    def __init__(self) -> None:
        self._types = column_types()
        self._arrays: dict[str, NDArray[Any]] = {name: np.zeros(FIRST_SIZE, kind) for name, kind in self._types.items()}
        self._size = 0
        self._living = 0
        self._postings = Postings()
        self.rhythms = Rhythms()
        self.language_sets = LanguageSets()
        self._versions: dict[str | None, int] = {None: 0}
        self.stand_sets = StandSets()
        # How many who stand in the pool have lived each theme and speak each language: what few have is spared.
        self.theme_counts: Counter[str] = Counter()
        self.language_counts: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._living

    @property
    def index_bytes(self) -> int:
        return self._postings.nbytes

    def column(self, name: str) -> NDArray[Any]:
        """Return the used part of a column, dead rows included; a view, so look but do not write."""
        return self._arrays[name][: self._size]

    def new_this_month(self, now: datetime) -> NDArray[Any]:
        """Return per row how many matches were made in the month that `now` lies in."""
        this = self.column("month") == month_number(month_of(now))
        return np.where(this, self.column("new_in_month"), COUNT.type(0))

    def holders(self, marks: Marks) -> Mapping[int, Values]:
        """Return the rows, dead ones included, that hold any of the marks, by the kind as which they hold it."""
        held = self._postings.of_any(marks.numbers)
        rows, kinds = np.divmod(held, KINDS)
        return {kind: rows[kinds == kind] for kind in range(KINDS)}

    def marked_by(self, version: str | None) -> Bools:
        """Return per row whether its marks are of this version; never for None, by which nothing can be compared."""
        return np.asarray((self.column("marks") == self._versions.get(version, -1)) & (version is not None), np.bool_)

    def version(self, ref: str) -> int | None:
        """Return the row version held for a volunteer, or None if there is none."""
        row = self._row(ref)
        return None if row is None else int(self._arrays["row_version"][row])

    def upsert(self, ref: str, row_version: int, volunteer: VolunteerProfile, state: PoolState) -> None:
        """Put a volunteer in, or anew; a version below the one held is ignored.

        Raises ValueError, LookupError or OverflowError for what the columns cannot hold; nothing has changed then.
        """
        if not ref.isascii() or len(ref) > REF_LENGTH:
            raise ValueError(f"ref: not {REF_LENGTH} ASCII characters at most")
        if self._size == len(self._arrays["ref"]):
            self._make_room()
        old = self._row(ref)
        if old is not None and row_version < self._arrays["row_version"][old]:
            return
        row = self._size
        # The row is nobody's until `_size` says so: a value that does not fit leaves all as it was.
        self._write(row, {"ref": ref.encode("ascii"), "salt": salt_of(ref), "alive": True})
        self._write(row, self._profile_values(volunteer))
        self._write(row, _state_values(row_version, state))
        if old is not None:
            self._bury(old)
        self._size += 1
        self._living += 1
        self._count(row, +1)
        for kind, marks in _held(ref, volunteer).items():
            self._postings.add(marks.numbers, row * KINDS + kind)

    def refresh(self, ref: str, row_version: int, state: PoolState) -> bool:
        """Write a volunteer's new state in place; False if the volunteer is unknown. Older versions are ignored."""
        row = self._row(ref)
        if row is None:
            return False
        if row_version >= self._arrays["row_version"][row]:
            self._count(row, -1)
            self._write(row, _state_values(row_version, state))
            self._count(row, +1)
        return True

    def remove(self, ref: str) -> None:
        """Take a volunteer out; an unknown one is no error."""
        row = self._row(ref)
        if row is not None:
            self._bury(row)

    def _row(self, ref: str) -> int | None:
        alive, refs, name = self._arrays["alive"], self._arrays["ref"], ref.encode()
        found = (int(row) for row in self.holders(Marks.of([ref]))[REF] if alive[row] and refs[row] == name)
        return next(found, None)

    def _bury(self, row: int) -> None:
        self._count(row, -1)
        self._arrays["alive"][row] = False
        self._living -= 1

    def _write(self, row: int, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            self._arrays[name][row] = value

    def _count(self, row: int, by: int) -> None:
        """Count a row in (`by` 1) or out (-1), if its volunteer stands in the pool."""
        if self._arrays["standing"][row]:
            self.theme_counts.update(dict.fromkeys(slugs("themes", self._arrays["lived"][row]), by))
            languages = self.language_sets.named(int(self._arrays["languages"][row]))
            self.language_counts.update(dict.fromkeys(languages, by))

    def _profile_values(self, volunteer: VolunteerProfile) -> dict[str, object]:
        gender = [volunteer.gender] if volunteer.gender else []
        professions, stages = index_of("professions"), index_of("stages")
        earlier = frozenset((professions[profession], stages[stage]) for profession, stage in volunteer.earlier)
        return {
            "active": volunteer.capacity.active,
            "new_per_month": volunteer.capacity.new_per_month,
            "profession": professions[volunteer.profession],
            "care_area": index_of("care_areas")[volunteer.care_area],
            "stage": stages[volunteer.stage],
            "earlier": self.stand_sets.number(earlier),
            "rhythm": self.rhythms.number(volunteer.rhythm),
            "languages": self.language_sets.number(volunteer.languages),
            "marks": self._versions.setdefault(volunteer.marks, len(self._versions)),
            "flags": HAS_ROLES * bool(volunteer.roles)
            | HAS_SHELTERED_ROLES * volunteer.examines_or_licenses
            | HAS_AFFILIATIONS * bool(volunteer.affiliations)
            | AVOIDS_AFFILIATIONS * bool(volunteer.avoid.affiliations),
        } | {
            name: bits(listed, gender if name == "gender" else getattr(volunteer, name))
            for name, listed in SETS.items()
        }

    def _make_room(self) -> None:
        """Squeeze out the dead if they are many, and grow by an eighth."""
        if self._living < self._size * 7 // 8:
            kept = np.flatnonzero(self._arrays["alive"])
            new_rows = np.full(self._size, -1, np.int32)
            new_rows[kept] = np.arange(len(kept), dtype=np.int32)
            moved = new_rows[:, None] * KINDS + np.arange(KINDS, dtype=np.int32)
            self._postings.renumber(np.where(new_rows[:, None] < 0, -1, moved).astype(np.int32).ravel())
            self._size = len(kept)
        else:
            kept = np.arange(self._size)
        room = len(kept) + len(kept) // 8 + FIRST_SIZE
        for name, array in self._arrays.items():
            self._arrays[name] = np.zeros(room, self._types[name])
            self._arrays[name][: len(kept)] = array[kept]


def _state_values(row_version: int, state: PoolState) -> dict[str, object]:
    waits = [microseconds(until) for until in (state.paused_until, state.cool_until) if until is not None]
    if state.state == "paused" and state.paused_until is None:
        waits.append(PAUSED_WITHOUT_END)
    counts = ("open_offers", "live_matches", "new_in_month")
    return {
        "row_version": row_version,
        "standing": state.stands,
        "reachable": state.reachable,
        "trained_until": state.trained_until.toordinal() if state.trained_until else 0,
        "paused_until": max(waits, default=0),
        "month": month_number(state.month),
    } | {name: min(MOST, getattr(state, name)) for name in counts}


def _held(ref: str, volunteer: VolunteerProfile) -> Mapping[int, Marks]:
    return {
        REF: Marks.of([ref]),
        AFFILIATION: volunteer.affiliations,
        BODY: volunteer.bodies,
        IDENTITY: volunteer.identity,
        AVOIDED_AFFILIATION: volunteer.avoid.affiliations,
        AVOIDED_PERSON: volunteer.avoid.people,
    }
