"""Reading the fields of an opened profile. Errors name the field and never repeat what was in it."""

from collections.abc import Collection, Mapping
from typing import Any

from services.matcher.domain.marks import Marks
from shared.vocabulary import DAYS
from shared.vocabulary.languages import spoken
from shared.vocabulary.times import Week, minutes_of, week_of, zone_of


class UnknownWord(ValueError):
    """A word that this version of the vocabulary does not know, from a newer one or from another operator's file."""


class Fields:
    """The fields of one JSON object; every method raises ValueError("<field>: ...") for bad data."""

    def __init__(self, data: Any, inside: str = "") -> None:
        if not isinstance(data, Mapping):
            # Every kind of bad data is one kind of error to the caller, so this is no TypeError.
            raise ValueError(f"{inside.rstrip('.') or 'profile'}: not an object")  # noqa: TRY004
        self._data = data
        self._inside = inside

    def fail(self, name: str, why: str) -> ValueError:
        return ValueError(f"{self._inside}{name}: {why}")

    def slug(self, name: str, known: Collection[str]) -> str:
        found = self.slug_or_none(name, known)
        if found is None:
            raise self.fail(name, "missing")
        return found

    def slug_or_none(self, name: str, known: Collection[str]) -> str | None:
        """Return a slug, or None where the field is absent or null."""
        value = self._data.get(name)
        if value is not None and not isinstance(value, str):
            raise self.fail(name, "not a slug")
        if value is not None and value not in known:
            raise self._unknown(name)
        return value

    def _unknown(self, name: str) -> UnknownWord:
        return UnknownWord(f"{self._inside}{name}: not a known slug")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of non-empty texts, such as marks; absent is empty."""
        values = self._list(name)
        if not all(isinstance(value, str) and value for value in values):
            raise self.fail(name, "not a list of texts")
        return tuple(values)

    def marks(self, name: str) -> Marks:
        """Return a list of marks; absent is empty."""
        return Marks.of(self.texts(name))

    def slugs(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """Return a list of known slugs; absent is empty."""
        values = self.texts(name)
        if any(value not in known for value in values):
            raise self._unknown(name)
        return values

    def languages(self, name: str) -> tuple[str, ...]:
        """Return what is spoken (en-GB -> en) of at least one BCP 47 tag, in the order given."""
        tags = self.texts(name)
        if not tags:
            raise self.fail(name, "missing")
        return tuple(dict.fromkeys(map(spoken, tags)))

    def zone(self, name: str) -> str:
        name_of_zone = self.text(name)
        try:
            return zone_of(name_of_zone).key
        except (ValueError, OSError, LookupError):
            raise self.fail(name, "not a time zone") from None

    def week(self, name: str) -> Week:
        """Return weekly blocks {day, from, to} as a week; absent is an empty one."""
        return week_of(block._block() for block in self.objects(name))

    def _block(self) -> tuple[str, int, int]:
        start, end = (self._minutes(name, self._data.get(name)) for name in ("from", "to"))
        return self.slug("day", DAYS), start, end

    def hours(self, name: str, default: tuple[int, int]) -> tuple[int, int]:
        """Return a pair of times of day in minutes after midnight."""
        values = self._list(name)
        if not values:
            return default
        if len(values) != 2:
            raise self.fail(name, "not two times of day")
        return self._minutes(name, values[0]), self._minutes(name, values[1])

    def _minutes(self, name: str, value: Any) -> int:
        try:
            return minutes_of(value)
        except (TypeError, ValueError):
            raise self.fail(name, "not a time of day") from None

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number from 0 to `most`."""
        value = self._data.get(name)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self.fail(name, f"not a whole number from 0 to {most}")
        return value

    def years(self, name: str) -> float:
        """Return a required number of years, at least 0."""
        value = self._data.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:
            raise self.fail(name, "not a number of years")
        return float(value)

    def text(self, name: str) -> str:
        value = self._data.get(name)
        if not isinstance(value, str) or not value:
            raise self.fail(name, "missing")
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self._data.get(name) is None else self.text(name)

    def inside(self, name: str) -> "Fields":
        """Return the fields of an object within; absent is an empty one."""
        return Fields(self._data.get(name) or {}, f"{self._inside}{name}.")

    def objects(self, name: str) -> "list[Fields]":
        """Return the fields of each object in a list; absent is empty."""
        return [Fields(value, f"{self._inside}{name}[{index}].") for index, value in enumerate(self._list(name))]

    def _list(self, name: str) -> list[Any]:
        value = self._data.get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise self.fail(name, "not a list")
        return list(value)
