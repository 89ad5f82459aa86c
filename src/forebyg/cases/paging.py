"""Keyset pages over ordered streams of rows, read in the order of an index however many rows there are.

A list is one or more groups of streams. The streams of a group are merged by the same key, and the groups follow one
another: what has a deadline, then what has none. A page costs what it shows.

Three things keep it so with row-level security, measured with 10 000 matters in reach (`tests/test_list_scale.py`):
the reach is one literal (`as_array`), which tells the planner how far it goes, where the policies' own arrays are guessed
to hold ten ids; conditions on other tables are probed row by row (`has`, `lacks`) and not joined; and for a stream whose
keys begin an index of open rows, `in_index_order` keeps the planner from collecting every row of the reach to sort them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.utils.timezone import is_naive

from forebyg.store.rows import Rows
from forebyg.store.together import Question, ask, asked

PAGE = 25
FEW = 100
"""A reach of so many matters is read whole and sorted, sooner than that an agency's index is followed in search of it."""
COUNT_CAP = 99
"""Counts on screen are exact up to here; beyond it says '99+', so that counting costs no more than showing."""

Key = tuple[Any, ...]


class _Beyond(Func):
    """`(a, b) > (x, y)`: a row comparison, which an index that begins with `a, b` can answer."""

    output_field = BooleanField()

    def __init__(self, names: Sequence[str], sign: str, values: Sequence[Value]) -> None:
        self._sign = sign
        super().__init__(*(F(name) for name in names), *values)

    def as_sql(self, compiler: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        written = [compiler.compile(part) for part in self.get_source_expressions()]
        half = len(written) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (written[:half], written[half:]))
        return f"({left}) {self._sign} ({right})", tuple(value for _, values in written for value in values)


def has(model: type[Model], condition: str) -> str:
    """Whether a row is found, as SQL: columns are the row's own, those of the outer row have their table's name before them.
    Not EXISTS: that becomes a join, which may start from the other table."""
    return f"(SELECT o.id FROM {model._meta.db_table} o WHERE {condition} LIMIT 1) IS NOT NULL"  # noqa: S608 - ours


def lacks(model: type[Model], condition: str) -> str:
    """Whether none is found."""
    return f"(SELECT o.id FROM {model._meta.db_table} o WHERE {condition} LIMIT 1) IS NULL"  # noqa: S608 - ours


@contextlib.contextmanager
def in_index_order(is_followed: bool = True) -> Iterator[None]:
    """Let the planner follow an index from its end and stop when the page is full, whatever it guesses of the policies."""
    if not is_followed:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        yield
        cursor.execute("SET LOCAL enable_bitmapscan = on; SET LOCAL enable_sort = on")


@dataclass(frozen=True)
class Stream:
    """Rows in the order of `keys`, which together are unique; all streams of a group have the same keys. `is_followed`:
    the keys begin an index of open rows, after what the rows are chosen by, and the planner is to follow it."""

    rows: QuerySet[Any] | Rows[Any]
    keys: tuple[str, ...]
    is_descending: bool = False
    is_followed: bool = False

    def key_of(self, row: Any) -> Key:
        """Where the row stands."""
        return tuple(getattr(row, name) for name in self.keys)

    def asked(self, count: int, *, is_forward: bool, beyond: Key | None) -> Question[list[Any]]:
        """The next rows beyond a key, or the first ones, to be asked for with those of other streams."""
        rows, is_rising = self.rows, is_forward != self.is_descending
        if isinstance(rows, Rows):
            return self._asked_plainly(rows, count, is_rising=is_rising, beyond=beyond)
        if beyond is not None:
            values = [
                Value(value, output_field=rows.model._meta.get_field(name))
                for name, value in zip(self.keys, beyond, strict=True)
            ]
            rows = rows.filter(_Beyond(self.keys, ">" if is_rising else "<", values))
        ordered = rows.order_by(*(name if is_rising else f"-{name}" for name in self.keys))
        return asked(ordered[:count])

    def _asked_plainly(self, rows: Rows[Any], count: int, *, is_rising: bool, beyond: Key | None) -> Question[list[Any]]:
        columns = [f"{rows.model._meta.db_table}.{name}" for name in self.keys]
        if beyond is not None:
            values = ", ".join("%s" for _ in columns)
            rows = rows.where(f"({', '.join(columns)}) {'>' if is_rising else '<'} ({values})", *beyond)
        return rows.asked(order=", ".join(columns if is_rising else [f"{one} DESC" for one in columns]), limit=count)

    def read_key(self, parts: Sequence[str]) -> Key | None:
        """The key that these words of a cursor stand for; None when they are none of this stream's."""
        if len(parts) != len(self.keys):
            return None
        try:
            key = tuple(
                self.rows.model._meta.get_field(name).to_python(part) for name, part in zip(self.keys, parts, strict=True)
            )
        except ValidationError:
            return None
        return None if any(isinstance(value, datetime) and is_naive(value) for value in key) else key


Groups = Sequence[Sequence[Stream]]


@dataclass(frozen=True)
class Page:
    """The rows of a page, and the cursors of the pages around it: empty where there is none."""

    rows: list[Any]
    previous: str = ""
    next: str = ""


def page_of(groups: Groups, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """The page after or before a cursor. A cursor that can't be read, or beyond which nothing is left, gives the first page."""
    start = _read_cursor(groups, after or before)
    is_forward = bool(after) or start is None
    found = _collect(groups, start, is_forward=is_forward, count=size + 1)
    if not found and start is not None:
        start, is_forward = None, True
        found = _collect(groups, start, is_forward=True, count=size + 1)
    is_more = len(found) > size
    found = found[:size] if is_forward else found[:size][::-1]
    if not found:
        return Page([])
    has_previous, has_next = (start is not None, is_more) if is_forward else (is_more, True)
    return Page(
        [row for _, row in found],
        _write_cursor(*found[0][0]) if has_previous else "",
        _write_cursor(*found[-1][0]) if has_next else "",
    )


def _collect(
    groups: Groups, start: tuple[int, Key] | None, *, is_forward: bool, count: int
) -> list[tuple[tuple[int, Key], Any]]:
    found: list[tuple[tuple[int, Key], Any]] = []
    places = range(len(groups)) if is_forward else range(len(groups) - 1, -1, -1)
    for place in places:
        if start is not None and (place < start[0] if is_forward else place > start[0]):
            continue
        beyond = start[1] if start is not None and place == start[0] else None
        streams = groups[place]
        with in_index_order(all(stream.is_followed for stream in streams)):
            answers = ask(*(stream.asked(count, is_forward=is_forward, beyond=beyond) for stream in streams))
        part = [(stream.key_of(row), row) for stream, rows in zip(streams, answers, strict=True) for row in rows]
        part.sort(key=lambda one: one[0], reverse=is_forward == streams[0].is_descending)
        found += [((place, key), row) for key, row in part]
        if len(found) >= count:
            break
    return found[:count]


def _write_cursor(place: int, key: Key) -> str:
    return "~".join([str(place), *(value.isoformat() if isinstance(value, datetime) else str(value) for value in key)])


def _read_cursor(groups: Groups, text: str) -> tuple[int, Key] | None:
    place, *parts = text[:200].split("~")
    if not (place.isascii() and place.isdigit() and len(place) == 1 and int(place) < len(groups)):
        return None
    key = groups[int(place)][0].read_key(parts)
    return None if key is None else (int(place), key)


@dataclass(frozen=True)
class Amount:
    """A count on screen."""

    number: int

    def __str__(self) -> str:
        return f"{COUNT_CAP}+" if self.number > COUNT_CAP else str(self.number)


def first_of_each(parts: Iterable[tuple[str, Rows[Any]]], column: str) -> Question[list[tuple[str, Any]]]:
    """The name of the part and one column of the first rows of each, up to the cap and one more."""
    return _together((f"'{name}', {column}", column, rows) for name, rows in parts)


def first_keys(parts: Iterable[Rows[Any]]) -> Question[list[tuple[Any]]]:
    """The keys of the first rows of each, up to the cap and one more each: so many there are."""
    return _together(("id", "", rows) for rows in parts)


def _together(parts: Iterable[tuple[str, str, Rows[Any]]]) -> Question[list[Any]]:
    written = [rows.column(columns, order=order, limit=COUNT_CAP + 1) for columns, order, rows in parts]
    return Question(" UNION ALL ".join(f"({sql})" for sql, _ in written), [one for _, given in written for one in given], list)
