"""A database session of this process's role outside Django's, for processes that serve no pages."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings


def connect() -> psycopg.Connection[tuple[Any, ...]]:
    """Sign in as the role of this process; in autocommit. Raises `psycopg.OperationalError` when the server does not answer."""
    place = settings.DATABASES["default"]
    options = {name: value for name, value in place["OPTIONS"].items() if name != "pool"}
    return psycopg.connect(
        host=place["HOST"],
        port=place["PORT"] or None,
        user=place["USER"],
        password=place.get("PASSWORD") or None,
        dbname=place["NAME"],
        autocommit=True,
        **options,
    )
