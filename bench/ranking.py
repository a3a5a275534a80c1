"""What a look for the best volunteers costs with the marks of real names: time, memory, and size on the wire.

`python -m bench.ranking` prints it. The time is a ratio to a reference of the same run, `.sum()` over the same columns,
and to the same pool with one mark a place, so that it can be compared between machines.
"""

import csv
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any

from services.intake.domain.affiliations import Register
from services.matcher.domain.columns import Columns, column_types
from services.matcher.domain.profiles import PersonProfile, VolunteerProfile
from services.matcher.domain.ranking import Ranking
from shared.vault.hashing import MARK_LENGTH
from shared.vault.purposes import Purpose
from shared.vault.sealing import new_data_key, seal
from tests.unit.matcher.worlds import NOW, a_state, random_person, random_volunteer

HOSPITALS = Path(__file__).parent / "data" / "hospitals_us.csv"
UNITS = ("Intensive Care Unit", "Neurology ward", "Department of Surgery", "Emergency Department", "Oncology", "")
VOLUNTEERS, PEOPLE, ROUNDS = 10_000, 200, 9
SUMMED = ("salt", "row_version", "trained_until", "paused_until", "rhythm", "languages")


def hashed(mark: str) -> str:
    """Return as many hex digits as intake's keyed hash of a mark has."""
    return blake2b(mark.encode(), digest_size=MARK_LENGTH // 2).hexdigest()


class Town:
    """Makes volunteers and people who work at real hospitals; `most` marks of each place are kept."""

    def __init__(self, most: int) -> None:
        self.random = Random(10)
        self.most = most
        self.register = Register((), ())
        with HOSPITALS.open(encoding="utf-8", newline="") as file:
            self.hospitals = list(csv.DictReader(file))
        self.marks = cache(self._marks)

    def _marks(self, make: str, place: str) -> tuple[str, ...]:
        made: Callable[[list[str]], frozenset[str]] = getattr(self.register, make)
        return tuple(sorted({hashed(mark) for mark in made([place])})[: self.most])

    def places(self, make: str, counts: tuple[int, ...]) -> list[str]:
        return sorted({mark for _ in range(self.random.choice(counts)) for mark in self.marks(make, self.place())})

    def place(self) -> str:
        site = self.random.choice(self.hospitals)
        return ", ".join(filter(None, (self.random.choice(UNITS), site["name"], site["city"])))

    def volunteer(self, number: int) -> dict[str, Any]:
        bodies = self.places("of_volunteer", (0, 0, 1, 2))
        return random_volunteer(self.random) | {
            "affiliations": self.places("of_volunteer", (1, 1, 2, 3)),
            "evaluative_roles": [{"role": "line_manager", "body": body} for body in bodies],
            "avoid": {"affiliations": self.places("avoided_by_volunteer", (0, 0, 0, 1)), "people": []},
            "identity": self.named(number, "of_volunteer"),
            "capacity": {},
        }

    def person(self, number: int) -> dict[str, Any]:
        return random_person(self.random) | {
            "affiliations": self.places("of_person", (1, 1, 2, 3)),
            "avoid": {"affiliations": self.places("avoided_by_person", (0, 0, 0, 1)), "people": []},
            "identity": self.named(number, "of_person"),
        }

    def named(self, number: int, make: str) -> list[str]:
        # Invented words, so that nobody bears the name of another.
        first, family = (blake2b(f"{make} {number} {which}".encode()).hexdigest()[:10] for which in (1, 2))
        letters = str.maketrans("0123456789", "ghijklmnop")
        name = f"{first} {family}".translate(letters).title()
        made = getattr(self.register.people, make)([name, f"{number}.{make}@example.org"])
        return sorted({hashed(mark) for mark in made})[: self.most]


def seconds(*runs: Callable[[], object]) -> list[float]:
    """Return the processor seconds of each run, the least of several, taken in turns so that all have the same luck."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for run, taken in zip(runs, times, strict=True):
            start = process_time()
            run()
            taken.append(process_time() - start)
    return [min(taken) for taken in times]


def pool_of(town: Town) -> tuple[Columns, list[dict[str, Any]]]:
    columns, said = Columns(), []
    for number in range(VOLUNTEERS):
        data = town.volunteer(number)
        columns.upsert(f"v{number}", number, VolunteerProfile.from_data(data), a_state())
        said.append(data)
    return columns, said


def looks(columns: Columns, town: Town) -> Callable[[], object]:
    """Return a run that looks for the best volunteers for each of some people."""
    people = [PersonProfile.from_data(town.person(number)) for number in range(PEOPLE)]
    return lambda: [Ranking(columns, person, now=NOW).best(5) for person in people]


def sealed_bytes(said: list[dict[str, Any]]) -> list[int]:
    key = new_data_key(bytes)
    return sorted(len(seal(key, "v", Purpose.VOLUNTEER_PROFILE, data, bytes)) for data in said)


def main() -> None:
    town, plain = Town(64), Town(1)
    columns, said = pool_of(town)
    summing = [columns.column(name) for name in SUMMED] * 100
    spelt, bare, summed = seconds(
        looks(columns, town), looks(pool_of(plain)[0], plain), lambda: [column.sum() for column in summing]
    )
    spelt, bare, summed = spelt / PEOPLE, bare / PEOPLE, summed / 100
    held = [sum(len(marks(each)) for marks in (_places, _bodies, _avoided)) for each in said]
    sizes = sealed_bytes(said[:1000])
    print(f"marks of places: {median(held):.0f} a volunteer in the median, {max(held)} at most")
    print(f"best 5 of {VOLUNTEERS}: {spelt * 1e6:.0f} us, {spelt / bare:.2f} times as with one mark a place")
    print(f"  that is {spelt / summed:.0f} times .sum() of {len(SUMMED)} of the same columns")
    print(f"memory a volunteer: {sum(kind.itemsize for kind in column_types().values())} B of columns, ", end="")
    print(f"{columns.index_bytes / VOLUNTEERS:.0f} B of the index of marks")
    print(f"sealed profile: {median(sizes):.0f} B in the median, {sizes[-1]} at most")


def _places(said: dict[str, Any]) -> list[str]:
    return list(said["affiliations"])


def _bodies(said: dict[str, Any]) -> list[dict[str, str]]:
    return list(said["evaluative_roles"])


def _avoided(said: dict[str, Any]) -> list[str]:
    return list(said["avoid"]["affiliations"])


if __name__ == "__main__":
    main()
