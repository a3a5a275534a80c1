"""Typed rows: a frozen dataclass whose fields are the columns of a table, read and written as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.schema import SchemaItem
from sqlalchemy.sql.dml import Update

from shared.refs import Version

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")

TYPES: Mapping[Any, Any] = {
    int: sa.Integer,
    Version: sa.BigInteger,
    bool: sa.Boolean,
    date: sa.Date,
    datetime: sa.DateTime(timezone=True),
}
"""Whatever else a field is hinted as, a text or an Enum, is kept as text."""


def table_of(kind: type[Any], name: str, metadata: sa.MetaData, *more: SchemaItem) -> sa.Table:
    """Return the table with a column for each field of the dataclass `kind`, and with `more` beside them.

    A field hinted as perhaps None may be null, its default is also the column's, and `ref` is the key. A column among
    `more` stands in place of that of its name.
    """
    hints, given = get_type_hints(kind), {each.name for each in more if isinstance(each, sa.Column)}
    columns = []
    for field in fields(kind):
        if field.name not in given:
            [said] = set(get_args(hints[field.name]) or (hints[field.name],)) - {NoneType}
            columns.append(
                sa.Column(
                    field.name,
                    TYPES.get(said, sa.Text),
                    primary_key=field.name == "ref",
                    nullable=NoneType in get_args(hints[field.name]),
                    server_default=None if field.default in (MISSING, None) else str(field.default),
                )
            )
    return sa.Table(name, metadata, *columns, *more)


class Rows(Generic[R]):
    """The rows of `table` as objects of `kind`. Columns that `kind` has no field for are left to the database.

    A field hinted as an Enum is read as one. The key is the column `ref`.
    """

    def __init__(self, table: sa.Table, kind: type[R]) -> None:
        self.table, self._kind = table, kind
        self._names = [each.name for each in fields(kind)]
        self._columns = [table.c[name] for name in self._names]
        hints = get_type_hints(kind)
        self._enums = {name: hint for name, hint in hints.items() if isinstance(hint, type) and issubclass(hint, Enum)}

    def part_of(self, row: sa.Row[Any], alias: sa.FromClause | None = None) -> R | None:
        """Return what a row of a join holds of this table, or of an `alias` of it; None where it holds nothing."""
        columns = self.table.c if alias is None else alias.c
        if row._mapping[columns.ref] is None:
            return None
        return self._made(row._mapping[columns[name]] for name in self._names)

    def _made(self, row: Iterable[Any]) -> R:
        values = dict(zip(self._names, row, strict=True))
        return self._kind(**(values | {name: enum(values[name]) for name, enum in self._enums.items()}))

    def by_ref(self, tx: sa.Connection, ref: str, *, lock: bool = False) -> R | None:
        """Return the row `ref`, locked if `lock`; None if there is none."""
        return self.one(tx, self.table.c.ref == ref, lock=lock)

    def one(self, tx: sa.Connection, *where: sa.ColumnElement[bool], lock: bool = False) -> R | None:
        """Return the only or first row, locked if `lock`; None if there is none."""
        statement = sa.select(*self._columns).where(*where)
        row = tx.execute(statement.with_for_update() if lock else statement).first()
        return None if row is None else self._made(row)

    def all(
        self,
        tx: sa.Connection,
        *where: sa.ColumnElement[bool],
        order_by: Iterable[sa.ColumnElement[Any]] = (),
        lock: bool = False,
    ) -> list[R]:
        """Return every such row, locked if `lock`."""
        statement = sa.select(*self._columns).where(*where).order_by(*order_by)
        return [self._made(row) for row in tx.execute(statement.with_for_update() if lock else statement)]

    def written(self, tx: sa.Connection, statement: Insert | Update) -> list[R]:
        """Return the rows that `statement` inserts or changes, as they are now."""
        return [self._made(row) for row in tx.execute(statement.returning(*self._columns))]

    def insert(self, tx: sa.Connection, row: R) -> None:
        """Add `row`; IntegrityError if its key is taken."""
        tx.execute(insert(self.table).values(**asdict(row)))

    def save(self, tx: sa.Connection, row: R) -> None:
        """Write every column of a row that this transaction has locked."""
        values = asdict(row)
        tx.execute(sa.update(self.table).where(self.table.c.ref == values["ref"]).values(**values))

    def put(self, tx: sa.Connection, row: R) -> None:
        """Write `row`, whether or not there was one of its ref."""
        values = asdict(row)
        tx.execute(insert(self.table).values(**values).on_conflict_do_update(index_elements=["ref"], set_=values))
