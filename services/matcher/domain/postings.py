"""An index from 64-bit keys to rows of the pool: sorted numpy arrays, 12 bytes per entry, and a small unsorted part."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]

PENDING_AT_LEAST = 4096
PENDING_SHARE = 16


def key_of(kind: str, text: str) -> int:
    """Return the key of a text of one kind. Two texts share a key with probability 2^-64, which would only exclude."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8, person=kind.encode()).digest(), "little")


class Postings:
    """Rows by key. Rows of the dead stay until `renumber`: the caller checks that a row still lives."""

    def __init__(self) -> None:
        self._keys = np.empty(0, np.uint64)
        self._rows: Rows = np.empty(0, np.int32)
        self._pending: dict[int, list[int]] = {}
        self._pending_count = 0

    def add(self, key: int, row: int) -> None:
        """Add an entry; merging into the sorted part is amortised."""
        self._pending.setdefault(key, []).append(row)
        self._pending_count += 1
        if self._pending_count > max(PENDING_AT_LEAST, len(self._keys) // PENDING_SHARE):
            self._merge()

    def rows(self, keys: Iterable[int]) -> Rows:
        """Return the rows of any of the keys, in no order, perhaps repeated."""
        wanted = list(keys)
        found = np.array(wanted, np.uint64)
        starts = np.searchsorted(self._keys, found, "left")
        ends = np.searchsorted(self._keys, found, "right")
        parts = [self._rows[start:end] for start, end in zip(starts, ends, strict=True)]
        parts += [np.array(self._pending[key], np.int32) for key in wanted if key in self._pending]
        return np.concatenate(parts) if parts else np.empty(0, np.int32)

    def renumber(self, new_rows: Rows) -> None:
        """Give each row its new number, `new_rows[row]`; entries of rows numbered -1 are dropped."""
        self._merge()
        rows = new_rows[self._rows]
        kept = rows >= 0
        self._keys, self._rows = self._keys[kept], rows[kept]

    def _merge(self) -> None:
        pairs = [(key, row) for key, rows in self._pending.items() for row in rows]
        keys = np.concatenate([self._keys, np.array([key for key, _ in pairs], np.uint64)])
        rows = np.concatenate([self._rows, np.array([row for _, row in pairs], np.int32)])
        order = np.argsort(keys, kind="stable")
        self._keys, self._rows = keys[order], rows[order]
        self._pending, self._pending_count = {}, 0
