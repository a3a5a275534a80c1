"""Reads parsed YAML into frozen dataclasses with marshmallow. The types of the fields say what is allowed.

A field with a default may be left out. A length of time has its unit in the key: `grace: Minutes` is read from
`grace_min`.
"""

import dataclasses
import types
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from marshmallow import Schema, ValidationError, fields, post_load, validate

T = TypeVar("T")

ENDINGS = {"hours": "_h", "days": "_d", "minutes": "_min"}
NOT_NEGATIVE = validate.Range(min=timedelta(0))

Share = Annotated[float, fields.Float, {"validate": validate.Range(0, 1)}]
"""A number from 0 to 1."""
Count = Annotated[int, fields.Integer, {"strict": True, "validate": validate.Range(1)}]
"""A whole number of at least 1."""
Hours = Annotated[timedelta, fields.TimeDelta, {"precision": "hours", "validate": NOT_NEGATIVE}]
Days = Annotated[timedelta, fields.TimeDelta, {"precision": "days", "validate": NOT_NEGATIVE}]
Minutes = Annotated[timedelta, fields.TimeDelta, {"precision": "minutes", "validate": NOT_NEGATIVE}]
Labels = Mapping[str, str]
"""Slug -> label, in the order in which a form shows them."""


class VocabularyError(ValueError):
    """The data is wrong; the message names the document and the entry."""


class _Day(fields.Date):
    def _deserialize(self, value: Any, *arguments: Any, **options: Any) -> date:
        # YAML has made a date of it already.
        return value if type(value) is date else super()._deserialize(value, *arguments, **options)


PLAIN: Mapping[Any, tuple[type[fields.Field[Any]], dict[str, Any]]] = {
    str: (fields.String, {"validate": validate.Length(min=1)}),
    bool: (fields.Boolean, {"truthy": {True}, "falsy": {False}}),
    int: (fields.Integer, {"strict": True}),
    date: (_Day, {}),
    time: (fields.Time, {}),
}


def read(kind: type[T], document: Any, where: str) -> T:
    """Return `document` as the dataclass `kind`; VocabularyError says what is wrong, after `where`.

    A dataclass may check itself in `__post_init__`, by marshmallow's ValidationError.
    """
    try:
        made: T = _schema(kind)().load(document)
    except ValidationError as error:
        raise VocabularyError("; ".join(f"{where}: {line}" for line in _lines(error.messages))) from None
    return made


def _schema(kind: Any) -> type[Schema]:
    hints = get_type_hints(kind, include_extras=True)
    members: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        optional = field.default is not dataclasses.MISSING
        presence = {"load_default": field.default} if optional else {"required": True}
        members[field.name] = _field(hints[field.name], data_key=field.name + _ending(hints[field.name]), **presence)

    def make(_schema: Schema, data: dict[str, Any], **_options: Any) -> Any:
        found = {name: get_origin(hints[name])(x) if isinstance(x, list) else x for name, x in data.items()}
        return kind(**found)

    return type(kind.__name__, (Schema,), members | {"make": post_load(make)})


def _field(hint: Any, **options: Any) -> fields.Field[Any]:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is types.UnionType:
        return _field(inner[0], allow_none=True, **options)
    if dataclasses.is_dataclass(hint):
        return fields.Nested(_schema(hint), **options)
    if origin is Annotated or origin is None:
        kind, own = hint.__metadata__ if origin else PLAIN[hint]
        made: fields.Field[Any] = kind(**own, **options)
        return made
    of = [_field(each) for each in inner if each is not Ellipsis]
    if origin is Mapping:
        return fields.Dict(*of, **options)
    return fields.Tuple(of, **options) if origin is tuple and Ellipsis not in inner else fields.List(of[0], **options)


def _ending(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        return ENDINGS.get(hint.__metadata__[1].get("precision"), "")
    return next(filter(None, map(_ending, get_args(hint))), "")


def _lines(messages: Any, path: str = "") -> Iterator[str]:
    """Yield one line per mistake, such as `circles[0].members: Not a valid list.`"""
    if not isinstance(messages, dict):
        yield from (f"{path}: {message}" if path else str(message) for message in messages)
        return
    for key, inner in messages.items():
        # "_schema" stands for the whole object; "key" and "value" say which side of a mapping it is.
        step = "" if key in ("_schema", "key", "value") else f"[{key}]" if isinstance(key, int) else f".{key}"
        yield from _lines(inner, (path + step).lstrip("."))
