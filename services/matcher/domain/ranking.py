"""The exact best volunteers of the pool for one person, or why there is nobody.

It must say the same as the plain forms of the rules, volunteer by volunteer; a property test holds them together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.bits import Bools
from services.matcher.domain.columns import Columns
from services.matcher.domain.hard_rules import ASLEEP, FIT, MUST_HAVES, NOBODY_FREE, ORDER, RULES, why
from services.matcher.domain.look import Look
from services.matcher.domain.profiles import Capacity, PersonProfile
from services.matcher.domain.score import CARE_AREA_WISHES, Floats, Score
from services.matcher.domain.weeks import next_waking
from shared.vocabulary import Vocabulary, VocabularyError, vocabulary

PASSES = {rule.code: rule.passes for rule in RULES}


def check(words: Vocabulary) -> None:
    """Raise VocabularyError, by name, for a wish that people may choose and no rule or score knows."""
    for name, known in (("must_haves", MUST_HAVES), ("care_area_wishes", CARE_AREA_WISHES)):
        for slug in getattr(words, name):
            if slug not in known:
                raise VocabularyError(f"choices.yaml: {name}.{slug}: the matcher has no code for it")


@dataclass(frozen=True)
class Candidate:
    """A volunteer who may be asked, the pool-row version that was scored, and the capacity the claim must respect."""

    ref: str
    row_version: int
    score: float
    capacity: Capacity
    awake: bool


class Ranking:
    """One look at the pool. `tie`: any number, orders those of one score."""

    def __init__(
        self,
        columns: Columns,
        person: PersonProfile,
        *,
        now: datetime,
        asked_before: Collection[str] = (),
        tie: int = 0,
    ) -> None:
        self._look = Look(columns, person, now=now, asked_before=asked_before)
        self._score = Score(self._look)
        self._tie = tie

    def best(self, limit: int = 10) -> list[Candidate]:
        """Return the best volunteers who may be asked now, best first; those awake come before those asleep."""
        rows = self._allowed_rows()
        if not len(rows):
            return []
        fits = self._score.fits(rows)
        above = fits >= vocabulary().defaults.score.floor
        rows, scores = rows[above], self._score.scores(rows[above], fits[above])
        awake = self._look.awake(rows)
        best = self._top(rows[awake], scores[awake], limit)
        if len(best) < limit and self._look.awake_for is None:
            best += self._top(rows[~awake], scores[~awake], limit - len(best), awake=False)
        return best

    def why_nobody(self) -> str | None:
        """Return the code of the rule that left nobody, in the rules' fixed order; None if somebody is left."""
        left = self._alive()
        if not left.any():
            return NOBODY_FREE
        for code in ORDER:
            passes = self._above_the_floor() if code == FIT else PASSES[code](self._look)
            if passes is not None:
                left &= passes
                if not left.any():
                    return why(code)
        return None

    def somebody_wakes_at(self) -> datetime | None:
        """Return when (UTC) the first of those who fit and are free can be asked, now perhaps; None if nobody can."""
        rows = self._allowed_rows()
        if len(rows):
            rows = rows[self._score.fits(rows) >= vocabulary().defaults.score.floor]
        numbers = np.unique(self._look.column("rhythm")[rows])
        span = self._look.awake_for or timedelta()
        rhythms = self._look.columns.rhythms.named(numbers.tolist())
        wakes = [next_waking(rhythm, self._look.now, span) for rhythm in rhythms]
        return min((at for at in wakes if at is not None), default=None)

    def _alive(self) -> Bools:
        return self._look.column("alive").astype(np.bool_)

    def _allowed_rows(self) -> NDArray[np.intp]:
        """Return the rows that pass every rule but the floor and sleep."""
        allowed = self._alive()
        for rule in RULES:
            passes = None if rule.code == ASLEEP else rule.passes(self._look)
            if passes is not None:
                allowed &= passes
        return np.flatnonzero(allowed)

    def _above_the_floor(self) -> Bools:
        every = np.arange(len(self._look.column("alive")))
        return np.asarray(self._score.fits(every) >= vocabulary().defaults.score.floor, np.bool_)

    def _top(self, rows: NDArray[np.intp], scores: Floats, limit: int, *, awake: bool = True) -> list[Candidate]:
        """Return the exact best of these rows: by score, then by the tie-breaking number."""
        if len(rows) > limit:
            worst = np.partition(scores, len(scores) - limit)[len(scores) - limit]
            kept = scores >= worst
            rows, scores = rows[kept], scores[kept]
        order = np.lexsort((self._ties(rows), -scores))[:limit]
        return [self._candidate(int(rows[index]), float(scores[index]), awake) for index in order]

    def _ties(self, rows: NDArray[np.intp]) -> NDArray[np.uint64]:
        """Return splitmix64(salt + tie) per row; the wrap-around is meant."""
        mixed = self._look.column("salt")[rows].astype(np.uint64) + np.uint64(self._tie % (1 << 64))
        mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        return mixed ^ mixed >> np.uint64(31)

    def _candidate(self, row: int, score: float, awake: bool) -> Candidate:
        column = self._look.column
        capacity = Capacity(int(column("active")[row]), int(column("new_per_month")[row]))
        return Candidate(
            ref=bytes(column("ref")[row]).decode("ascii"),
            row_version=int(column("row_version")[row]),
            score=score,
            capacity=capacity,
            awake=awake,
        )
