"""One look at the pool for one person: the exact best volunteers, or why there is nobody. Vectorised over the columns.

It must say the same as `hard_rules` and `score`, volunteer by volunteer; a property test holds them together.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain import columns as pool
from services.matcher.domain.bits import Bools, bits, has_all, has_any, index_of
from services.matcher.domain.columns import Columns
from services.matcher.domain.fitting import Fitting
from services.matcher.domain.hard_rules import (
    ASLEEP,
    FIT,
    NOBODY_FREE,
    is_sheltered,
    restricted_themes,
    too_far_for_a_student,
    why,
)
from services.matcher.domain.profiles import Capacity, PersonProfile
from services.matcher.domain.timing import awake_for
from services.matcher.domain.weeks import next_waking
from shared.vocabulary import vocabulary

Floats = NDArray[np.float64]
Gate = tuple[str, Bools]


@dataclass(frozen=True)
class Candidate:
    """A volunteer who may be asked, the pool-row version that was scored, and the capacity the claim must respect."""

    ref: str
    row_version: int
    score: float
    capacity: Capacity
    awake: bool


class Ranking:
    """One look. `asked_before`: refs asked before for this request; `tie`: any number, orders those of one score."""

    def __init__(
        self,
        columns: Columns,
        person: PersonProfile,
        *,
        now: datetime,
        asked_before: Collection[str] = (),
        tie: int = 0,
    ) -> None:
        self._columns = columns
        self._person = person
        self._now = now.astimezone(UTC)
        self._asked_before = asked_before
        self._tie = tie
        self._fitting = Fitting(columns, person, self._now)
        self._awake_for = awake_for(person.urgency)

    def best(self, limit: int = 10) -> list[Candidate]:
        """Return the best volunteers who may be asked now, best first; whoever is awake comes before whoever sleeps."""
        rows = self._allowed_rows()
        if not len(rows):
            return []
        fits = self._fitting.fits(rows)
        above = fits >= vocabulary().defaults.score.floor
        rows, scores = rows[above], self._fitting.scores(rows[above], fits[above])
        awake = self._awake(rows)
        best = self._top(rows[awake], scores[awake], limit)
        if len(best) < limit and self._awake_for is None:
            best += self._top(rows[~awake], scores[~awake], limit - len(best), awake=False)
        return best

    def why_nobody(self) -> str | None:
        """Return the code of the rule that left nobody, in the rules' fixed order; None if somebody is left."""
        left = self._columns.column("alive").astype(np.bool_)
        if not left.any():
            return NOBODY_FREE
        for code, passes in self._gates():
            left &= passes
            if not left.any():
                return why(code)
        return None

    def somebody_wakes_at(self) -> datetime | None:
        """Return when (UTC) the first of those who fit and are free can be asked, now perhaps; None if nobody can."""
        rows = self._allowed_rows()
        if len(rows):
            rows = rows[self._fitting.fits(rows) >= vocabulary().defaults.score.floor]
        numbers = np.unique(self._columns.column("rhythm")[rows])
        span = self._awake_for or timedelta()
        wakes = [next_waking(rhythm, self._now, span) for rhythm in self._columns.rhythms.named(numbers.tolist())]
        return min((at for at in wakes if at is not None), default=None)

    def _allowed_rows(self) -> NDArray[np.intp]:
        """Return the rows that pass every rule but the floor and sleep."""
        allowed = self._columns.column("alive").astype(np.bool_)
        for _, passes in (*self._standing(), *self._between(), *self._free()):
            allowed &= passes
        return np.flatnonzero(allowed)

    def _gates(self) -> Iterator[Gate]:
        yield from self._standing()
        yield from self._between()
        every = np.arange(len(self._columns.column("alive")))
        yield FIT, self._fitting.fits(every) >= vocabulary().defaults.score.floor
        yield from self._free()
        if self._awake_for is not None:
            yield ASLEEP, self._awake(every)

    def _standing(self) -> Iterator[Gate]:
        column = self._columns.column
        yield "not_active", column("standing").astype(np.bool_)
        yield "not_trained", column("trained_until") >= np.int32(self._now.date().toordinal())
        yield "unreachable", column("reachable").astype(np.bool_)

    def _between(self) -> Iterator[Gate]:
        person = self._person
        yield "same_person", self._without(pool.IDENTITY, person.identity)
        if "affiliation" not in person.waive:
            apart = self._without(pool.AFFILIATION, person.affiliations)
            yield "affiliation_overlap", apart & self._flagged(pool.HAS_AFFILIATIONS)
        yield "evaluative_role", self._unjudged()
        yield "avoid_list", self._unavoided()
        yield "no_shared_language", self._speaks(person.languages)
        yield from (("must_have", self._must_have(wish)) for wish in sorted(person.must_haves))
        if restricted := restricted_themes(person):
            yield "restricted_theme", has_all(self._columns.column("ready"), bits("themes", restricted))
        if "student_rule" not in person.waive:
            yield "student_rule", self._near_enough_for_students()
        if person.modalities:
            modalities = self._columns.column("modalities")
            every = bits("modalities", vocabulary().modalities)
            shares = has_any(modalities, bits("modalities", person.modalities))
            yield "no_shared_modality", shares | ~has_any(modalities, every)
        if person.week:
            yield "no_overlapping_time", (self._fitting.shared_slots != 0)[self._columns.column("rhythm")]
        yield "asked_before", self._without(pool.REF, self._asked_before)

    def _free(self) -> Iterator[Gate]:
        column = self._columns.column
        yield "paused", column("paused_until") <= np.int64(pool.microseconds(self._now))
        opened = column("open_offers").astype(np.int32)
        yield (
            "no_capacity",
            (opened < vocabulary().defaults.offers.open_per_volunteer)
            & (opened + column("live_matches") < column("active"))
            & (opened + self._columns.new_this_month(self._now) < column("new_per_month")),
        )

    def _without(self, kind: str, texts: Collection[str]) -> Bools:
        passes = np.ones(len(self._columns.column("alive")), np.bool_)
        passes[self._columns.rows_with(kind, texts)] = False
        return passes

    def _flagged(self, flag: int) -> Bools:
        return np.asarray((self._columns.column("flags") & np.uint8(flag)) != 0, np.bool_)

    def _unjudged(self) -> Bools:
        if not self._person.affiliations:
            return ~self._flagged(pool.HAS_ROLES)
        passes = self._without(pool.BODY, self._person.affiliations)
        return passes & ~self._flagged(pool.HAS_SHELTERED_ROLES) if is_sheltered(self._person) else passes

    def _unavoided(self) -> Bools:
        person, avoid = self._person, self._person.avoid
        passes = self._without(pool.IDENTITY, avoid.people) & self._without(pool.AVOIDED_PERSON, person.identity)
        passes &= self._without(pool.AFFILIATION, avoid.affiliations) & self._without(pool.BODY, avoid.affiliations)
        if not person.affiliations:
            return passes & ~self._flagged(pool.AVOIDS_AFFILIATIONS)
        return passes & self._without(pool.AVOIDED_AFFILIATION, person.affiliations)

    def _speaks(self, languages: Collection[str]) -> Bools:
        return np.asarray(self._columns.tongues.speaking(languages)[self._columns.column("tongues")], np.bool_)

    def _must_have(self, wish: str) -> Bools:
        person, column = self._person, self._columns.column
        if wish == "same_profession":
            return np.asarray(column("profession") == index_of("professions")[person.profession], np.bool_)
        if wish == "same_care_area":
            return np.asarray(column("care_area") == index_of("care_areas")[person.care_area], np.bool_)
        if wish == "language":
            return self._speaks(person.languages[:1])
        return has_all(column("gender"), bits("genders", [person.gender_wish] if person.gender_wish else []))

    def _near_enough_for_students(self) -> Bools:
        """Look the rule up in a table of profession x stage; for most people it forbids nothing."""
        person, words, column = self._person, vocabulary(), self._columns.column
        fine = np.array(
            [
                [
                    not too_far_for_a_student(person.profession, person.stage, profession, stage)
                    for stage in words.stages
                ]
                for profession in words.professions
            ]
        )
        if fine.all():
            return np.ones(len(column("alive")), np.bool_)
        return np.asarray(fine[column("profession"), column("stage")], np.bool_)

    def _awake(self, rows: NDArray[np.intp]) -> Bools:
        rhythms = self._columns.rhythms
        awake = rhythms.awake(self._now)
        if self._awake_for is not None:
            awake = awake & rhythms.awake(self._now + self._awake_for)
        return np.asarray(awake[self._columns.column("rhythm")[rows]], np.bool_)

    def _top(self, rows: NDArray[np.intp], scores: Floats, limit: int, *, awake: bool = True) -> list[Candidate]:
        """Return the exact best of these rows: by score, then by the tie-breaking number."""
        if len(rows) > limit:
            worst = np.partition(scores, len(scores) - limit)[len(scores) - limit]
            kept = scores >= worst
            rows, scores = rows[kept], scores[kept]
        ties = self._ties(rows)
        order = np.lexsort((ties, -scores))[:limit]
        return [self._candidate(int(rows[at]), float(scores[at]), awake) for at in order]

    def _ties(self, rows: NDArray[np.intp]) -> NDArray[np.uint64]:
        """Return splitmix64(salt + tie) per row, as `score.tie_break` does; the wrap-around is meant."""
        mixed = self._columns.column("salt")[rows].astype(np.uint64) + np.uint64(self._tie % (1 << 64))
        mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        return mixed ^ mixed >> np.uint64(31)

    def _candidate(self, row: int, score: float, awake: bool) -> Candidate:
        column = self._columns.column
        capacity = Capacity(int(column("active")[row]), int(column("new_per_month")[row]))
        return Candidate(
            ref=bytes(column("ref")[row]).decode("ascii"),
            row_version=int(column("row_version")[row]),
            score=score,
            capacity=capacity,
            awake=awake,
        )
