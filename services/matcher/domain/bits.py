"""Sets of the vocabulary's words as bits, in the vocabulary's order and as wide as the vocabulary needs.

A list of up to 64 words takes the smallest unsigned integer with a bit for each. A longer one takes several integers of
64 bits side by side, and a column of such sets has two dimensions.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.vocabulary import vocabulary

Bools = NDArray[np.bool_]
Sets = NDArray[np.unsignedinteger[Any]] | np.unsignedinteger[Any]

WORD_BITS = 64


@cache
def index_of(name: str) -> Mapping[str, int]:
    """Return the index of each slug in a list of the vocabulary, by the list's name; former words come last."""
    words = vocabulary()
    return {slug: index for index, slug in enumerate(words.parts.get(name) or getattr(words, name))}


def index_type(name: str) -> np.dtype[Any]:
    """Return the type of a column that holds one index of a list of the vocabulary."""
    return np.min_scalar_type(max(0, len(index_of(name)) - 1))


@cache
def set_type(name: str) -> np.dtype[Any]:
    """Return the type of a column that holds a set of slugs of a list of the vocabulary."""
    words = -(-len(index_of(name)) // WORD_BITS)
    if words > 1:
        return np.dtype((np.uint64, (words,)))
    return np.min_scalar_type((1 << len(index_of(name))) - 1)


def bits(name: str, chosen: Iterable[str]) -> Sets:
    """Return slugs as one value of a column of sets; shape () or (words,)."""
    index, kind = index_of(name), set_type(name)
    number = sum(1 << index[slug] for slug in set(chosen))
    return np.frombuffer(number.to_bytes(kind.itemsize, "little"), kind.base) if kind.shape else kind.type(number)


def slugs(name: str, value: Sets) -> list[str]:
    number = int.from_bytes(value.tobytes(), "little") if value.ndim else int(value)
    return [slug for slug, index in index_of(name).items() if number >> index & 1]


def has_any(sets: Sets, wanted: Sets) -> Bools:
    found = (sets & wanted) != 0
    return np.asarray(found.any(axis=1) if found.ndim > 1 else found, np.bool_)


def has_all(sets: Sets, wanted: Sets) -> Bools:
    found = (sets & wanted) == wanted
    return np.asarray(found.all(axis=1) if found.ndim > 1 else found, np.bool_)


def share_of(sets: Sets, wanted: Sets) -> NDArray[np.float64]:
    """Return per set of a column the share of the wanted slugs that it holds; at least one is wanted."""
    found = np.bitwise_count(sets & wanted)
    most = int(np.bitwise_count(wanted).sum())
    return np.asarray((found.sum(axis=1) if found.ndim > 1 else found) / most, np.float64)
