"""The duty to tell a person: its clock, and a decision not to tell yet that is taken anew on its day."""

import datetime

import pytest
from conftest import as_owner
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases import jobs
from forebyg.cases.actions import informing, noting
from forebyg.cases.models import Clock, Task
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person
from forebyg.cases.tests.test_jobs import _as_worker_role
from forebyg.people.models import Information

RULE = Clock.Rule.INFORM
WHY = "Faren vil gøre det sværere at hjælpe sønnen, hvis han får det at vide nu."


def _start() -> int:
    return _as_worker_role(jobs.start_duties_to_tell, 0)


def _clocks(play: Play, key: str = "vink") -> dict[str, Clock]:
    """Those that run, by the label of the person."""
    worker, _now = play.become(key)
    names = {person.root: key for key, person in play.people.items()}
    found = Clock.objects.visible_to(worker).filter(matter=play.matter_id, rule=RULE, stopped_at=None)
    return {names[clock.concerns]: clock for clock in found if clock.concerns}


def _tell(play: Play, whom: str, key: str = "vink", *, days: int | None = None) -> None:
    acting = play.by(key)
    until = None if days is None else timezone.localdate(acting["now"]) + datetime.timedelta(days=days)
    state = "told" if until is None else "not-told"
    told = Information(person=play.person(whom), state=state, why="" if until is None else "child", until=until, text=WHY)
    informing.record_information(**acting, information=told, happened_at=acting["now"])


def _tasks(play: Play) -> list[Task]:
    worker, _now = play.become("vink")
    return list(Task.objects.visible_to(worker).filter(matter=play.matter_id, kind="inform-anew", done_at=None))


@pytest.mark.req("B-004")
def test_each_person_is_told_in_time_or_not_for_a_reason_by_someone_until_a_day(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    client = Client()
    client.force_login(cast["vink"])
    reference = play.case().matter.reference

    def people() -> str:
        return client.get(reverse("cases:people", args=[reference])).content.decode()

    assert people().count("Ikke registreret. Skal ske senest") == 2
    assert _start() == 2
    clocks = _clocks(play)
    assert set(clocks) == {"son", "father"}
    assert clocks["son"].due_at == clocks["son"].happened_at + relativedelta(months=1)

    _tell(play, "son")
    _tell(play, "father", days=20)
    assert _clocks(play) == {}, "it was decided for both"
    [anew] = _tasks(play)
    assert (anew.concerns, anew.assigned_to_id) == (play.person("father"), play.agency("vink"))
    assert anew.due_at is not None
    assert timezone.localdate(anew.due_at) == timezone.localdate(play.now) + datetime.timedelta(days=20)
    shown = people()
    assert "Nej: hensynet til et barn" in shown
    assert "Ja, " in shown

    page = client.get(reverse("cases:person", args=[reference, play.person("father")])).content.decode()
    assert WHY in page
    assert cast["vink"].name in page
    assert _start() == 0, "nobody is asked twice"

    play.pass_time(days=20)
    waiting = client.get(reverse("cases:tasks", args=[reference])).content.decode()
    assert "Tag på ny stilling" in waiting
    assert reverse("cases:person", args=[reference, play.person("father")]) in waiting
    done = reverse("cases:act-opgave-udfoert", args=[reference])
    assert client.post(done, {"target": str(anew.root)}).status_code == 404, "only a new decision ends it"
    _tell(play, "father", days=10)
    [later] = _tasks(play)
    assert later.root != anew.root
    _tell(play, "father")
    assert _tasks(play) == []


def test_each_agency_has_a_clock_for_whom_it_recorded(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("dks")
    friend = noting.add_participant(**play.by("dks"), person=a_person("Ven", is_involved=True))
    play.people = {**play.people, "friend": friend}
    assert _start() == 3
    assert set(_clocks(play)) == {"son", "father"}
    assert set(_clocks(play, "dks")) == {"friend"}


def test_a_clock_that_runs_out_is_escalated(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _start()
    play.pass_time(days=32)
    assert _as_worker_role(jobs.escalate_overdue_clocks, 0) == 2


def test_no_clock_for_ended_cases_for_those_told_and_for_those_of_long_ago(cast: dict[str, Worker]) -> None:
    Play(cast).to(Step.ENDED)
    told = Play(cast)
    _tell(told, "son")
    _tell(told, "father")
    assert _start() == 0
    old = Play(cast)
    old.pass_time(days=40)
    assert _start() == 0


def test_a_correction_of_the_person_starts_no_second_clock(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    assert _start() == 2
    noting.change_participant(**play.by(), root=play.person("father"), changes={"cooperation": "partly"})
    assert _start() == 0
    noting.change_participant(**play.by(), root=play.person("son"), changes={"cooperation": "partly"})
    with as_owner():
        assert Clock.objects.filter(rule=RULE, matter=play.matter_id).count() == 2


def test_the_web_role_starts_none_by_the_jobs_function(cast: dict[str, Worker]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('forebyg_web', 'cases_start_duties_to_tell()', 'EXECUTE')")
        assert cursor.fetchone() == (False,)
