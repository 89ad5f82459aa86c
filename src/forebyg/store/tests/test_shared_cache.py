"""The shared cache holds JSON, and nothing in its table is ever run."""

from __future__ import annotations

import base64
import pickle
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.urls import reverse

from forebyg.store.identity import act_as
from forebyg.store.shared_cache import SharedCache

pytestmark = pytest.mark.django_db

KEY = "a-counter"
WHAT_RAN: list[str] = []


def note_that_it_ran() -> None:
    """What the intruder wants to be done."""
    WHAT_RAN.append("ran")


class Attack:
    """What an intruder would leave in the table."""

    def __reduce__(self) -> Any:
        return note_that_it_ran, ()


def _execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_cache")
        return int(cursor.fetchone()[0])


def _outlive(key: str) -> None:
    _execute("UPDATE store_cache SET expires = now() - interval '1 second' WHERE cache_key = %s", cache.make_key(key))


def test_a_value_is_kept_changed_and_forgotten() -> None:
    assert cache.get(KEY, "none") == "none"
    cache.set(KEY, [1.5, 2.5], 60)
    assert cache.get(KEY) == [1.5, 2.5]
    cache.set(KEY, True, None)
    assert cache.get(KEY) is True
    assert cache.delete(KEY) and not cache.delete(KEY)
    assert cache.get(KEY) is None


def test_a_value_whose_time_is_over_is_not_there() -> None:
    cache.set(KEY, 1, 60)
    assert cache.touch(KEY, 120)
    _outlive(KEY)
    assert cache.get(KEY) is None and not cache.touch(KEY, 60)


def test_only_the_first_of_two_adds_a_value_until_its_time_is_over() -> None:
    assert cache.add(KEY, 1, 60)
    assert not cache.add(KEY, 2, 60)
    assert cache.get(KEY) == 1
    _outlive(KEY)
    assert cache.add(KEY, 3, 60)
    assert cache.get(KEY) == 3


def test_writing_clears_away_what_ran_out() -> None:
    for number in range(5):
        cache.set(f"{KEY}-{number}", number, 60)
        _outlive(f"{KEY}-{number}")
    cache.set(KEY, 1, 60)
    assert _rows() == 1
    cache.clear()
    assert _rows() == 0


def test_what_is_not_json_is_not_kept() -> None:
    with pytest.raises(TypeError):
        cache.set(KEY, object(), 60)
    assert _rows() == 0


def test_a_pickled_row_is_not_run(client: Client) -> None:
    act_as(None)
    credentials = {"login": "nobody@forebyg.example", "password": "not-this-one-1"}
    client.post(reverse("account_login"), credentials)
    assert _rows() > 0
    attack = base64.b64encode(pickle.dumps(Attack())).decode()
    pickle.loads(base64.b64decode(attack))
    assert WHAT_RAN == ["ran"]
    _execute("UPDATE store_cache SET value = %s, expires = now() + interval '1 year'", attack)
    with pytest.raises(ValueError, match="Expecting value"):
        client.post(reverse("account_login"), credentials)
    assert WHAT_RAN == ["ran"]


def test_no_cache_and_no_session_unpickles() -> None:
    assert [type(caches[alias]) for alias in settings.CACHES] == [SharedCache]
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
