"""The places where nothing about a person may stand in clear: log lines, and the rows of every table."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from forebyg.config.log_lines import LineWithoutContent

IN_CLEAR = {
    "access_worker": ("name", "email"),
    "account_emailaddress": ("email",),
    "people_participant": ("municipality",),
}
"""What a worker types that PostgreSQL holds in clear, by table: accounts, and the municipality that decides who is competent."""


@contextlib.contextmanager
def all_that_is_logged() -> Iterator[io.StringIO]:
    """Every logger at its most talkative, written as production writes, with the statements sent to the database."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineWithoutContent())
    names = ["", *(name for name, one in logging.root.manager.loggerDict.items() if isinstance(one, logging.Logger))]
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, logger.disabled, logger.handlers) for logger in loggers]
    for logger in loggers:
        logger.disabled = False
        logger.setLevel(logging.DEBUG)
        logger.handlers = [handler] if logger is logging.root or not logger.propagate else []
    connection.force_debug_cursor = True
    try:
        yield written
    finally:
        connection.force_debug_cursor = False
        for logger, level, disabled, handlers in before:
            logger.setLevel(level)
            logger.disabled, logger.handlers = disabled, handlers


class Rows:
    """The rows of all tables as text, sessions and cache opened, without what stands in clear on purpose."""

    def __init__(self) -> None:
        with owner_looks() as cursor:
            cursor.execute(
                "SELECT format('%I.%I', n.nspname, c.relname), c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND c.relname <> 'django_session'"
            )
            tables = cursor.fetchall()
        parts = []
        for full, name in tables:
            without = "".join(f" - '{column}'" for column in IN_CLEAR.get(name, ()))
            parts.append(f"SELECT '{name}', (to_jsonb(t){without})::text FROM {full} t WHERE t.xmin::text::bigint >= %(since)s")
        self._statement = " UNION ALL ".join(parts)
        self.tables = {name for _, name in tables}

    def written_since(self, transaction_number: int) -> list[tuple[str, str]]:
        """Table and row of all that transactions from this one on wrote and that stands now."""
        with owner_looks() as cursor:
            cursor.execute(self._statement, {"since": transaction_number})
            rows: list[tuple[str, str]] = cursor.fetchall()
            cursor.execute("SELECT session_data FROM django_session WHERE xmin::text::bigint >= %s", [transaction_number])
            sessions = [data for (data,) in cursor.fetchall()]
        return rows + [("django_session", repr(SessionStore().decode(data))) for data in sessions]


def present_transaction() -> int:
    """The number of this transaction; those begun later have larger ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        number: int = cursor.fetchone()[0]
    return number


@contextlib.contextmanager
def owner_looks() -> Iterator[object]:
    """A cursor of the owner, whom no policy hides anything from; its statements are not logged."""
    talkative, connection.force_debug_cursor = connection.force_debug_cursor, False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL SESSION AUTHORIZATION forebyg_owner")
        yield cursor
        cursor.execute("SET LOCAL SESSION AUTHORIZATION forebyg_web")
    connection.force_debug_cursor = talkative
