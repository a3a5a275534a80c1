"""Reading values out of a parsed document, so that every error names the entry it is about."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "min": timedelta(minutes=1)}


class VocabularyError(ValueError):
    """The vocabulary's data is wrong; the message names the entry."""


@dataclass(frozen=True)
class Entry:
    """A value of a document and where it stands, such as `care_areas.yaml: nearness.pairs[3]`."""

    where: str
    value: Any

    def at(self, key: str) -> "Entry":
        """Return what stands under a key; it must be there."""
        if not isinstance(self.value, dict) or key not in self.value:
            raise VocabularyError(f"{self.where}: {key} is missing")
        return Entry(f"{self.where}.{key}", self.value[key])

    def entries(self, key: str) -> Iterator[tuple[str, "Entry"]]:
        """Yield slug and entry of a mapping under a key."""
        mapping = self.at(key)
        if not isinstance(mapping.value, dict):
            raise VocabularyError(f"{mapping.where}: a mapping is needed")
        for slug in mapping.value:
            yield slug, mapping.at(slug)

    def items(self, key: str) -> Iterator["Entry"]:
        """Yield the entries of a list under a key."""
        listed = self.at(key)
        if not isinstance(listed.value, list):
            raise VocabularyError(f"{listed.where}: a list is needed")
        for number, value in enumerate(listed.value):
            yield Entry(f"{listed.where}[{number}]", value)

    def only(self, keys: Collection[str]) -> None:
        """Refuse a mapping that holds any other key."""
        for key in self.value:
            if key not in keys:
                raise VocabularyError(f"{self.where}: {key} is not known")

    def text(self, key: str) -> str:
        """Return a non-empty text."""
        found = self.at(key)
        if not isinstance(found.value, str) or not found.value:
            raise VocabularyError(f"{found.where}: a text is needed")
        return found.value

    def text_or_none(self, key: str) -> str | None:
        """Return a non-empty text, or None where there is no such key."""
        return self.text(key) if key in self.value else None

    def flag(self, key: str) -> bool:
        """Return true or false; a missing key is false."""
        found = self.value.get(key, False)
        if not isinstance(found, bool):
            raise VocabularyError(f"{self.where}.{key}: true or false is needed")
        return found

    def share(self, key: str) -> float:
        """Return a number in [0, 1]."""
        return self.at(key).as_share()

    def as_share(self) -> float:
        """Return this value as a number in [0, 1]."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool) or not 0 <= self.value <= 1:
            raise VocabularyError(f"{self.where}: {self.value!r} is not a number from 0 to 1")
        return float(self.value)

    def count(self, key: str) -> int:
        """Return a whole number of at least 1."""
        return self.at(key).number_at_least(1)

    def number_at_least(self, least: int) -> int:
        """Return this value as a whole number that is not below `least`."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < least:
            raise VocabularyError(f"{self.where}: {self.value!r} is not a whole number of at least {least}")
        return self.value

    def span(self, key: str) -> timedelta:
        """Return a length of time; the key's ending (_h, _d, _min) is the unit."""
        return UNITS[key.rsplit("_", 1)[1]] * self.at(key).number_at_least(0)

    def clock_time(self) -> time:
        """Return this value, such as "08:00", as a time of day."""
        try:
            return time.fromisoformat(self.value)
        except (TypeError, ValueError):
            raise VocabularyError(f"{self.where}: {self.value!r} is not a time of day") from None

    def day_or_none(self, key: str) -> date | None:
        """Return a date, or None where the value is null."""
        found = self.at(key)
        if found.value is not None and not isinstance(found.value, date):
            raise VocabularyError(f"{found.where}: {found.value!r} is not a date")
        return found.value

    def slug_in(self, known: Collection[str]) -> str:
        """Return this value, which must be one of the known slugs."""
        if not isinstance(self.value, str) or self.value not in known:
            raise VocabularyError(f"{self.where}: {self.value!r} is not known")
        return self.value
