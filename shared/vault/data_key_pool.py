"""A small pool of data keys made beforehand, so that not every request costs a round trip to the vault."""

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from shared.vault.purposes import Purpose
from shared.vault.sealing import DataKey

Mint = Callable[[Sequence[Purpose]], list[DataKey]]
"""Makes and stores one data key for each purpose given, in that order."""


class DataKeyPool:
    """Hands out each data key once. Threads may share it; a forked process starts with an empty one."""

    def __init__(self, mint: Mint, batch: int, process_id: Callable[[], int] = os.getpid) -> None:
        """Take keys from `mint`, `batch` of a purpose at a time; what is left over at the end is never used."""
        self._mint = mint
        self._batch = batch
        self._process_id = process_id
        self._lock = threading.Lock()
        self._empty()

    def take(self, purposes: Iterable[Purpose]) -> dict[Purpose, DataKey]:
        """Return a data key of its own for each of `purposes`; all that the pool lacks is made in one go."""
        taken: dict[Purpose, DataKey] = {}
        wanted = set(purposes)
        with self._lock:
            # Two processes that inherited the same keys would give one key to two people.
            if self._owner != self._process_id():
                self._empty()
            for purpose in wanted:
                if self._pool[purpose]:
                    taken[purpose] = self._pool[purpose].pop()
        missing = sorted(wanted - taken.keys())
        return taken | self._refill(missing) if missing else taken

    def _refill(self, missing: Sequence[Purpose]) -> dict[Purpose, DataKey]:
        # Not under the lock: while the vault's database hangs, threads that still find keys go on.
        made: dict[Purpose, list[DataKey]] = defaultdict(list)
        asked = [purpose for purpose in missing for _ in range(self._batch)]
        for purpose, key in zip(asked, self._mint(asked), strict=True):
            made[purpose].append(key)
        taken = {purpose: keys.pop() for purpose, keys in made.items()}
        with self._lock:
            for purpose, keys in made.items():
                self._pool[purpose].extend(keys)
        return taken

    def _empty(self) -> None:
        self._owner = self._process_id()
        self._pool: dict[Purpose, list[DataKey]] = defaultdict(list)
