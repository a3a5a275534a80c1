"""What is rare in the pool: how many volunteers have lived each theme and speak each language."""

from collections import Counter
from collections.abc import Iterable

from shared.vocabulary import vocabulary


class Scarcity:
    """The counts of the volunteers who stand in the pool."""

    def __init__(self) -> None:
        self.themes: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()

    def count(self, lived: Iterable[str], languages: Iterable[str], by: int) -> None:
        """Count a volunteer in (`by` 1) or out (-1)."""
        for counter, words in ((self.themes, lived), (self.languages, languages)):
            counter.update(dict.fromkeys(words, by))


def rarity_of(count: int) -> float:
    """Return 1/count, or 0 for what is not rare (or counted by nobody)."""
    return 1.0 / count if 0 < count < vocabulary().defaults.score.rare_below else 0.0
