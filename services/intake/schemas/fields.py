"""Fields that take exactly the JSON type they name, so that the OpenAPI document says the truth about them."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate

from shared.clock import to_text

CLOCK_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
LANGUAGE_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"
"""BCP 47: a language of two or three letters, then script, region and variants. Not looked up in the registry."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

KNOWN_ZONES = sorted(available_timezones())


class Fits(validate.Regexp):
    """The whole text fits a pattern; a line break at its end does not slip through as it does with `$` alone."""

    def __call__(self, value: str) -> str:  # type: ignore[override]
        """Return `value`; ValidationError if it does not fit."""
        if re.fullmatch(str(self.regex.pattern), value) is None:
            raise ValidationError(self._format_error(value))
        return value


class JsonBoolean(fields.Boolean):
    """True or false, and nothing that merely resembles them."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=None)
        return bool(super()._deserialize(value, attr, data, **kwargs))


class JsonNumber(fields.Float):
    """A number; text that reads like one is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=None)
        return super()._deserialize(value, attr, data, **kwargs)


class JsonInteger(fields.Integer):
    """A whole number."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole:
            raise self.make_error("invalid", input=None)
        return int(super()._deserialize(value, attr, data, **kwargs))


class Moment(fields.AwareDateTime):
    """A moment as RFC 3339; written in UTC, to the second."""

    SERIALIZATION_FUNCS = {**fields.AwareDateTime.SERIALIZATION_FUNCS, "iso": to_text}  # noqa: RUF012 - as its parent.

    def __init__(self, **kwargs: Any) -> None:
        """Take the options of every field."""
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=None, obj_type=self.OBJ_TYPE) from None


class Whole(fields.Nested):
    """A nested object that is always complete, also where the object around it may be partial."""

    def _load(self, value: Any, partial: Any = None) -> Any:  # noqa: ARG002 - that it is not used is the point.
        return super()._load(value, partial=False)


def text(longest: int, **options: Any) -> fields.String:
    """Return a field for a text of 1 to `longest` characters."""
    return fields.String(validate=validate.Length(min=1, max=longest), **options)


def texts(longest: int, at_most: int, *, at_least: int = 0, **options: Any) -> fields.List[Any]:
    """Return a field for a list of texts."""
    return fields.List(text(longest), validate=validate.Length(min=at_least, max=at_most), **options)


def slug(known: Collection[str], **options: Any) -> fields.String:
    """Return a field for one of `known`."""
    return fields.String(validate=validate.OneOf(list(known), error="Not one of the words to choose from."), **options)


def slugs(known: Collection[str], *, at_most: int | None = None, **options: Any) -> fields.List[Any]:
    """Return a field for a list of different words out of `known`, empty if it is left out."""
    return fields.List(
        slug(known),
        validate=[validate.Length(max=at_most or len(known)), all_different],
        metadata={"uniqueItems": True},
        **options,
    )


def languages(**options: Any) -> fields.List[Any]:
    """Return a field for one to five languages as BCP 47 tags."""
    return fields.List(
        language(), validate=[validate.Length(min=1, max=5), all_different], metadata={"uniqueItems": True}, **options
    )


def language(**options: Any) -> fields.String:
    """Return a field for one language as a BCP 47 tag."""
    return fields.String(validate=Fits(LANGUAGE_TAG, error="Not a language tag, e.g. en or pt-BR."), **options)


def time_zone(**options: Any) -> fields.String:
    """Return a field for a time zone by its IANA name."""
    return fields.String(validate=validate.OneOf(KNOWN_ZONES, error="Not a time zone, e.g. Europe/London."), **options)


def clock_time(**options: Any) -> fields.String:
    """Return a field for a time of day, e.g. 18:30."""
    return fields.String(validate=Fits(CLOCK_TIME, error="Not a time of day, e.g. 18:30."), **options)


def hook_address(value: str) -> None:
    """Raise ValidationError unless `value` looks like the address of a webhook.

    Where the name leads is judged by the notifier at each call, which lets clear text go to its own machine at most.
    """
    try:
        parts = urlsplit(value)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        whole = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        safe = whole = False
    if not (safe and whole and value.isascii() and value.isprintable()) or set(value) & set(' "\\'):
        raise ValidationError("Not an address to call. It begins with https:// and holds no password.")


def all_different(values: list[str]) -> None:
    """Raise ValidationError if a value appears twice."""
    if len(set(values)) != len(values):
        raise ValidationError("Each may be named once.")
