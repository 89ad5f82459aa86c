"""Rows of a model chosen by SQL of our own. Django writes the SQL of a query anew each time, which takes longer than to answer it."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from django.db import connection, models

from forebyg.store.together import Question

Row = TypeVar("Row", bound=models.Model)
Make = Callable[[tuple[Any, ...]], Row]


@dataclass(frozen=True)
class Rows(Generic[Row]):
    """The rows of a model for which a condition holds, with its values. The condition is ours, never a person's.

    `beside` names foreign keys, none of them empty, whose rows are read along; then a column that several of the tables have
    is written with its table.
    """

    model: type[Row]
    condition: str
    given: tuple[object, ...] = field(default=())
    beside: tuple[str, ...] = ()

    def where(self, condition: str, *given: object) -> Rows[Row]:
        """Those of them for which this holds as well."""
        return replace(self, condition=f"{self.condition} AND {condition}", given=(*self.given, *given))

    def asked(self, *, order: str = "", limit: int | None = None, is_locked: bool = False) -> Question[list[Row]]:
        """To be asked for with others. `order` is SQL. `is_locked`: nobody else changes them until the transaction ends."""
        columns, tables, make = _reading(self.model, self.beside)
        sql = self._select(columns, tables, order, limit) + (f" FOR UPDATE OF {self.model._meta.db_table}" if is_locked else "")
        return Question(sql, self.given, lambda rows: [make(row) for row in rows])

    def column(self, name: str, *, order: str = "", limit: int | None = None) -> tuple[str, tuple[object, ...]]:
        """One column of them alone: the statement and its values."""
        return self._select(name, f'"{self.model._meta.db_table}"', order, limit), self.given

    def _select(self, columns: str, tables: str, order: str, limit: int | None) -> str:
        sql = f"SELECT {columns} FROM {tables} WHERE {self.condition}"  # noqa: S608 - all of it is ours
        return sql + (f" ORDER BY {order}" if order else "") + ("" if limit is None else f" LIMIT {limit:d}")


def as_array(ids: Iterable[uuid.UUID]) -> str:
    """Ids as one value of PostgreSQL's, to stand before `::uuid[]`."""
    return "{" + ",".join(map(str, ids)) + "}"


@functools.cache
def _reading(model: type[Row], beside: tuple[str, ...]) -> tuple[str, str, Make[Row]]:
    """Columns and tables as they stand in a statement, and how an instance is made from a row of it."""
    table = model._meta.db_table
    columns, tables, start = _columns(model, table), f'"{table}"', len(model._meta.concrete_fields)
    make_own, others = _maker(model, 0), []
    for name in beside:
        key: Any = model._meta.get_field(name)
        other: type[models.Model] = key.related_model
        columns += f", {_columns(other, name)}"
        tables += f' JOIN "{other._meta.db_table}" AS "{name}" ON "{name}".id = "{table}"."{key.column}"'
        others.append((name, _maker(other, start)))
        start += len(other._meta.concrete_fields)

    def make(row: tuple[Any, ...]) -> Row:
        made = make_own(row)
        for name, make_other in others:
            made._state.fields_cache[name] = make_other(row)  # where Django keeps it
        return made

    return columns, tables, make if others else make_own


def _columns(model: type[models.Model], table: str) -> str:
    return ", ".join(f'"{table}"."{one.column}"' for one in model._meta.concrete_fields)


def _maker(model: type[Row], start: int) -> Make[Row]:
    """How an instance is made from the columns of a row that begin at a place, as `Model.from_db` takes them."""
    fields = model._meta.concrete_fields
    names = [one.attname for one in fields]
    end = start + len(fields)
    converters = [(place, convert) for place, one in enumerate(fields) for convert in one.get_db_converters(connection)]

    def make(row: tuple[Any, ...]) -> Row:
        values = list(row[start:end])
        for place, convert in converters:
            values[place] = convert(values[place], None, connection)
        return model.from_db(connection.alias, names, values)

    return make
