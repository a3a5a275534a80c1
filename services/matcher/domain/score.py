"""How well volunteers fit a person: a score in [0, 1] from weighted components, sparing loaded and rare ones.

It is worked out over rows of the columns; what depends on one word is looked up in a small table per person.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.bits import Sets, bits, has_all, has_any, index_of, share_of
from services.matcher.domain.look import Look
from shared.vocabulary import vocabulary
from shared.vocabulary.times import AHEAD, WEEK

Floats = NDArray[np.float64]
Chosen = NDArray[np.intp]

CARE_AREA_WISHES: Mapping[str, Callable[[float], float]] = {
    "same": lambda near: near * near,
    "related": lambda near: near,
    "different": lambda near: 1.0 - near,
    "no_preference": lambda _near: 1.0,
}
"""How well a care area so near meets the wish."""


def rarity_of(count: int) -> float:
    """Return 1/count, or 0 for what is not rare (or counted by nobody)."""
    return 1.0 / count if 0 < count < vocabulary().defaults.score.rare_below else 0.0


@cache
def _near(name: str, slug: str) -> Floats:
    """Return how near a word is to each of its list, by index."""
    return np.array([vocabulary().near(name, slug, other) for other in index_of(name)])


@cache
def _alike(theme: str) -> tuple[tuple[float, Sets], ...]:
    """Return the themes near to one by nearness, the largest last, so that the nearest thing lived is written last."""
    words = vocabulary()
    nearness = {other: words.near("themes", theme, other) for other in words.themes}
    return tuple(
        (near, bits("themes", (other for other in nearness if nearness[other] == near)))
        for near in sorted(set(nearness.values()) - {0.0})
    )


class Score:
    def __init__(self, look: Look) -> None:
        self._look = look
        self._person = look.person

    def fits(self, rows: Chosen) -> Floats:
        """Return the fit in [0, 1] of each row, before anybody is spared; the floor is held against this."""
        values = self.components(rows)
        total = np.zeros(len(rows))
        for name, weight in vocabulary().defaults.score.weights.items():
            total += weight * values[name]
        return np.minimum(total, 1.0)

    def components(self, rows: Chosen) -> Mapping[str, Floats | float]:
        """Return each component in [0, 1], of each row; what was not asked for is met by everybody (1)."""
        person = self._person
        wished = CARE_AREA_WISHES[person.care_area_wish]
        areas = np.array([wished(near) for near in _near("care_areas", person.care_area)])
        return {
            "experience": self._experience(rows),
            "values_and_conversation": self._values_and_conversation(rows),
            "stage": _near("stages", person.stage)[self._of("stage", rows)],
            "care_area": areas[self._of("care_area", rows)],
            "profession": _near("professions", person.profession)[self._of("profession", rows)],
            "availability": self._availability(rows),
        }

    def scores(self, rows: Chosen, fits: Floats) -> Floats:
        """Return the score in [0, 1] of each row: its fit, less what spares the loaded and the rare."""
        figures = vocabulary().defaults.score
        spared = figures.spare_load * self._load(rows) + figures.spare_rarity * self._rarity(rows)
        return np.maximum(0.0, fits - spared)

    def _of(self, name: str, rows: Chosen) -> NDArray[Any]:
        return self._look.column(name)[rows]

    def _experience(self, rows: Chosen) -> Floats | float:
        """Return the weighted mean, over the person's themes, of the nearest thing the volunteer has lived."""
        most_important, lived = vocabulary().defaults.score.most_important_counts, self._of("lived", rows)
        total, weight = np.zeros(len(rows)), 0.0
        for theme in self._person.themes:
            counts = most_important if theme == self._person.most_important else 1.0
            nearest = np.zeros(len(rows))
            for near, alike in _alike(theme):
                nearest[has_any(lived, alike)] = near
            total += counts * nearest
            weight += counts
        return total / weight if weight else 1.0

    def _values_and_conversation(self, rows: Chosen) -> Floats | float:
        """Return the mean, over what the person asked for, of the share that the volunteer meets."""
        person, met = self._person, []
        if person.values:
            met.append(share_of(self._of("values", rows), bits("values", person.values)))
        if person.conversation:
            met.append(share_of(self._of("conversation", rows), bits("conversation", person.conversation)))
        if person.gender_wish:
            met.append(has_all(self._of("gender", rows), bits("genders", [person.gender_wish])).astype(np.float64))
        return sum(met, np.zeros(len(rows))) / len(met) if met else 1.0

    def _availability(self, rows: Chosen) -> Floats | float:
        """Return the share of enough shared time in a week, of which nobody needs more than the person has."""
        if not self._person.week:
            return 1.0
        enough = vocabulary().defaults.score.enough_shared.total_seconds() / 60 * AHEAD / WEEK
        has = sum(ends - begins for begins, ends in self._look.spans)
        shared = self._look.shared_minutes
        share = np.minimum(1.0, shared / max(1, min(enough, has)))
        return np.asarray(np.where(shared < 0, 1.0, share)[self._of("rhythm", rows)], np.float64)

    def _load(self, rows: Chosen) -> Floats:
        """Return how much of the capacity is used, in [0, 1]: at present or in this month, whichever is more."""
        opened = self._of("open_offers", rows).astype(np.float64)
        now = (opened + self._of("live_matches", rows)) / np.maximum(1, self._of("active", rows))
        new = self._look.columns.new_this_month(self._look.now)[rows]
        month = (opened + new) / np.maximum(1, self._of("new_per_month", rows))
        return np.asarray(np.minimum(1.0, np.maximum(now, month)), np.float64)

    def _rarity(self, rows: Chosen) -> Floats:
        """Return 1/n of the scarcest unasked theme or language per row; only what is rare is looked at."""
        person, columns = self._person, self._look.columns
        lived, languages = self._of("lived", rows), self._of("languages", rows)
        rarity = np.zeros(len(rows))
        for theme in vocabulary().themes.keys() - vocabulary().parts_of("themes", person.themes):
            if rare := rarity_of(columns.theme_counts[theme]):
                has = has_any(lived, bits("themes", [theme]))
                rarity[has] = np.maximum(rarity[has], rare)
        for language in columns.language_counts.keys() - set(person.languages):
            if rare := rarity_of(columns.language_counts[language]):
                has = columns.language_sets.speaking([language])[languages]
                rarity[has] = np.maximum(rarity[has], rare)
        return rarity
