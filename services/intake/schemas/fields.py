"""Fields that take exactly the JSON type they name, so that the OpenAPI document says the truth about them.

What they refuse is a Fault. Each helper makes a field; `options` are those of every marshmallow field. A field has to
be there, unless it says with `load_default` what stands for it, or says that it is not required.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate

from services.intake.domain.faults import Fault
from services.intake.domain.people.marks import names_somebody
from shared.clock import to_text
from shared.mail_address import LONGEST, BadAddress, read_mail_address
from shared.vault.purposes import Purpose
from shared.vocabulary import vocabulary
from shared.vocabulary.languages import canonical
from shared.vocabulary.times import NO_ZONES

CLOCK_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
CLOCK_END = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
LANGUAGE_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"
"""BCP 47: a language of two or three letters, then script, region and variants. The language has to be a known one."""

LATEST_YEAR = 2199

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

KNOWN_ZONES = sorted({*files("tzdata").joinpath("zones").read_text("utf-8").split()} - NO_ZONES)
"""The zones of the IANA database, whatever else lies in the system's folder for them."""

LONGEST_NAME_OF_A_WORD = 100

Raw = Mapping[str, Any] | None


def refusing(**codes: str) -> dict[str, Any]:
    """Return the messages of a field: marshmallow's name for what is wrong -> the fault of that code."""
    return {name: Fault(code) for name, code in {"required": "missing", "null": "null", **codes}.items()}


def held(*sealed: Purpose, hashed: Purpose | None = None, use: str) -> dict[str, Any]:
    """Return the option of a field that says into which sealed objects it goes, in which as a keyed hash, and what for.

    The sealed objects and the tables of docs/privacy.md are made from it. Without any purpose it is never stored.
    """
    return {"metadata": {"sealed": sealed, "hashed": hashed, "use": use}}


class Strict(Schema):
    """A body in which every field is known."""

    error_messages = {"type": Fault("not_an_object"), "unknown": Fault("unknown")}  # noqa: RUF012 - as its parent.


class Needed(fields.Field[Any]):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"required": "load_default" not in options, **options})


class Text(Needed, fields.String):
    default_error_messages = refusing(invalid="not_a_text")


class Language(Text):
    """A language tag, taken as the register of languages writes it: `de` for `deu`."""

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **kwargs: Any) -> str:
        tag = str(super()._deserialize(value, attr, data, **kwargs))
        return canonical(tag) or tag if re.fullmatch(LANGUAGE_TAG, tag) else tag


class Email(Text):
    """A mail address, as it goes out: in ASCII, without what pasting brought along."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"format": "email"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **kwargs: Any) -> str:
        return mail_address(super()._deserialize(value, attr, data, **kwargs))


class Many(Needed, fields.List[Any]):
    """A list. One that is too long is refused for that alone: to look at a thousand places takes seconds."""

    default_error_messages = refusing(invalid="not_a_list")

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **kwargs: Any) -> list[Any]:
        for check in self.validators if isinstance(value, list) else ():
            if isinstance(check, validate.Length) and len(value) > (check.max or len(value)):
                check(value)
        return super()._deserialize(value, attr, data, **kwargs)


class Day(Needed, fields.Date):
    """A day of no later than LATEST_YEAR: what is counted on from it has to stay within the calendar."""

    default_error_messages = refusing(invalid="not_a_date", invalid_awareness="not_a_date")

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Range(max=date(LATEST_YEAR, 12, 31), error=Fault("day_too_far")), **options)


class Whole(Needed, fields.Nested):
    """A nested object that is always complete, also where the object around it may be partial."""

    default_error_messages = refusing()

    def _load(self, value: Any, partial: Any = None) -> Any:  # noqa: ARG002 - that it is not used is the point.
        return super()._load(value, partial=False)


class JsonBoolean(Needed, fields.Boolean):
    """True or false, and nothing that merely resembles them."""

    default_error_messages = refusing(invalid="not_a_boolean")

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=None)
        return bool(super()._deserialize(value, attr, data, **kwargs))


class JsonNumber(Needed, fields.Float):
    """A number; text that reads like one is refused."""

    default_error_messages = refusing(invalid="not_a_number", special="no_real_number", too_large="too_large")

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=None)
        return super()._deserialize(value, attr, data, **kwargs)


class JsonInteger(Needed, fields.Integer):
    """A whole number."""

    default_error_messages = refusing(invalid="not_whole", too_large="too_large")

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **kwargs: Any) -> int:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole:
            raise self.make_error("invalid", input=None)
        return int(super()._deserialize(value, attr, data, **kwargs))


class Moment(fields.AwareDateTime):
    """A moment as RFC 3339; written in UTC, to the second."""

    SERIALIZATION_FUNCS = {**fields.AwareDateTime.SERIALIZATION_FUNCS, "iso": to_text}  # noqa: RUF012 - as its parent.
    default_error_messages = refusing(invalid="not_a_moment", invalid_awareness="no_zone")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=None, obj_type=self.OBJ_TYPE) from None


class Fits(validate.Regexp):
    """The whole text fits a pattern; a line break at its end does not slip through as it does with `$` alone."""

    def __call__(self, value: str) -> str:  # type: ignore[override]
        if re.fullmatch(str(self.regex.pattern), value) is None:
            raise ValidationError(self._format_error(value))
        return value


def text(longest: int, **options: Any) -> Text:
    """Return a field for a text of 1 to `longest` characters."""
    return Text(validate=validate.Length(min=1, max=longest, error=Fault("length")), **options)


def people(longest: int, at_most: int, **options: Any) -> Many:
    """Return a field for people by name, address or number. What names nobody would keep nobody away, unnoticed."""

    def somebody(value: str) -> None:
        # What is too long is refused for that, and not looked through: that would take minutes.
        if len(value) <= longest and not names_somebody(value):
            raise ValidationError(Fault("names_nobody"))

    length = validate.Length(min=1, max=longest, error=Fault("length"))
    count = validate.Length(max=at_most, error=Fault("count"))
    return Many(Text(validate=[length, somebody]), validate=count, **options)


class Word(validate.OneOf):
    """A word of a list of the vocabulary, by its slug; whoever sends a name of one is told the slug."""

    def __init__(self, listed: str, only: Collection[str] | None = None) -> None:
        super().__init__(list(getattr(vocabulary(), listed) if only is None else only), error=Fault("not_listed"))
        self._listed = listed

    def __call__(self, value: Any) -> Any:
        # A former word is taken: from a page that was open before it was divided, or with a change of something else.
        if set(vocabulary().parts[self._listed].get(value, [value])) <= set(self.choices):
            return value
        means = vocabulary().meant(self._listed, value[:LONGEST_NAME_OF_A_WORD])
        raise ValidationError(Fault("a_name_of", slug=means) if means in self.choices else Fault("not_listed"))


def word(listed: str, **options: Any) -> Text:
    """Return a field for a word of care_areas, professions, stages or themes."""
    return Text(validate=Word(listed), **options)


def words(listed: str, *, at_most: int, only: Collection[str] | None = None, **options: Any) -> Many:
    """Return a field for different words of a list, all of it or `only` some."""
    return _set_of(Text(validate=Word(listed, only)), validate.Length(max=at_most, error=Fault("too_many")), options)


def slug(known: Collection[str], **options: Any) -> Text:
    return Text(validate=validate.OneOf(list(known), error=Fault("not_listed")), **options)


def slugs(known: Collection[str], *, at_most: int | None = None, **options: Any) -> Many:
    """Return a field for a list of different words out of `known`."""
    return _set_of(slug(known), validate.Length(max=at_most or len(known), error=Fault("too_many")), options)


def objects(schema: type[Schema], at_most: int, **options: Any) -> Many:
    return Many(Whole(schema), validate=validate.Length(max=at_most, error=Fault("too_many")), **options)


def languages(**options: Any) -> Many:
    """Return a field for one to five languages as BCP 47 tags."""
    return _set_of(language(), validate.Length(min=1, max=5, error=Fault("count")), options)


def _set_of(member: Text, length: validate.Length, options: dict[str, Any]) -> Many:
    metadata = {"uniqueItems": True, **options.pop("metadata", {})}
    return Many(member, validate=[length, all_different], metadata=metadata, **options)


def language(**options: Any) -> Text:
    return Language(validate=[Fits(LANGUAGE_TAG, error=Fault("not_a_language")), a_known_language], **options)


def a_known_language(tag: str) -> None:
    if re.fullmatch(LANGUAGE_TAG, tag) and canonical(tag) is None:
        raise ValidationError(Fault("not_a_language"))


def time_zone(**options: Any) -> Text:
    return Text(validate=validate.OneOf(KNOWN_ZONES, error=Fault("not_a_time_zone")), **options)


def clock_time(pattern: str = CLOCK_TIME, **options: Any) -> Text:
    return Text(validate=Fits(pattern, error=Fault("not_a_time_of_day")), **options)


def between(least: int, most: int) -> validate.Range:
    return validate.Range(min=least, max=most, error=Fault("out_of_range"))


def mail_address(value: str) -> str:
    """Return the address in `value` as it goes out; ValidationError if there is none."""
    try:
        return read_mail_address(value)
    except BadAddress as error:
        code = error.code
    raise ValidationError(Fault(code, max=LONGEST) if code == "too_long" else Fault(code))


def hook_address(value: str) -> str:
    """Return `value`; ValidationError unless it looks like the address of a webhook.

    Where the name leads is judged by the notifier at each call, which lets clear text go to its own machine at most.
    """
    try:
        parts = urlsplit(value)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        whole = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        safe = whole = False
    if not (safe and whole and value.isascii() and value.isprintable()) or set(value) & set(' "\\'):
        raise ValidationError(Fault("not_a_webhook"))
    return value


def all_different(values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise ValidationError(Fault("named_twice"))
