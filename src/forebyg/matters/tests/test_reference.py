"""One matter, one reference: drawn in order for each unit, and never twice."""

import datetime
import os

import psycopg
import pytest
from conftest import set_clock
from django.db import connection

from forebyg.access.models import Worker
from forebyg.access.tests.rows import insert, other_unit_worker, refused, rows
from forebyg.matters.models import Matter
from forebyg.store.identity import act_as, now

UNIQUE_VIOLATION = "23505"


@pytest.fixture
def vink(cast: dict[str, Worker]) -> Worker:
    act_as(cast["vink"].id)
    return cast["vink"]


def _next() -> str:
    reference: str = rows("SELECT access.next_reference()")[0][0]
    return reference


@pytest.mark.req("B-001", part="a matter has one reference in its unit")
def test_references_are_drawn_in_order_of_the_year(vink: Worker) -> None:
    year = now().year
    assert [_next() for _ in range(3)] == [f"{year}-0001", f"{year}-0002", f"{year}-0003"]


def test_a_new_year_begins_anew(vink: Worker) -> None:
    _next()
    year = now().year
    set_clock(f"{(datetime.date(year + 1, 1, 2) - now().date()).days} days")
    assert _next() == f"{year + 1}-0001"


def test_each_unit_counts_for_itself(vink: Worker) -> None:
    year = now().year
    _next()
    act_as(other_unit_worker(vink).id)
    assert _next() == f"{year}-0001"


def test_nobody_draws_no_reference(vink: Worker) -> None:
    act_as(None)
    with refused("23502"):
        _next()


def test_the_ten_thousandth_reference_gets_a_digit_more(vink: Worker) -> None:
    from conftest import as_owner

    _next()
    with as_owner():
        rows("UPDATE matters_counter SET last = 9999 RETURNING last")
    assert _next() == f"{now().year}-10000"


def test_a_reference_names_one_matter_in_a_unit(vink: Worker) -> None:
    insert("matters_matter", unit_id=vink.unit_id, reference="2026-0001")
    with refused(UNIQUE_VIOLATION):
        insert("matters_matter", unit_id=vink.unit_id, reference="2026-0001")
    act_as((other := other_unit_worker(vink)).id)
    insert("matters_matter", unit_id=other.unit_id, reference="2026-0001")


def test_a_matter_shows_its_reference(vink: Worker) -> None:
    assert str(Matter(unit_id=vink.unit_id, reference="2026-0147")) == "2026-0147"


def test_two_workers_at_once_get_different_references(vink: Worker) -> None:
    """The second waits for the first; a reference of a transaction that was undone is drawn again."""
    name = connection.settings_dict["NAME"]
    places = {"host": os.environ["FOREBYG_DATABASE_HOST"], "user": "postgres", "dbname": name}
    with psycopg.connect(**places) as one, psycopg.connect(**places) as two:
        for session in (one, two):
            session.execute("SET SESSION AUTHORIZATION forebyg_web")
            session.execute("SELECT set_config('forebyg.worker', %s, false)", [str(vink.id)])
            session.commit()
        first = one.execute("SELECT access.next_reference()").fetchone()
        two.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            two.execute("SELECT access.next_reference()")
        two.rollback()
        one.rollback()
        assert two.execute("SELECT access.next_reference()").fetchone() == first
        two.rollback()
