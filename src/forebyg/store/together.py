"""Several questions to the database in one message: a page that needs many small things waits once.

The statements of one message run in order, each under the same policies as if it were sent alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

Answer = TypeVar("Answer")
Row = TypeVar("Row", bound=models.Model)
BETWEEN = ";\n"
Read = Callable[[list[tuple[Any, ...]]], Answer]


@dataclass(frozen=True)
class Question(Generic[Answer]):
    """One statement that reads, its values, and what is made of its rows."""

    sql: str
    given: Sequence[Any]
    read: Read[Answer]


def ask(*questions: Question[Any]) -> list[Any]:
    """The answers, in the order of the questions."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        if connection.connection.pgconn.pipeline_status:  # which takes one statement at a time, and waits for none anyway
            return [_answer(cursor, one) for one in questions]
        cursor.execute(BETWEEN.join(one.sql for one in questions), [value for one in questions for value in one.given])
        answers = []
        for one in questions:
            answers.append(one.read(cursor.fetchall()))
            cursor.nextset()
        return answers


def _answer(cursor: Any, one: Question[Any]) -> Any:
    cursor.execute(one.sql, one.given)
    return one.read(cursor.fetchall())


def asked(rows: models.QuerySet[Row, Any]) -> Question[list[Any]]:
    """What a query of Django's would give, asked for with others."""
    rows = rows.all()
    compiler = rows.query.get_compiler(connection.alias)
    try:
        sql, given = compiler.as_sql()
    except EmptyResultSet:  # `in` an empty list: nothing is there to ask
        return Question("SELECT WHERE false", [], lambda _: [])

    def read(found: list[tuple[Any, ...]]) -> list[Any]:
        compiler.execute_sql = lambda *_args, **_named: [found]
        rows.query.get_compiler = lambda *_args, **_named: compiler  # type: ignore[method-assign]
        return list(rows)

    return Question(sql, given, read)
