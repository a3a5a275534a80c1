"""How many volunteers to ask now. Offers go out in waves of 1, 2, 3, and then 3 again: exclusive first."""

from collections.abc import Collection
from dataclasses import dataclass

from services.matcher.domain.lifecycle import OfferState
from shared.vocabulary import vocabulary


@dataclass(frozen=True)
class Wave:
    """The wave (counted from 1) to which new offers belong, and how many to make now; 0 means: wait."""

    number: int
    offers: int


def size_of(wave: int) -> int:
    """Return how many offers a wave may hold open; the last figure holds for all later waves."""
    waves = vocabulary().defaults.offers.waves
    return waves[min(wave, len(waves)) - 1]


def offers_to_make(past: Collection[tuple[int, OfferState]]) -> Wave:
    """Return what to offer now, from the wave and the state of all earlier offers of the round.

    A new wave starts only when every offer of the present one has ended. Offers that could not be delivered reached
    nobody, so they are replaced within their wave. One that was accepted came to nothing if there is a search.
    """
    if not past:
        return Wave(1, size_of(1))
    number = max(wave for wave, _ in past)
    states = [state for wave, state in past if wave == number]
    undeliverable = states.count(OfferState.UNDELIVERABLE)
    reached = len(states) - undeliverable
    replacements = min(undeliverable, max(0, size_of(number) - reached))
    if replacements or OfferState.MADE in states:
        return Wave(number, replacements)
    return Wave(number + 1, size_of(number + 1))
