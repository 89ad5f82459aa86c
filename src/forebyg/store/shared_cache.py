"""The cache that all processes share: a table of plain JSON. Django's own unpickles what it finds in its table, so that whoever
may write there, be it by SQL only, runs code in the web process."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection, transaction
from django.utils import timezone

_FORGET = """
DELETE FROM store_cache WHERE cache_key IN
    (SELECT cache_key FROM store_cache WHERE expires < %s ORDER BY expires LIMIT 20 FOR UPDATE SKIP LOCKED)
"""
_SET = """
INSERT INTO store_cache (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires
"""
_ADD = f"{_SET} WHERE store_cache.expires < %s"


class SharedCache(BaseCache):
    """Counters and marks, as JSON values. Each write clears away a few that ran out, so the table holds little else than what counts.

    A write belongs to the request's transaction. Raises `TypeError` for a value that is not JSON, `ValueError` for a row that is none.
    """

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default` when there is none or its time is over."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT value FROM store_cache WHERE cache_key = %s AND expires >= %s",
                [self.make_and_validate_key(key, version), timezone.now()],
            )
            row = cursor.fetchone()
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value for `timeout` seconds."""
        self._write(_SET, key, value, timeout, version)

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value unless there is one; says whether it did. Of several at once one does."""
        return self._write(_ADD, key, value, timeout, version, timezone.now()) > 0

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a value that is there another end; says whether it is there."""
        now = timezone.now()
        return self._execute(
            "UPDATE store_cache SET expires = %s WHERE cache_key = %s AND expires >= %s",
            [self._end(timeout), self.make_and_validate_key(key, version), now],
        ) > 0  # fmt: skip

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value; says whether it was there."""
        return self._execute("DELETE FROM store_cache WHERE cache_key = %s", [self.make_and_validate_key(key, version)]) > 0

    def clear(self) -> None:
        """Forget all."""
        self._execute("DELETE FROM store_cache", [])

    def _write(self, statement: str, key: str, value: Any, timeout: float | None, version: int | None, *more: object) -> int:
        row = [self.make_and_validate_key(key, version), json.dumps(value), self._end(timeout)]
        with transaction.atomic():
            self._execute(_FORGET, [timezone.now()])
            return self._execute(statement, [*row, *more])

    def _end(self, timeout: float | None) -> datetime.datetime | str:
        seconds = self.get_backend_timeout(timeout)
        return "infinity" if seconds is None else datetime.datetime.fromtimestamp(seconds, datetime.UTC)

    @staticmethod
    def _execute(statement: str, values: list[Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
