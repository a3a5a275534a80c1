"""The score of `score.py`, vectorised: the same sums in the same order, looked up in small tables per person."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.bits import bits, has_all, has_any, share_of
from services.matcher.domain.columns import Columns
from services.matcher.domain.profiles import PersonProfile
from services.matcher.domain.score import care_area, enough_slots, rarity_of, theme_weights
from services.matcher.domain.weeks import utc_week
from shared.vocabulary import vocabulary

Floats = NDArray[np.float64]
Chosen = NDArray[np.intp]


class Fitting:
    """How well rows of the columns fit one person at `now` (UTC)."""

    def __init__(self, columns: Columns, person: PersonProfile, now: datetime) -> None:
        self._columns = columns
        self._person = person
        self._now = now

    @cached_property
    def shared_slots(self) -> NDArray[np.int64]:
        """Per rhythm, how many slots of the week are shared; -1 where the rhythm says nothing."""
        mine = utc_week(self._person.week, self._person.zone, self._now)
        return self._columns.rhythms.shared_slots(mine, self._now)

    def fits(self, rows: Chosen) -> Floats:
        """Return the fit in [0, 1] of each row, before anybody is spared."""
        values: Mapping[str, Floats | float] = {
            "experience": self._experience(rows),
            "values_and_conversation": self._values_and_conversation(rows),
            "stage": self._stage()[self._of("stage", rows)],
            "care_area": self._care_area()[self._of("care_area", rows)],
            "profession": self._profession()[self._of("profession", rows)],
            "availability": self._availability(rows),
        }
        total = np.zeros(len(rows))
        for name, weight in vocabulary().defaults.score.weights.items():
            total += weight * values[name]
        return np.minimum(total, 1.0)

    def scores(self, rows: Chosen, fits: Floats) -> Floats:
        """Return the score in [0, 1] of each row: its fit, less what spares the loaded and the rare."""
        figures = vocabulary().defaults.score
        spared = figures.spare_load * self._load(rows) + figures.spare_rarity * self._rarity(rows)
        return np.maximum(0.0, fits - spared)

    def _of(self, name: str, rows: Chosen) -> NDArray[Any]:
        return self._columns.column(name)[rows]

    def _stage(self) -> Floats:
        words = vocabulary()
        return np.array([words.stage_nearness(self._person.stage, stage) for stage in words.stages])

    def _care_area(self) -> Floats:
        person = self._person
        return np.array([care_area(person.care_area_wish, person.care_area, area) for area in vocabulary().care_areas])

    def _profession(self) -> Floats:
        words = vocabulary()
        return np.array([words.profession_nearness(self._person.profession, other) for other in words.professions])

    def _experience(self, rows: Chosen) -> Floats | float:
        words, lived = vocabulary(), self._of("lived", rows)
        total, weight = np.zeros(len(rows)), 0.0
        for theme, counts in theme_weights(self._person).items():
            nearest = np.zeros(len(rows))
            # From the smallest nearness to the largest, so that the nearest thing lived is written last.
            for near in sorted({words.theme_nearness(theme, other) for other in words.themes} - {0.0}):
                alike = bits("themes", (other for other in words.themes if words.theme_nearness(theme, other) == near))
                nearest[has_any(lived, alike)] = near
            total += counts * nearest
            weight += counts
        return total / weight if weight else 1.0

    def _values_and_conversation(self, rows: Chosen) -> Floats | float:
        person = self._person
        total, asked = np.zeros(len(rows)), 0
        if person.values:
            total += share_of(self._of("values", rows), bits("values", person.values))
            asked += 1
        if person.conversation:
            total += share_of(self._of("conversation", rows), bits("conversation", person.conversation))
            asked += 1
        if person.gender_wish:
            total += has_all(self._of("gender", rows), bits("genders", [person.gender_wish]))
            asked += 1
        return total / asked if asked else 1.0

    def _availability(self, rows: Chosen) -> Floats | float:
        if not self._person.week:
            return 1.0
        by_rhythm = np.minimum(1.0, self.shared_slots / enough_slots(self._person))
        return np.asarray(np.where(self.shared_slots < 0, 1.0, by_rhythm)[self._of("rhythm", rows)], np.float64)

    def _load(self, rows: Chosen) -> Floats:
        opened = self._of("open_offers", rows).astype(np.float64)
        now = (opened + self._of("live_matches", rows)) / np.maximum(1, self._of("active", rows))
        new = self._columns.new_this_month(self._now)[rows]
        month = (opened + new) / np.maximum(1, self._of("new_per_month", rows))
        return np.asarray(np.minimum(1.0, np.maximum(now, month)), np.float64)

    def _rarity(self, rows: Chosen) -> Floats:
        """Return 1/n of the scarcest unasked theme or language per row; only what is rare is looked at."""
        person, words, scarcity = self._person, vocabulary(), self._columns.scarcity
        lived, tongues = self._of("lived", rows), self._of("tongues", rows)
        rarity = np.zeros(len(rows))
        for theme in words.themes.keys() - set(person.themes):
            if rare := rarity_of(scarcity.themes[theme]):
                has = has_any(lived, bits("themes", [theme]))
                rarity[has] = np.maximum(rarity[has], rare)
        for language in scarcity.languages.keys() - set(person.languages):
            if rare := rarity_of(scarcity.languages[language]):
                has = self._columns.tongues.speaking([language])[tongues]
                rarity[has] = np.maximum(rarity[has], rare)
        return rarity
