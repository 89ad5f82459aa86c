"""Broken glass opens a case to read, write down and tell. What it must not be used for, and what the reviewer sees of it (B-025)."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import BREAK_GLASS, Grant, Worker
from forebyg.access.reach import SPECIAL
from forebyg.audit.record import record
from forebyg.cases.actions.locking import lock_specially
from forebyg.cases.actions.noting import complete_task
from forebyg.cases.models import Task
from forebyg.cases.rules import NotInThisCase, OnlyInEmergency, OwnAlarm
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, refused
from forebyg.oversight.openings import done_in, fetch_opening
from forebyg.oversight.tests.test_break_glass import shatter
from forebyg.sharing import reviewing
from forebyg.sharing.requests.actions import withdraw_request
from forebyg.sharing.tests.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.req("B-025", part="what an emergency does not open")]


def _alarm_of(play: Play, by: str) -> Task:
    return Task.objects.visible_to(play.by(by)["worker"]).get(kind=Task.Kind.BREAK_GLASS, done_at=None)


def test_who_set_off_the_alarm_does_not_switch_it_off(play: Play) -> None:
    shatter(play)
    task = _alarm_of(play, "vink-kollega")
    with refused(OwnAlarm):
        complete_task(**play.by("vink-kollega"), root=task.root)
    complete_task(**play.by("vink"), root=_alarm_of(play, "vink").root)


def test_an_emergency_does_not_clarify_a_legal_doubt(play: Play) -> None:
    raised = reviewing.raise_doubt(**play.by(), text="Må vi dele det?")
    shatter(play)
    acting = play.by("vink-kollega")
    with refused(OnlyInEmergency):
        reviewing.clarify_doubt(
            **acting, doubt=raised.id, is_in_favour=True, clarified_by="Juristen", clarified_on=acting["now"].date(), text="Ja."
        )


def test_an_emergency_neither_takes_back_what_the_agency_asked_nor_lets_another_agency_in(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    asked = ask(play)
    shatter(play)
    with refused(OnlyInEmergency):
        withdraw_request(**play.by("vink-kollega"), request=asked.root, reason="Fortrudt.")
    with refused(OnlyInEmergency):
        ask(play, "skole", by="vink-kollega")


def test_a_lock_names_nobody_who_is_there_in_an_emergency_only(play: Play) -> None:
    shatter(play)
    with refused(NotInThisCase):
        lock_specially(**play.by(), keep=[play.cast["vink-kollega"].id], reason="En ansats barn.")
    lock_specially(**play.by(), keep=[], reason="En ansats barn.")
    reasons = Grant.objects.filter(worker=play.cast["vink-kollega"]).values_list("reason", flat=True)
    assert BREAK_GLASS in reasons and SPECIAL not in reasons


def test_who_looks_at_one_page_again_and_again_hides_nothing(play: Play, client: Client) -> None:
    glass = shatter(play)
    worker, now = play.become("vink-kollega")
    record("document.seen", actor=worker, at=now, matters=[play.matter_id], codes={"how": "download"})
    for second in range(1, 600):
        at = now + datetime.timedelta(seconds=second)
        record("case.seen", actor=worker, at=at, matters=[play.matter_id], codes={"tab": "case"})
    play.pass_time(hours=5)
    officer, _now = play.become("dpo")
    done = {one.event.action: one.times for one in done_in(officer, fetch_opening(officer, glass.id))}
    assert done["document.seen"] == 1 and done["case.seen"] == 599
    client.force_login(officer)
    assert "599 gange, senest her" in client.get(reverse("oversight:opening", args=[glass.id])).content.decode()
