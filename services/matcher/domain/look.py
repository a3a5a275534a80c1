"""One look at the pool for one person: what the rules and the score ask of the columns."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.bits import Bools
from services.matcher.domain.columns import Columns, microseconds
from services.matcher.domain.marks import Marks
from services.matcher.domain.postings import Values
from services.matcher.domain.profiles import PersonProfile
from services.matcher.domain.timing import awake_for
from shared.vocabulary.times import SHORTEST, Span, next_days, spans


class Look:
    """The pool as one person sees it at `now`. `asked_before`: refs asked before for this request."""

    def __init__(
        self, columns: Columns, person: PersonProfile, *, now: datetime, asked_before: Collection[str] = ()
    ) -> None:
        self.columns = columns
        self.person = person
        self.now = now.astimezone(UTC)
        self.asked_before = Marks.of(asked_before)
        self._holders: dict[Marks, Mapping[int, Values]] = {}
        self.today = self.now.date().toordinal()
        self.instant = microseconds(self.now)
        self.awake_for = awake_for(person.urgency)

    def column(self, name: str) -> NDArray[Any]:
        return self.columns.column(name)

    def without(self, kind: int, marks: Marks) -> Bools:
        """Return per row whether it holds none of the marks as this kind."""
        # A person's marks are looked up once for all rules.
        if marks not in self._holders:
            self._holders[marks] = self.columns.holders(marks)
        passes = np.ones(len(self.column("alive")), np.bool_)
        passes[self._holders[marks][kind]] = False
        return passes

    def flagged(self, flag: int) -> Bools:
        return np.asarray((self.column("flags") & np.uint8(flag)) != 0, np.bool_)

    def stands_in(self, table: Bools) -> Bools:
        """Return per row whether `table` (profession x stage) holds for what the volunteer is, or was before."""
        now, before = table[self.column("profession"), self.column("stage")], self.columns.stand_sets.any_in(table)
        return np.asarray(now | before[self.column("earlier")] if before.any() else now, np.bool_)

    def speaking(self, languages: Collection[str]) -> Bools:
        return np.asarray(self.columns.language_sets.speaking(languages)[self.column("languages")], np.bool_)

    @cached_property
    def spans(self) -> list[Span]:
        """The person's own time of the next days, where it is long enough to talk."""
        mine = spans(self.person.week, self.person.zone, next_days(self.now))
        return [(begins, ends) for begins, ends in mine if ends - begins >= SHORTEST]

    @cached_property
    def shared_minutes(self) -> NDArray[np.int64]:
        """Per rhythm, how many minutes of the next days are shared; -1 where the rhythm says nothing."""
        return self.columns.rhythms.shared_minutes(self.spans, self.now)

    def awake(self, rows: NDArray[np.intp]) -> Bools:
        """Return per given row whether the volunteer is awake, for as long as the request's urgency asks."""
        rhythms = self.columns.rhythms
        awake = rhythms.awake(self.now)
        if self.awake_for is not None:
            awake = awake & rhythms.awake(self.now + self.awake_for)
        return np.asarray(awake[self.column("rhythm")[rows]], np.bool_)
