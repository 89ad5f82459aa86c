"""A server whose clock was set back does not begin to write."""

from __future__ import annotations

import pytest
from conftest import as_owner
from django.db import connection

from forebyg.audit.clock import refuse_clock_set_back
from forebyg.store.unavailable import ClockSetBack

EVENT = (
    "INSERT INTO audit_event (id, at, action, matter_ids, record_ids, codes, reason, written_at)"
    " VALUES (gen_random_uuid(), now(), 'tried', '{}', '{}', '{}', '', clock_timestamp() + %s::interval)"
)
SEALER = "UPDATE audit_sealer SET was_there_at = clock_timestamp() + %s::interval"


def newest_is(statement: str, ahead: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement, [ahead])


@pytest.mark.parametrize("statement", [EVENT, SEALER])
def test_what_was_written_later_than_the_clock_shows_refuses_the_start(db: None, statement: str) -> None:
    newest_is(statement, "62 seconds")
    with pytest.raises(ClockSetBack, match=r"ur viser .* UTC.*Set the clock right"):
        refuse_clock_set_back(connection.connection)


@pytest.mark.parametrize("ahead", ["50 seconds", "-1 day"])
def test_a_small_step_back_and_a_long_rest_are_no_hindrance(db: None, ahead: str) -> None:
    newest_is(EVENT, ahead)
    newest_is(SEALER, ahead)
    refuse_clock_set_back(connection.connection)


def test_an_empty_ledger_has_nothing_to_go_back_from(db: None) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_event")
        assert cursor.fetchone() == (0,)
    refuse_clock_set_back(connection.connection)
