"""Each rule of the plain list: what meets it, and what just does not."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest
from conftest import as_owner
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.access.tests.rows import run
from forebyg.audit.record import Codes, record
from forebyg.oversight import overview
from forebyg.oversight.overview import EMPTY_SEARCHES, MANY_MATTERS, Unusual, days_of_month, rules, unusual_lookups
from forebyg.store.identity import act_as, now

pytestmark = pytest.mark.django_db

Write = Callable[..., None]


@pytest.fixture
def noon(officers: dict[str, Worker]) -> datetime.datetime:
    """Yesterday at twelve, local time."""
    return timezone.localtime(now()).replace(hour=12, minute=0, second=0, microsecond=0) - datetime.timedelta(days=1)


@pytest.fixture
def write(officers: dict[str, Worker]) -> Write:
    """Write an event of a worker of the cast."""

    def one(key: str, action: str, at: datetime.datetime, matters: list[uuid.UUID] | None = None, **codes: str | int) -> None:
        act_as(officers[key].id)
        given: Codes = dict(codes)
        record(action, actor=officers[key], at=at, matters=matters or [], codes=given)

    return one


def found(officers: dict[str, Worker], key: str = "dpo") -> list[Unusual]:
    """What the officer's list shows now."""
    act_as(officers[key].id)
    return unusual_lookups(officers[key], now=now()).lines


def minutes(number: float) -> datetime.timedelta:
    """So many minutes."""
    return datetime.timedelta(minutes=number)


def test_nothing_unusual_makes_an_empty_list(officers: dict[str, Worker], write: Write, noon: datetime.datetime) -> None:
    write("vink", "case.seen", noon, [uuid.uuid4()])
    assert found(officers) == []


def test_many_different_matters_within_an_hour_of_the_clock(
    officers: dict[str, Worker], write: Write, noon: datetime.datetime
) -> None:
    matters = [uuid.uuid4() for _ in range(MANY_MATTERS + 1)]
    for number, matter in enumerate(matters[:-1]):
        write("vink", "case.seen", noon + minutes(number), [matter])
        write("vink", "case.seen", noon + minutes(number + 0.5), [matter])
    assert found(officers) == [], "twenty of them, and each twice, is no more than twenty"
    write("vink", "case.seen", noon + minutes(60), [matters[-1]])
    assert found(officers) == [], "one more in the next hour"
    write("vink", "act.opened", noon + minutes(59), [matters[-1]])
    (line,) = found(officers)
    assert (line.rule, line.worker_id, line.number) == ("many-matters", officers["vink"].id, MANY_MATTERS + 1)


@pytest.mark.parametrize(
    ("hour", "minute", "is_night"), [(21, 59, False), (22, 0, True), (3, 0, True), (5, 59, True), (6, 0, False)]
)
def test_look_ups_at_night(
    officers: dict[str, Worker], write: Write, noon: datetime.datetime, hour: int, minute: int, is_night: bool
) -> None:
    at = noon.replace(hour=hour, minute=minute)
    write("vink", "case.seen", at, [uuid.uuid4()])
    write("vink", "cases.listed", at + datetime.timedelta(seconds=1), [])
    assert [(line.rule, line.number) for line in found(officers)] == ([("night", 1)] if is_night else [])


def test_one_night_is_one_line(officers: dict[str, Worker], write: Write, noon: datetime.datetime) -> None:
    evening = noon.replace(hour=23) - datetime.timedelta(days=1)
    write("vink", "case.seen", evening, [uuid.uuid4()])
    write("vink", "case.seen", evening + datetime.timedelta(hours=3), [uuid.uuid4()])
    assert [(line.rule, line.number) for line in found(officers)] == [("night", 2)]


@pytest.mark.parametrize(
    ("status", "route", "after", "is_listed"),
    [
        (404, "cases:case", 15, True),
        (403, "cases:act-afslut", 1, True),
        (409, "cases:act-afslut", 1, False),
        (404, "strategy:intervention", 1, False),
        (404, "cases:case", 16, False),
        (404, "cases:case", -1, False),
    ],
)
def test_a_matter_opened_soon_after_a_refusal(
    officers: dict[str, Worker], write: Write, noon: datetime.datetime, status: int, route: str, after: int, is_listed: bool
) -> None:
    write("vink", "refused", noon, status=status, route=route)
    write("vink-kollega", "case.seen", noon + minutes(1), [uuid.uuid4()])
    assert found(officers) == [], "somebody else opened it"
    write("vink", "case.seen", noon + minutes(after), [uuid.uuid4()])
    assert [line.rule for line in found(officers)] == (["after-refusal"] if is_listed else [])


def test_access_prolonged_by_oneself(officers: dict[str, Worker], write: Write, noon: datetime.datetime) -> None:
    write("vink", "access.given", noon, [uuid.uuid4()], worker=str(officers["vink-kollega"].id))
    assert found(officers) == []
    write("vink", "access.given", noon, [uuid.uuid4()], worker=str(officers["vink"].id), own="yes")
    assert [line.rule for line in found(officers)] == ["own-access"]


def test_searches_without_a_hit(officers: dict[str, Worker], write: Write, noon: datetime.datetime) -> None:
    for number in range(EMPTY_SEARCHES - 1):
        write("vink", "cases.searched", noon + minutes(number))
    write("vink", "cases.searched", noon, [uuid.uuid4()])
    assert found(officers) == []
    write("vink", "cases.searched", noon + minutes(30))
    assert [(line.rule, line.number) for line in found(officers)] == [("empty-searches", EMPTY_SEARCHES)]


def test_exports_are_listed_the_officers_own_too(officers: dict[str, Worker], write: Write, noon: datetime.datetime) -> None:
    write("dpo", "oversight.log-exported", noon)
    assert [(line.rule, line.worker_id) for line in found(officers)] == [("export", officers["dpo"].id)]


def test_the_newest_stands_first_and_others_workers_are_not_there(
    officers: dict[str, Worker], write: Write, noon: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write("vink", "oversight.log-exported", noon + minutes(number))
    write("dks", "oversight.log-exported", noon)
    write("vink", "oversight.log-exported", noon - datetime.timedelta(days=31))
    assert [line.at for line in found(officers)] == [noon + minutes(number) for number in (2, 1, 0)]
    assert [line.worker_id for line in found(officers, "dpo-politi")] == [officers["dks"].id]
    monkeypatch.setattr(overview, "MOST_LINES", 2)
    act_as(officers["dpo"].id)
    cut = unusual_lookups(officers["dpo"], now=now())
    assert (len(cut.lines), cut.is_cut) == (2, True)


def test_every_rule_is_said_in_words_and_none_counts_against_another(officers: dict[str, Worker]) -> None:
    assert set(rules()) == {"many-matters", "night", "after-refusal", "own-access", "empty-searches", "export"}
    assert set(Unusual.__dataclass_fields__) == {"rule", "worker_id", "agency_id", "at", "number"}


def test_days_count_reading_writing_and_refusals_of_own_workers(officers: dict[str, Worker], write: Write) -> None:
    at = now()
    today = timezone.localdate(at)
    with as_owner():
        run("ALTER TABLE audit_event DISABLE TRIGGER USER")
        run("DELETE FROM audit_event")
    for action in ("case.seen", "cases.listed", "item.written", "record.disclosed", "access.given", "refused", "signed-in"):
        write("vink", action, at - datetime.timedelta(microseconds=1))
    write("dks", "case.seen", at - datetime.timedelta(microseconds=1))
    act_as(officers["dpo"].id)
    days = days_of_month(officers["dpo"], now=at)
    assert [day.date for day in days] == [today.replace(day=number) for number in range(today.day, 0, -1)]
    first = next(day for day in days if day.date == timezone.localdate(at - datetime.timedelta(microseconds=1)))
    assert (first.readings, first.changes, first.refusals) == (2, 3, 1)
