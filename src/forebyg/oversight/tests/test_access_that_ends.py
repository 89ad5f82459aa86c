"""Access ends by itself: on its date, with the course, the task or the item of the agenda it was given for, and with a request."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from conftest import as_owner
from django.db import connection
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Admission, Grant, Worker
from forebyg.cases import rules
from forebyg.cases.actions import assessing, disclosing, leaving, measures, noting, opening
from forebyg.cases.models import Answer, Case, CourseEvent, Disclosure, Task
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, born_years_ago, refused
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.core.ids import new_id
from forebyg.oversight.accesses import (
    MANY_MATTERS,
    OLD_AFTER,
    REVIEW_WITHIN,
    NextNotAllowed,
    clock_of,
    grants_reviewed,
    grants_to_review,
    review_grant,
    to_review,
)
from forebyg.sharing.tests.asking import answer, ask, decline, seen_by, withdraw, write

pytestmark = pytest.mark.django_db


def commit() -> None:
    """What a commit does to what waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def sees(play: Play, key: str) -> bool:
    """Whether a worker sees the play's case, by the query and by PostgreSQL alone."""
    play.become(key)
    by_policy = Case.objects.filter(id=play.case_id).exists()
    try:
        play.case(key)
    except NotVisible:
        assert not by_policy
        return False
    assert by_policy
    return True


def let_in(play: Play, *, days: int = 60, task: Task | None = None) -> Grant:
    """VINK's colleague gets access until a day, or for a task."""
    acting = play.by()
    ends_at = acting["now"] + datetime.timedelta(days=days)
    colleague = play.cast["vink-kollega"].id
    return opening.give_access(**acting, colleague_id=colleague, ends_at=ends_at, task=task.root if task else None)


def waiting_for_vink(play: Play, kind: str) -> Task:
    """The open task of this kind."""
    worker, _now = play.become("vink")
    task: Task = Task.objects.visible_to(worker).get(matter=play.matter_id, kind=kind, done_at=None)
    return task


def a_course(play: Play) -> Any:
    """The mentor's course for the son, which both he and the father said yes to."""
    acting = play.by()
    offer = measures.make_offer(
        **acting, intervention="mentorstoette", to=play.person("son"), text="", happened_at=acting["now"]
    )
    for person in ("son", "father"):
        acting = play.by()
        given = {"answered_by": play.person(person), "kind": Answer.Kind.ACCEPTED, "text": "", "happened_at": acting["now"]}
        measures.answer_offer(**acting, offer=offer.root, **given)
    acting = play.by()
    return measures.start_course(**acting, offer=offer.root, holder_id=play.cast["mentor"].id, happened_at=acting["now"])


def listed(play: Play) -> set[str]:
    """Whose access the officer is to review."""
    worker, now = play.become("dpo")
    return {
        grant.worker.email.split("@")[0] for grant in grants_to_review(worker, now=now) if grant.matter_id == play.matter_id
    }


def grant_of(play: Play, key: str) -> Grant:
    """The running grant of a worker in the play's matter."""
    with as_owner():
        return Grant.objects.get(worker=play.cast[key], matter=play.matter_id, ended_at=None)


@pytest.mark.req("B-024")
def test_access_ends_with_what_it_was_given_for_and_the_rest_is_reviewed(officers: dict[str, Worker]) -> None:
    """The item of the agenda is the task of step 3: it stands from when a concern is brought to the unit until it was discussed."""
    play = Play(officers).to(Step.RECEIVED)
    # with its date
    let_in(play, days=10)
    assert sees(play, "vink-kollega")
    play.pass_time(days=10, minutes=1)
    assert not sees(play, "vink-kollega")
    # with the task
    acting = play.by()
    noting.add_task(**acting, assigned_to=play.cast["vink"].agency, text="Ring til skolen.", due_at=None)
    todo = waiting_for_vink(play, Task.Kind.DO)
    let_in(play, task=todo)
    assert sees(play, "vink-kollega")
    noting.complete_task(**play.by(), root=todo.root)
    commit()
    assert not sees(play, "vink-kollega")
    # with the item of the agenda
    play.bring()
    let_in(play, task=waiting_for_vink(play, Task.Kind.STEP))
    assert sees(play, "vink-kollega")
    play.discuss()
    commit()
    assert not sees(play, "vink-kollega")
    # with the course
    play.to(Step.MEASURES)
    course = a_course(play)
    assert sees(play, "mentor")
    acting = play.by()
    measures.change_course(
        **acting, course=course.root, kind=CourseEvent.Kind.COMPLETED, text="Slut.", happened_at=acting["now"]
    )
    assert not sees(play, "mentor")
    ends = [event.codes.get("with") for event in play.ledger("access.ended")]
    assert ends == ["task", "task", None]
    # what does not end by itself soon: the officer confirms it until a day, and ends it the next time
    play.pass_time(days=OLD_AFTER.days)
    assert "vink" in listed(play)
    worker, now = play.become("dpo")
    lead = grant_of(play, "vink")
    in_a_month = now + datetime.timedelta(days=30)
    review_grant(worker=worker, grant_id=lead.id, outcome="seen", note="VINK leder sagen.", now=now, next_at=in_a_month)
    assert "vink" not in listed(play)
    [kept] = [one for one in grants_reviewed(worker, now=play.now) if one.id == lead.id]
    clock = clock_of(kept, now=play.now)
    assert (clock.state, clock.moment) == ("running", in_a_month)
    assert to_review(worker, now=play.now).next_at == in_a_month
    play.pass_time(days=31)
    assert "vink" in listed(play)
    play.pass_time(days=REVIEW_WITHIN.days)
    worker, now = play.become("dpo")
    assert to_review(worker, now=now).late >= 1
    review_grant(worker=worker, grant_id=lead.id, outcome="ended", note="Sagen er overdraget.", now=now)
    assert not sees(play, "vink")
    assert listed(play) == set()


def test_who_acts_to_the_end_with_access_for_the_task_loses_it_only_then(officers: dict[str, Worker]) -> None:
    play = Play(officers).to(Step.DISCUSSION)
    let_in(play, task=waiting_for_vink(play, Task.Kind.STEP))
    acting = play.by("vink-kollega")
    assessing.record_discussion(
        **acting, text="Enheden drøftede den.", taking_part=[play.agency("vink")], happened_at=acting["now"]
    )
    commit()
    assert not sees(play, "vink-kollega")
    assert play.step == Step.FIRST_ASSESSMENT


def test_access_is_given_for_an_open_task_of_the_own_agency_only(officers: dict[str, Worker]) -> None:
    play = Play(officers)
    for stranger in (new_id(), play.people["son"].root):
        acting = play.by()
        ends_at = acting["now"] + datetime.timedelta(days=5)
        with refused(rules.NotInThisCase):
            opening.give_access(**acting, colleague_id=play.cast["vink-kollega"].id, ends_at=ends_at, task=stranger)
    with as_owner():
        assert not Grant.objects.filter(worker=play.cast["vink-kollega"], matter=play.matter_id).exists()


def test_on_the_page_whose_access_ends_with_the_deed_is_led_to_the_inbox(officers: dict[str, Worker]) -> None:
    play = Play(officers).to(Step.RECEIVED)
    noting.add_task(**play.by(), assigned_to=play.cast["vink"].agency, text="Ring til skolen.", due_at=None)
    todo = waiting_for_vink(play, Task.Kind.DO)
    reference = play.case().matter.reference
    lead, colleague = Client(), Client()
    lead.force_login(play.cast["vink"])
    colleague.force_login(play.cast["vink-kollega"])
    form = reverse("cases:act-giv-adgang", args=[reference])
    assert "Ring til skolen." in lead.get(form).content.decode()
    until = (play.now + datetime.timedelta(days=20)).date().isoformat()
    given = {"colleague": str(play.cast["vink-kollega"].id), "ends_on": until, "task": str(todo.root)}
    assert lead.post(form, {**given, "task": str(new_id())}).status_code == 422
    assert lead.post(form, given).status_code == 302
    done = reverse("cases:act-opgave-udfoert", args=[reference])
    sent = {"target": str(todo.root), "token": str(new_id())}
    answer = colleague.post(done, sent)
    assert answer["Location"] == reverse("cases:inbox")
    assert "ikke længere adgang" in colleague.get(answer["Location"]).content.decode()
    again = colleague.post(done, sent)
    assert again["Location"] == reverse("cases:inbox"), "a double click is told that it was done"
    assert colleague.post(done, {**sent, "token": str(new_id())}).status_code == 404


# An agency that was let in to answer


def seat(play: Play, key: str) -> bool:
    """Whether the agency of a worker takes part."""
    with as_owner():
        return Admission.objects.filter(matter=play.matter_id, agency=play.agency(key), ended_at=None).exists()


@pytest.mark.req("B-020", part="an agency that was let in to answer leaves when nothing waits for it and nothing told stands")
def test_the_seat_ends_with_a_refusal(officers: dict[str, Worker]) -> None:
    play = Play(officers).to(Step.RECEIVED)
    request = ask(play)
    decline(play, request)
    commit()
    assert (seat(play, "dks"), sees(play, "dks")) == (False, False)
    [ended] = play.ledger("admission.ended")
    assert ended.codes == {"agency": str(play.agency("dks")), "with": "request"}
    assert sees(play, "vink") and seen_by(play, "vink", request.root) is not None
    again = ask(play, question="Og nu?")
    assert sees(play, "dks") and seen_by(play, "dks", again.root) is not None


def test_who_answered_stays_to_correct_it_until_that_is_withdrawn(officers: dict[str, Worker]) -> None:
    play = Play(officers).to(Step.RECEIVED)
    request = ask(play)
    item = write(play)
    answer(play, request, item)
    commit()
    assert seat(play, "dks")
    noting.correct_item(**play.by("dks"), root=item.root, text="Det var en anden dag.", reason="Dagen.")
    assert waiting_for_vink(play, Task.Kind.READ_CORRECTION).concerns == item.root
    play.become("dks")
    told = Disclosure.objects.get(record_root=item.root)
    disclosing.withdraw(**play.by("dks"), disclosure=told.root, reason="Det var en anden person.")
    commit()
    assert (seat(play, "dks"), sees(play, "dks")) == (False, False)


def test_a_withdrawn_request_leaves_a_notice_and_the_seat_ends_when_it_is_read(officers: dict[str, Worker]) -> None:
    play = Play(officers).to(Step.RECEIVED)
    request = ask(play)
    withdraw(play, request)
    commit()
    worker, _now = play.become("dks")
    [notice] = Task.objects.visible_to(worker).filter(matter=play.matter_id, done_at=None)
    assert notice.kind == Task.Kind.REQUEST_WITHDRAWN
    noting.complete_task(**play.by("dks"), root=notice.root)
    commit()
    assert (seat(play, "dks"), sees(play, "dks")) == (False, False)


def test_what_was_told_to_it_keeps_the_seat_until_it_is_withdrawn_and_that_was_read(officers: dict[str, Worker]) -> None:
    play = Play(officers).to(Step.RECEIVED)
    request = ask(play)
    play.disclose(play.people["son"], to="dks")
    decline(play, request)
    commit()
    assert seat(play, "dks") and sees(play, "dks")
    play.become("vink")
    told = Disclosure.objects.get(recipient=play.agency("dks"))
    disclosing.withdraw(**play.by(), disclosure=told.root, reason="Ikke længere nødvendigt.")
    worker, _now = play.become("dks")
    for notice in Task.objects.visible_to(worker).filter(matter=play.matter_id, assigned_to=worker.agency_id, done_at=None):
        noting.complete_task(**play.by("dks"), root=notice.root)
    commit()
    assert not seat(play, "dks")


def test_two_requests_and_the_seat_of_one_that_was_admitted_for_good(officers: dict[str, Worker]) -> None:
    play = Play(officers).to(Step.RECEIVED)
    first, second = ask(play), ask(play, question="Og mere?")
    decline(play, first)
    commit()
    assert sees(play, "dks"), "another request still waits"
    play.admit("dks")
    decline(play, second)
    commit()
    assert seat(play, "dks") and sees(play, "dks"), "it was admitted for more than the request"


# Ending it by hand


def end(play: Play, key: str = "dks", *, by: str = "vink", reason: str = "DKS har ikke mere at gøre.") -> None:
    """A worker ends the part of another's agency."""
    leaving.end_admission(**play.by(by), agency_id=play.agency(key), reason=reason)


@pytest.mark.req("B-023", part="an agency's part ends by hand; what was disclosed to it stays disclosed until it is withdrawn")
def test_an_agency_leaves_and_what_it_was_told_stays_told(play: Play) -> None:
    play.disclose(play.people["son"], to="dks")
    end(play)
    assert not sees(play, "dks")
    play.become("vink")
    told = Disclosure.objects.get(recipient=play.agency("dks"))
    assert told.withdrawn_at is None
    [event] = play.ledger("admission.ended")
    assert event.codes == {"agency": str(play.agency("dks"))}
    play.admit("dks")
    assert play.sees("dks", play.people["son"])


def test_who_ends_it_when_and_why(play: Play) -> None:
    play.admit("ssp")
    with refused(rules.TextMissing):
        end(play, reason=" ")
    with refused(NotVisible):
        end(play, "sof")
    with refused(leaving.LeadStays):
        end(play, "vink", by="ssp")
    with refused(NotPermitted):
        end(play, "dks", by="ssp")
    ask(play)
    with refused(leaving.StillWaitedFor):
        end(play)


def test_a_running_course_is_ended_first(officers: dict[str, Worker]) -> None:
    today = Play(officers).now.date()
    people = {"son": a_person("Søn", born_on=born_years_ago(16, today)), "father": a_person("Far", is_guardian=True)}
    play = Play(officers, people).to(Step.MEASURES)
    a_course(play)
    with refused(leaving.HoldsACourse):
        end(play, "mentor")


def test_the_form_ends_it_and_offers_others_only(play: Play) -> None:
    client = Client()
    client.force_login(play.cast["vink"])
    address = reverse("cases:act-afslut-deltagelse", args=[play.case().matter.reference])
    shown = client.get(address).content.decode()
    assert str(play.agency("dks")) in shown and str(play.agency("vink")) not in shown
    assert client.post(address, {"agency": str(play.agency("dks")), "reason": ""}).status_code == 422
    assert client.post(address, {"agency": str(play.agency("sof")), "reason": "Slut."}).status_code == 422
    assert client.post(address, {"agency": str(play.agency("dks")), "reason": "Slut."}).status_code == 302
    assert not sees(play, "dks")


# What is unusual, and when to look again


def test_a_whole_matter_for_work_with_one_person_and_very_many_matters_are_listed(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MANY_MATTERS > 1
    play.grant("mentor")
    play.grant("vink-kollega")
    worker, now = play.become("dpo")
    found = {grant.worker.name: (grant.beyond_role, grant.reaches_far) for grant in grants_to_review(worker, now=now)}
    assert "VINKs kollega" not in found
    if play.cast["mentor"].agency.controller_id == worker.agency.controller_id:
        assert found[play.cast["mentor"].name] == (True, False)
    monkeypatch.setattr("forebyg.oversight.accesses.MANY_MATTERS", 0)
    found = {grant.worker.name: grant.reaches_far for grant in grants_to_review(worker, now=now)}
    assert found["VINKs kollega"]


@pytest.mark.parametrize("days", [-1, 0, 181])
def test_the_next_review_lies_ahead_and_within_half_a_year(play: Play, days: int) -> None:
    worker, now = play.become("dpo")
    next_at = now + datetime.timedelta(days=days)
    with refused(NextNotAllowed):
        review_grant(worker=worker, grant_id=grant_of(play, "vink").id, outcome="seen", note="Set.", now=now, next_at=next_at)


def test_the_pages_show_the_clock_the_reasons_and_the_next_review(play: Play) -> None:
    client = Client()
    client.force_login(play.cast["dpo"])
    assert "Skal gennemgås: 1. Over fristen: 0." in client.get(reverse("oversight:overview")).content.decode()
    shown = client.get(reverse("oversight:accesses")).content.decode()
    assert "Givet til sig selv" in shown and "tilbage" in shown
    form = reverse("oversight:review", args=[grant_of(play, "vink").id])
    day = play.now.date() + datetime.timedelta(days=40)
    assert client.post(form, {"outcome": "seen", "note": "Set.", "next_on": "2001-01-01"}).status_code == 422
    assert client.post(form, {"outcome": "seen", "note": "Set.", "next_on": day.isoformat()}).status_code == 302
    assert "Næste gennemgang af en adgang" in client.get(reverse("oversight:overview")).content.decode()
    assert "Næste gennemgang" in client.get(reverse("oversight:accesses"), {"vis": "gennemgaaet"}).content.decode()


def test_the_web_role_ends_no_access_that_it_does_not_oversee(play: Play) -> None:
    ours, theirs = grant_of(play, "vink"), grant_of(play, "dks")
    for key, grant in (("vink", ours), ("administrator", ours), ("dpo", theirs), ("dpo-politi", ours)):
        play.become(key)
        with connection.cursor() as cursor:
            cursor.execute("SELECT oversight_end_access(%s)", [grant.id])
            assert cursor.fetchone() == (None,)
    assert sees(play, "vink") and sees(play, "dks")
