"""Marks of places and people: hashes that intake makes, compared and never read.

A volunteer may have hundreds, so they are kept packed. Two marks are taken for one by chance with probability 2^-64,
which would only exclude.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]

DIGITS = 16
"""Hex digits of a mark; longer ones are of profiles that were sealed before marks had a version."""


@dataclass(frozen=True, slots=True)
class Marks:
    """A set of marks as sorted numbers of 64 bits, eight bytes each."""

    packed: bytes = b""

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Marks":
        return cls(np.array(sorted({_number(text) for text in texts}), np.uint64).tobytes())

    @property
    def numbers(self) -> Numbers:
        return np.frombuffer(self.packed, np.uint64)

    def __bool__(self) -> bool:
        return bool(self.packed)

    def __or__(self, other: "Marks") -> "Marks":
        return Marks(np.union1d(self.numbers, other.numbers).tobytes())

    def meet(self, other: "Marks") -> bool:
        """Tell whether any mark is in both sets."""
        return not set(self.numbers.tolist()).isdisjoint(other.numbers.tolist())


def _number(text: str) -> int:
    if len(text) == DIGITS:
        try:
            return int(text, 16)
        except ValueError:
            pass
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
