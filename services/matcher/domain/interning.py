"""What many volunteers have in common, stored once: rhythms and sets of languages. Columns hold only their numbers.

A look at the pool then works out overlap and waking hours once per distinct rhythm, not once per volunteer. Numbers are
never given back: a replica loads its columns anew whenever it reconnects.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.bits import Bools
from services.matcher.domain.weeks import Rhythm, wall_minute
from shared.vocabulary.times import AHEAD, DAY, SHORTEST, Span, next_days, spans, zone_of

HORIZON = AHEAD + DAY
"""Minutes from the beginning of a day in UTC: they hold the next days as seen at any moment of it."""


class Rhythms:
    def __init__(self) -> None:
        self._numbers: dict[Rhythm, int] = {}
        self._rhythms: list[Rhythm] = []
        self._zones: dict[str, int] = {}
        self._hours = np.zeros((16, 3), np.int32)
        self._calendar = _Calendar(0)

    def number(self, rhythm: Rhythm) -> int:
        """Return the number of a rhythm, a new one if it was not seen before."""
        known = self._numbers.get(rhythm)
        if known is not None:
            return known
        number = self._numbers[rhythm] = len(self._rhythms)
        self._rhythms.append(rhythm)
        if number == len(self._hours):
            self._hours = np.concatenate([self._hours, np.zeros_like(self._hours)])
        self._hours[number] = self._zones.setdefault(rhythm.zone, len(self._zones)), rhythm.wakes, rhythm.sleeps
        return number

    def named(self, numbers: Iterable[int]) -> list[Rhythm]:
        return [self._rhythms[number] for number in numbers]

    def shared_minutes(self, mine: Sequence[Span], now: datetime) -> NDArray[np.int64]:
        """Return per rhythm how many minutes it shares with `mine`, the next days of somebody at `now`.

        Only what is long enough to talk counts, in both; -1 where the rhythm says nothing of its week.
        """
        day = next_days(now)[0] // DAY
        if self._calendar.day != day:
            self._calendar = _Calendar(day)
        self._calendar.add(self._rhythms)
        return self._calendar.shared_minutes(mine)

    def awake(self, now: datetime) -> Bools:
        hours = self._hours[: len(self._numbers)]
        wakes, sleeps = hours[:, 1], hours[:, 2]
        minutes = np.array([wall_minute(zone_of(zone), now) for zone in self._zones] or [0], np.int64)
        minute = minutes[hours[:, 0]]
        by_day = (wakes <= minute) & (minute < sleeps)
        return np.where(wakes < sleeps, by_day, (minute >= wakes) | (minute < sleeps))


class _Calendar:
    """The real time of rhythms over the HORIZON of one day (since 1970), as columns.

    Two share SHORTEST minutes in a row where a minute from which on both have as long is in both. So a span is kept as
    its first and last such minute, and those of the person are counted up to every minute once: how many lie within a
    span is then the difference of two counts.
    """

    def __init__(self, day: int) -> None:
        self.day = day
        self._said = np.zeros(0, np.bool_)
        self._owners, self._firsts, self._lasts = (np.zeros(0, np.int64) for _ in range(3))

    def add(self, rhythms: Sequence[Rhythm]) -> None:
        """Take in those of the rhythms that are new."""
        known, begin = len(self._said), self.day * DAY
        if known == len(rhythms):
            return
        new = [
            (number, begins - begin, ends - SHORTEST - begin)
            for number, rhythm in enumerate(rhythms[known:], known)
            for begins, ends in spans(rhythm.week, rhythm.zone, (begin, begin + HORIZON))
            if ends - begins >= SHORTEST
        ]
        columns = np.array(new, np.int64).reshape(-1, 3).T
        self._owners, self._firsts, self._lasts = (
            np.concatenate(pair) for pair in zip((self._owners, self._firsts, self._lasts), columns, strict=True)
        )
        self._said = np.array([bool(rhythm.week) for rhythm in rhythms], np.bool_)

    def shared_minutes(self, mine: Sequence[Span]) -> NDArray[np.int64]:
        # Each shared stretch has one such minute for each of its minutes but the last SHORTEST - 1, so those are added
        # once a stretch: where the person's span begins if counted up to an end, where it ends up to a beginning.
        until_end, until_begin = (np.zeros(HORIZON + 2, np.int64) for _ in range(2))
        for begins, ends in mine:
            first, last = begins - self.day * DAY, ends - SHORTEST - self.day * DAY
            for counts in (until_end, until_begin):
                counts[first + 1 : last + 2] += 1
            until_end[first + 1] += SHORTEST - 1
            until_begin[last + 1] += SHORTEST - 1
        minutes = until_end.cumsum()[self._lasts + 1] - until_begin.cumsum()[self._firsts]
        total = np.bincount(self._owners, minutes, len(self._said)).astype(np.int64)
        return np.where(self._said, total, -1)


Stands = frozenset[tuple[int, int]]
"""Professions and stages, each pair as its places in the two lists of the vocabulary."""


class StandSets:
    """What volunteers said of their profession and stage before: nothing, for nearly all of them."""

    def __init__(self) -> None:
        self._numbers: dict[Stands, int] = {}
        self._flat: NDArray[np.intp] | None = None

    def number(self, stands: Stands) -> int:
        """Return the number of a set of stands, a new one if it was not seen before."""
        if stands not in self._numbers:
            self._flat = None
        return self._numbers.setdefault(stands, len(self._numbers))

    def any_in(self, table: Bools) -> Bools:
        """Return per set whether `table` (profession x stage) holds for any of its stands."""
        if self._flat is None:
            rows = [(number, *stand) for stands, number in self._numbers.items() for stand in stands]
            self._flat = np.array(rows, np.intp).reshape(-1, 3)
        numbers, professions, stages = self._flat.T
        found = np.zeros(len(self._numbers), np.bool_)
        found[numbers[table[professions, stages]]] = True
        return found


class LanguageSets:
    def __init__(self) -> None:
        self._numbers: dict[frozenset[str], int] = {}
        self._sets: list[frozenset[str]] = []
        self._speakers: dict[str, list[int]] = {}

    def number(self, languages: frozenset[str]) -> int:
        """Return the number of a set of languages, a new one if it was not seen before."""
        known = self._numbers.get(languages)
        if known is not None:
            return known
        number = self._numbers[languages] = len(self._sets)
        self._sets.append(languages)
        for language in languages:
            self._speakers.setdefault(language, []).append(number)
        return number

    def named(self, number: int) -> frozenset[str]:
        return self._sets[number]

    def speaking(self, languages: Iterable[str]) -> Bools:
        """Return per set whether it holds any of the languages."""
        speaks = np.zeros(len(self._numbers), np.bool_)
        for language in languages:
            speaks[self._speakers.get(language, [])] = True
        return speaks
