"""What many volunteers have in common, stored once: rhythms and sets of languages. Columns hold only their numbers.

A look at the pool then works out overlap and waking hours once per distinct rhythm, not once per volunteer. Numbers are
never given back: a replica loads its columns anew whenever it reconnects.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.bits import Bools
from services.matcher.domain.weeks import SLOT_MINUTES, SLOTS, Rhythm, offset_minutes, turned, wall_minute

WORDS = -(-SLOTS // 64)


def words_of(week: int) -> NDArray[np.uint64]:
    """Return the slots of a week as 64-bit words, lowest first; shape (6,)."""
    return np.frombuffer(week.to_bytes(WORDS * 8, "little"), np.uint64)


class Rhythms:
    def __init__(self) -> None:
        self._numbers: dict[Rhythm, int] = {}
        self._rhythms: list[Rhythm] = []
        self._zones: dict[str, int] = {}
        self._weeks = np.zeros((16, WORDS), np.uint64)
        self._hours = np.zeros((16, 3), np.int32)

    def number(self, rhythm: Rhythm) -> int:
        """Return the number of a rhythm, a new one if it was not seen before."""
        known = self._numbers.get(rhythm)
        if known is not None:
            return known
        number = self._numbers[rhythm] = len(self._rhythms)
        self._rhythms.append(rhythm)
        if number == len(self._weeks):
            self._weeks = np.concatenate([self._weeks, np.zeros_like(self._weeks)])
            self._hours = np.concatenate([self._hours, np.zeros_like(self._hours)])
        self._weeks[number] = words_of(rhythm.week)
        self._hours[number] = self._zones.setdefault(rhythm.zone, len(self._zones)), rhythm.wakes, rhythm.sleeps
        return number

    def named(self, numbers: Iterable[int]) -> list[Rhythm]:
        return [self._rhythms[number] for number in numbers]

    def shared_slots(self, week_in_utc: int, now: datetime) -> NDArray[np.int64]:
        """Return per rhythm how many slots of the week it shares; -1 where the rhythm says nothing of its week."""
        mine = np.stack([words_of(turned(week_in_utc, int(by) // SLOT_MINUTES)) for by in self._offsets(now)])
        weeks = self._weeks[: len(self._numbers)]
        both = weeks & mine[self._hours[: len(weeks), 0]]
        counts = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
        return np.where(weeks.any(axis=1), counts, -1)

    def awake(self, now: datetime) -> Bools:
        hours = self._hours[: len(self._numbers)]
        wakes, sleeps = hours[:, 1], hours[:, 2]
        minutes = np.array([wall_minute(ZoneInfo(zone), now) for zone in self._zones] or [0], np.int64)
        minute = minutes[hours[:, 0]]
        by_day = (wakes <= minute) & (minute < sleeps)
        return np.where(wakes < sleeps, by_day, (minute >= wakes) | (minute < sleeps))

    def _offsets(self, now: datetime) -> NDArray[np.int64]:
        """Return each zone's minutes ahead of UTC; one 0 for an empty pool, so that there is always a row to stack."""
        return np.array([offset_minutes(ZoneInfo(zone), now) for zone in self._zones] or [0], np.int64)


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
