"""An index from 64-bit keys to small numbers: sorted numpy arrays, and a small unsorted part."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Values = NDArray[np.int32]

PENDING_AT_MOST = 4096
GROWS_BY = 8
"""A run that has an eighth of the length of the one before is merged with it: runs are few, merging is amortised."""


class _Run(NamedTuple):
    """Each key once, in order; its values are those from its start to that of the next. 12 bytes a key, 4 a value."""

    keys: Keys
    starts: NDArray[np.int32]
    values: Values

    @classmethod
    def of(cls, keys: Keys, values: Values) -> "_Run":
        """Take a key for each value, in any order."""
        order = np.argsort(keys, kind="stable")
        unique, starts = np.unique(keys[order], return_index=True)
        return cls(unique, np.append(starts, len(keys)).astype(np.int32), values[order])

    def every_key(self) -> Keys:
        return np.repeat(self.keys, np.diff(self.starts))

    def of_any(self, wanted: Keys) -> Values:
        at = np.searchsorted(self.keys, wanted)
        at[at == len(self.keys)] = 0
        at = at[self.keys[at] == wanted]
        begins = self.starts[at]
        lengths = self.starts[at + 1] - begins
        # All stretches in one array: each begin repeated, plus 0, 1, 2 ... within its own stretch.
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        found: Values = self.values[np.repeat(begins, lengths) + within]
        return found


class Postings:
    """Values (at least 0) by key. Nothing is taken out but by `renumber`."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []
        self._pending: dict[int, list[int]] = {}
        self._pending_count = 0

    @property
    def nbytes(self) -> int:
        """The bytes of the sorted part."""
        return sum(array.nbytes for run in self._runs for array in run)

    def add(self, keys: Keys, value: int) -> None:
        """Add a value for each key."""
        for key in keys.tolist():
            self._pending.setdefault(key, []).append(value)
        self._pending_count += len(keys)
        if self._pending_count > PENDING_AT_MOST:
            self._merge()

    def of_any(self, keys: Keys) -> Values:
        """Return the values of any of the keys, in no order, perhaps repeated."""
        parts = [run.of_any(keys) for run in self._runs]
        if self._pending:
            parts += [np.array(self._pending[key], np.int32) for key in keys.tolist() if key in self._pending]
        return np.concatenate(parts) if parts else np.empty(0, np.int32)

    def renumber(self, new_values: Values) -> None:
        """Give each value its new one, `new_values[value]`; entries for which that is negative are dropped."""
        self._merge()
        moved = [(run.every_key(), new_values[run.values]) for run in self._runs]
        self._runs = [_Run.of(keys[values >= 0], values[values >= 0]) for keys, values in moved if (values >= 0).any()]

    def _merge(self) -> None:
        if not self._pending:
            return
        pairs = [(key, value) for key, values in self._pending.items() for value in values]
        keys, values = np.array([key for key, _ in pairs], np.uint64), np.array([value for _, value in pairs], np.int32)
        while self._runs and len(self._runs[-1].values) < GROWS_BY * len(values):
            last = self._runs.pop()
            keys, values = np.concatenate([last.every_key(), keys]), np.concatenate([last.values, values])
        self._runs.append(_Run.of(keys, values))
        self._pending, self._pending_count = {}, 0
