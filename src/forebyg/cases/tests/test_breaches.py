"""One mechanism for every deadline, and the report of those that ran out (B-010)."""

from __future__ import annotations

import copy
import datetime
import re
from typing import Any

import pytest
from conftest import as_owner
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.access.permissions import BREACH_ROLES
from forebyg.cases import jobs, rules
from forebyg.cases.actions import assessing, triage
from forebyg.cases.breaches import FEWEST, breaches
from forebyg.cases.models import Clock, Task
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, refused
from forebyg.core.errors import NotPermitted
from forebyg.core.working_time import Calendar, counted, moved
from forebyg.store.identity import act_as
from forebyg.strategy.editions import content_of, hash_of
from forebyg.strategy.models import PackEdition
from forebyg.strategy.queries import current_pack

PACK = "copenhagen-2016"
REASON = "Familien var bortrejst."


def _count_working_hours() -> None:
    """Load an edition of the pack whose triage clock counts working hours."""
    content: dict[str, Any] = copy.deepcopy(content_of(current_pack(PACK)))
    content["case_pathway"]["triage_clock"]["calendar"] = "working-hours"
    with as_owner():
        newest = PackEdition.objects.filter(pack_id=PACK).latest("loaded_at")
        PackEdition.objects.create(
            pack_id=PACK,
            version="i arbejdstimer",
            content=content,
            content_hash=hash_of(content),
            loaded_at=newest.loaded_at + datetime.timedelta(days=1),
        )


def _start(play: Play, severity: str = "high") -> Clock:
    for kind, value in (("severity", severity), ("local-action", "yes")):
        assessing.qualify(**play.by(), kind=kind, value=value, reason="Handling haster.")
    return _stored(play)


def _stored(play: Play) -> Clock:
    play.become("vink")
    clock: Clock = Clock.objects.get(matter=play.matter_id, rule=Clock.Rule.TRIAGE)
    return clock


def _run_out(play: Play, cause: str = "") -> Clock:
    clock = _start(play)
    play.pass_time(hours=30)
    if cause:
        triage.explain_breach(**play.by(), clock=clock.root, reason=REASON, cause=cause)
    return clock


def _report(client: Client, worker: Worker, **query: str) -> str:
    client.force_login(worker)
    answer = client.get(reverse("cases:breaches"), query)
    assert answer.status_code == 200
    page = answer.content.decode()
    return page[page.index("<main") :]


def _cells(page: str) -> dict[str, str]:
    """The numbers of the row of triage, by the heading of their column."""
    row = page[page.index("Visitation</th>") :]
    return dict(re.findall(r'data-title="([^"]+)">([^<]+)</td>', row[: row.index("</tr>")]))


def _escalate() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_worker")
        try:
            return int(jobs.escalate_overdue_clocks(0))
        finally:
            cursor.execute("SET SESSION AUTHORIZATION forebyg_web")


def _pass_to(play: Play, moment: datetime.datetime) -> None:
    play.pass_time(seconds=(moment - play.now).total_seconds())


@pytest.mark.req("B-010")
def test_one_mechanism_from_the_start_of_a_deadline_to_the_report_of_its_breach(
    cast: dict[str, Worker], client: Client
) -> None:
    elapsed = _start(Play(cast).to(Step.RECEIVED), "medium")
    assert elapsed.due_at == elapsed.happened_at + datetime.timedelta(hours=48), "the hours on the clock, by this unit's pack"

    _count_working_hours()
    play = Play(cast).to(Step.RECEIVED)
    clock = _start(play, "medium")
    assert counted(clock.happened_at, clock.due_at, Calendar.WORKING) == datetime.timedelta(hours=48), "six working days"
    assert clock.due_at - clock.happened_at > datetime.timedelta(days=6), "nights and weekends are none of it"
    christmas = [datetime.datetime(2026, 12, day, hour, tzinfo=datetime.UTC) for day, hour in ((24, 14), (28, 8))]
    assert counted(*christmas, Calendar.WORKING) == datetime.timedelta(hours=2), "nor are Danish public holidays"

    triage.pause_clock(**play.by(), clock=clock.root, reason="Familien er bortrejst.")
    _pass_to(play, moved(play.now, datetime.timedelta(hours=16), Calendar.WORKING))
    triage.resume_clock(**play.by(), clock=clock.root)
    resumed = _stored(play)
    stood_still = counted(clock.due_at, resumed.due_at, Calendar.WORKING)
    assert abs(stood_still - datetime.timedelta(hours=16)) < datetime.timedelta(minutes=1), "two working days later"

    _pass_to(play, resumed.due_at - datetime.timedelta(minutes=1))
    with as_owner():
        Clock.objects.exclude(root=clock.root).update(escalated_at=play.now)
    assert _escalate() == 0, "it is not late yet"
    _pass_to(play, resumed.due_at + datetime.timedelta(minutes=1))
    assert (_escalate(), _escalate()) == (1, 0), "its agency is told, once"
    worker, _now = play.become("vink")
    told = Task.objects.visible_to(worker).filter(matter=play.matter_id, kind=Task.Kind.EXPLAIN_BREACH)
    assert [task.assigned_to_id for task in told] == [worker.agency_id]

    with refused(rules.TextMissing):
        triage.explain_breach(**play.by(), clock=clock.root, reason="", cause="family")
    triage.explain_breach(**play.by(), clock=clock.root, reason=REASON, cause="family")
    assert (_stored(play).explained_because, _stored(play).is_running) == ("family", True)
    for _more in range(FEWEST - 1):
        other = Play(cast).to(Step.RECEIVED)
        other.elapsed = play.elapsed
        late = _start(other, "high")
        with as_owner():
            Clock.objects.filter(root=late.root).update(due_at=play.now, happened_at=play.now - datetime.timedelta(days=9))
        other.pass_time(hours=1)
        triage.explain_breach(**other.by(), clock=late.root, reason=REASON, cause="family")

    page = _report(client, cast["sekretariat"], aar=str(timezone.localtime(play.now).year))
    assert _cells(page)["Familien kunne ikke træffes"] == str(FEWEST)
    assert REASON not in page and play.case().matter.reference not in page and "Søn" not in page


def test_small_numbers_are_hidden_and_no_total_gives_them_away(cast: dict[str, Worker], client: Client) -> None:
    for _number in range(FEWEST):
        _run_out(Play(cast), "capacity")
    page = _report(client, cast["rapport"])
    assert _cells(page)["I alt"] == _cells(page)["Der var ikke tid eller medarbejdere nok"] == str(FEWEST)
    _run_out(Play(cast))
    shown = _cells(_report(client, cast["rapport"]))
    assert shown["Ikke begrundet"] == f"Færre end {FEWEST}"
    assert shown["I alt"] == f"Mindst {FEWEST}", "not six, from which the one could be told"
    assert shown["Andet"] == "0"


def test_a_report_of_few_breaches_says_no_number(cast: dict[str, Worker], client: Client) -> None:
    _run_out(Play(cast), "family")
    shown = _cells(_report(client, cast["sekretariat"]))
    assert shown["I alt"] == shown["Familien kunne ikke træffes"] == f"Færre end {FEWEST}"


def test_a_deadline_that_is_kept_or_stands_still_is_no_breach(cast: dict[str, Worker], client: Client) -> None:
    kept, paused = Play(cast), Play(cast)
    _start(kept)
    acting = kept.by()
    triage.take_responsibility(**acting, text="VINK tager sagen.", happened_at=acting["now"])
    triage.pause_clock(**paused.by(), clock=_start(paused).root, reason=REASON)
    paused.pass_time(hours=100)
    assert "Ingen frister er overskredet" in _report(client, cast["sekretariat"])


def test_another_year_and_nonsense_are_answered(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    _run_out(play)
    year = timezone.localtime(play.now).year
    assert "Ingen frister er overskredet" in _report(client, cast["sekretariat"], aar=str(year - 1))
    assert "Visitation" in _report(client, cast["sekretariat"], aar="i går")


@pytest.mark.parametrize("key", ["vink", "dks", "mentor", "administrator", "dpo", "politiker"])
def test_the_report_is_for_who_leads_the_work_of_the_unit(cast: dict[str, Worker], client: Client, key: str) -> None:
    play = Play(cast)
    _run_out(play)
    client.force_login(cast[key])
    assert client.get(reverse("cases:breaches")).status_code == 403
    with refused(NotPermitted):
        breaches(cast[key], timezone.localtime(play.now).year)


def test_postgresql_counts_for_the_same_roles_and_hides_the_same_numbers(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _run_out(play)
    year = timezone.localtime(play.now).year
    for worker in cast.values():
        act_as(worker.id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT rule, cause, number FROM cases_breaches(%s)", [year])
            found = cursor.fetchall()
        assert found == ([("triage", "", None)] if worker.roles & BREACH_ROLES else []), worker.email


def test_a_word_that_is_no_cause_is_refused(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    clock = _run_out(play)
    with refused(rules.NotAChoice):
        triage.explain_breach(**play.by(), clock=clock.root, reason=REASON, cause="vejret")
