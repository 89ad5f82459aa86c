"""Asking another agency: who may be asked, what it gets to know, and how it answers or says no."""

import datetime
from typing import Any

import pytest
from conftest import as_owner
from django.db import connection
from django.db.models import F
from django.utils import timezone

from forebyg.access.models import Admission, Grant, Worker
from forebyg.cases import rules as case_rules
from forebyg.cases.actions import noting, opening, triage
from forebyg.cases.actions.disclosing import NothingChosen, NotTheOwner
from forebyg.cases.finding import NotLawful, Terms
from forebyg.cases.models import Clock, Disclosure, Item, Task
from forebyg.cases.queries import participants_of, records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, refused
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.core.working_time import working_days_after
from forebyg.sharing.actions import tell
from forebyg.sharing.requests import rules
from forebyg.sharing.requests.models import InformationRequest, RequestAnswer
from forebyg.sharing.tests.asking import NEED, QUESTION, SSP, answer, ask, decline, seen_by, withdraw, write
from forebyg.store.sealed import open_sealed


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case, received; nobody else takes part."""
    return Play(cast).to(Step.RECEIVED)


def _tasks(play: Play, key: str, kind: str) -> list[Task]:
    worker, _now = play.become(key)
    return list(
        Task.objects.visible_to(worker).filter(matter=play.matter_id, kind=kind, assigned_to=worker.agency_id, done_at=None)
    )


def _let_access_end(play: Play, key: str) -> None:
    """The grant of a worker has run out a moment ago."""
    with as_owner():
        ends = F("starts_at") + datetime.timedelta(milliseconds=1)
        Grant.objects.filter(matter=play.matter_id, worker=play.cast[key]).update(ends_at=ends)


# Asking


@pytest.mark.req(
    "B-020", part="a request is read by the agency that asks and the one asked, and keeps the finding that let it name a person"
)
@pytest.mark.req("R-080", part="a request names its legal basis")
def test_an_agency_is_asked_who_what_why_in_which_forum_and_until_when(play: Play) -> None:
    request = ask(play)
    seen = seen_by(play, "dks", request.root)
    assert seen is not None
    open_sealed([seen])
    assert (seen.question, seen.necessity, seen.forum, seen.purpose) == (QUESTION, NEED, "ssp", "crime-prevention")
    assert seen.persons.startswith("Søn, født ")
    assert (seen.finding["outcome"], seen.finding["forum"]) == ("allowed", "ssp")
    assert "not-for-investigation" in seen.finding["marks"] and seen.finding["by"]
    assert timezone.localtime(seen.due_at).strftime("%H:%M") == "23:59"
    [event] = play.ledger("request.sent")
    assert (event.record_ids, event.codes["basis"]) == ([request.root], seen.finding["by"][0])


@pytest.mark.req("B-020", part="the agency asked sees the frame and its own request, and nothing else")
@pytest.mark.req("R-216", part="a request opens nothing but itself")
def test_the_agency_asked_sees_the_frame_and_its_request_and_nothing_else(play: Play) -> None:
    write(play, "vink")
    ask(play, "skole")
    request = ask(play)
    worker, _now = play.become("dks")
    case = play.case("dks")
    assert case.matter.reference
    worker, _now = play.become("dks")
    assert participants_of(worker, case) == [] and records_of(worker, case, Item) == []
    assert [row.root for row in records_of(worker, case, InformationRequest)] == [request.root]
    assert [entry.record_root for entry in play.timeline("dks")] == [request.root]
    assert {task.kind for task in Task.objects.visible_to(play.become("dks")[0])} == {"answer-request"}


def test_the_contact_of_an_agency_outside_is_let_in_and_of_one_inside_nobody_new(play: Play) -> None:
    ask(play)
    assert Grant.objects.filter(matter=play.matter_id, worker=play.cast["dks"]).count() == 1
    ask(play, question="Og nu?")
    assert Grant.objects.filter(matter=play.matter_id, worker=play.cast["dks"]).count() == 1
    assert len(play.ledger("agency.admitted")) == 1


def test_who_may_not_let_an_agency_in_asks_those_who_are_in(play: Play) -> None:
    play.admit("dks", "kriminalforsorg", by="vink")
    son = noting.add_participant(**play.by("kriminalforsorg"), person=a_person("Bekendt"))
    with refused(NotPermitted):
        ask(play, "sof", by="kriminalforsorg", persons=[son.root], terms=Terms(trigger="terror", is_weighed=True))


@pytest.mark.req("R-081", part="asking under a forum that an agency takes no part in is refused")
@pytest.mark.parametrize(
    ("whom", "terms", "because"),
    [
        ("kriminalforsorg", SSP, "not-in-forum"),
        ("skole", Terms(forum="none"), "consent-missing"),
        ("skole", Terms(forum="ssp", purpose="investigation"), "investigation"),
        ("psykiatri", Terms(forum="ksp"), "not-in-forum"),
    ],
)
def test_what_the_law_does_not_allow_is_not_asked_and_says_why(play: Play, whom: str, terms: Terms, because: str) -> None:
    with refused(NotLawful) as caught:
        ask(play, whom, terms=terms)
    assert caught.value.finding.because == because
    assert caught.value.sentence == caught.value.finding.sentence.da
    with as_owner():
        assert not InformationRequest.objects.exists()
        assert not Admission.objects.filter(matter=play.matter_id, agency=play.agency(whom)).exists()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"asked": "vink"}, rules.AskingOneself),
        ({"asked": "nowhere"}, rules.NoSeat),
        ({"persons": []}, rules.NobodyNamed),
        ({"persons": [new_id()]}, case_rules.NotInThisCase),
        ({"question": " \n"}, case_rules.TextMissing),
        ({"necessity": ""}, case_rules.TextMissing),
        ({"question": "x" * 50_000}, case_rules.TextTooLong),
        ({"necessity": "x" * 50_000}, case_rules.TextTooLong),
        ({"contact": None}, opening.ContactMissing),
        ({"contact": "sof"}, opening.ContactMissing),
        ({"contact": "politiker", "asked": "sekretariat"}, opening.NoWorkInCases),
        ({"due_on": -1}, rules.DueNotAllowed),
        ({"due_on": 93}, rules.DueNotAllowed),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_leaves_nothing(play: Play, values: dict[str, Any], error: type) -> None:
    given = dict(values)
    if "asked" in given:
        given["asked"] = new_id() if given["asked"] == "nowhere" else play.agency(given["asked"])
    if given.get("contact"):
        given["contact"] = play.cast[given["contact"]].id
    if "due_on" in given:
        given["due_on"] = timezone.localdate() + datetime.timedelta(days=given["due_on"])
    with refused(error):
        ask(play, **given)
    with as_owner():
        assert not InformationRequest.objects.exists()


@pytest.mark.req("B-020", part="whoever was told of a person does not name the person to others")
def test_a_person_whom_another_agency_recorded_is_named_by_that_agency_alone(play: Play) -> None:
    play.admit("dks", "sof")
    play.disclose(play.people["son"], to="dks")
    with refused(rules.PersonOfAnother):
        ask(play, "sof", by="dks")
    back = ask(play, "vink", by="dks")
    assert seen_by(play, "vink", back.root) is not None


def test_an_ended_case_asks_nobody(play: Play) -> None:
    play.admit("dks")
    play.bring()
    play.discuss()
    play.assess("first", "dismissed")
    with refused(case_rules.CaseEnded):
        ask(play)


# The deadline


@pytest.mark.req("B-010", part="the deadline of a request runs for both agencies")
def test_the_deadline_runs_in_both_inboxes_and_stops_with_the_answer(play: Play) -> None:
    request = ask(play)
    [task] = _tasks(play, "dks", "answer-request")
    assert (task.due_at, task.concerns) == (request.due_at, request.root)
    play.become("vink")
    clock = Clock.objects.get(rule="request-answer", concerns=request.root)
    assert (clock.due_at, clock.stopped_at) == (request.due_at, None)
    with refused(RuleBroken):
        triage.stop_clock(**play.by("vink"), clock=clock.root)
    with refused(NotVisible):
        noting.complete_task(**play.by("dks"), root=task.root)
    decline(play, request)
    assert _tasks(play, "dks", "answer-request") == []
    play.become("vink")
    assert Clock.objects.get(root=clock.root).stopped_at == InformationRequest.objects.get(root=request.root).ended_at
    assert [one.concerns for one in _tasks(play, "vink", "request-answered")] == [request.root]


def test_an_overdue_request_waits_for_its_asker(play: Play) -> None:
    request = ask(play)
    play.pass_time(days=8)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT cases_escalate_overdue()")
    assert _tasks(play, "vink", "explain-breach")
    assert seen_by(play, "dks", request.root).is_open  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-12-23", 2, "2026-12-28"),  # Christmas Day and the day after
    ],
)
def test_working_days_leave_out_the_weekend_and_public_holidays(day: str, days: int, expected: str) -> None:
    assert working_days_after(datetime.date.fromisoformat(day), days).isoformat() == expected


# Answering


@pytest.mark.req("B-020", part="the agency asked answers with what it chooses, each item through the gate")
@pytest.mark.req("R-080", part="each item of an answer keeps its basis")
@pytest.mark.req("R-082", part="what answers a request under a forum is marked as not for investigation")
def test_an_answer_discloses_the_chosen_items_and_no_other(play: Play) -> None:
    request = ask(play)
    told, kept = write(play), write(play, text="Noget andet.")
    given = answer(play, request, told)
    assert play.sees("vink", told) and not play.sees("vink", kept)
    [disclosure] = Disclosure.objects.filter(root__in=given.disclosures)
    assert (disclosure.record_root, disclosure.finding["outcome"]) == (told.root, "allowed")
    assert "not-for-investigation" in disclosure.finding["marks"]
    seen = seen_by(play, "vink", request.root)
    assert seen is not None and seen.state == "answered"
    assert not play.sees("sekretariat", told)


@pytest.mark.req("B-020", part="the agency asked declines with a reason; there is no duty to disclose")
def test_a_request_is_declined_with_a_reason(play: Play) -> None:
    request = ask(play)
    with refused(case_rules.TextMissing):
        decline(play, request, "  ")
    given = decline(play, request)
    worker, _now = play.become("vink")
    [seen] = records_of(worker, play.case("vink"), RequestAnswer)
    assert (seen.root, seen.kind, seen.disclosures) == (given.root, "declined", [])
    assert seen.reason == "Vi har ikke grundlag for at svare."
    assert seen_by(play, "vink", request.root).state == "declined"  # type: ignore[union-attr]
    with as_owner():
        assert not Disclosure.objects.exists()


@pytest.mark.req("R-043", part="information of one forum does not answer a request made in another")
def test_items_of_another_forum_do_not_answer(play: Play) -> None:
    request = ask(play)
    told, ksp = write(play), write(play, forum="ksp")
    with refused(NotLawful) as caught:
        answer(play, request, told, ksp)
    assert caught.value.finding.because == "other-forum"
    assert not play.sees("vink", told), "all or none"
    assert seen_by(play, "dks", request.root).is_open  # type: ignore[union-attr]


@pytest.mark.parametrize("second", ["answer", "decline"])
@pytest.mark.parametrize("first", ["answer", "decline"])
def test_a_request_is_answered_once(play: Play, first: str, second: str) -> None:
    request = ask(play)
    for index, way in enumerate((first, second)):
        item = write(play, text=f"Nr. {index}")
        if index:
            with refused(rules.RequestEnded):
                answer(play, request, item) if way == "answer" else decline(play, request)
            assert not play.sees("vink", item)
        else:
            answer(play, request, item) if way == "answer" else decline(play, request)
    with as_owner():
        assert RequestAnswer.objects.count() == 1


def test_an_answer_holds_items_of_ones_own_that_the_asker_does_not_have(play: Play) -> None:
    request = ask(play)
    with refused(NothingChosen):
        answer(play, request)
    theirs = write(play, "vink")
    with refused(NotVisible):
        answer(play, request, theirs)
    play.disclose(theirs, to="dks")
    with refused(NotTheOwner):
        answer(play, request, theirs)
    own = write(play)
    answer(play, request, own)
    again = ask(play, question="Mere?")
    with refused(NothingChosen):
        answer(play, again, own)


@pytest.mark.parametrize("way", ["necessity", "reason"])
def test_texts_of_an_answer_have_their_length(play: Play, way: str) -> None:
    request = ask(play)
    item = write(play)
    with refused(case_rules.TextTooLong):
        if way == "necessity":
            answer(play, request, item, necessity="x" * 50_000)
        else:
            decline(play, request, "x" * 50_000)


def test_only_the_agency_asked_answers(play: Play) -> None:
    play.admit("sof")
    request = ask(play)
    with refused(NotVisible):
        decline(play, request, by="sof")
    with refused(rules.NotAskedOfUs):
        decline(play, request, by="vink")


def test_nothing_is_told_when_the_askers_access_has_just_ended(play: Play) -> None:
    request = ask(play)
    item = write(play)
    worker, _now = play.become("vink")
    grant = Grant.objects.get(matter=play.matter_id, worker=worker)
    opening.end_access(**play.by("vink"), grant_id=grant.id)
    with refused(rules.NobodyThere):
        answer(play, request, item)
    assert seen_by(play, "dks", request.root).is_open  # type: ignore[union-attr]


def test_whose_own_access_has_just_ended_answers_nothing(play: Play) -> None:
    request = ask(play)
    _let_access_end(play, "dks")
    with refused(NotVisible):
        decline(play, request)


def test_an_agency_whose_people_have_no_access_left_gets_a_contact_again(play: Play) -> None:
    play.admit("dks")
    _let_access_end(play, "dks")
    with refused(opening.ContactMissing):
        ask(play, contact=None)
    request = ask(play)
    assert seen_by(play, "dks", request.root) is not None


def test_a_request_is_answered_after_the_end_of_the_case(play: Play) -> None:
    request = ask(play)
    play.bring()
    play.discuss()
    play.assess("first", "dismissed")
    assert decline(play, request).kind == "declined"


# Withdrawing


@pytest.mark.req("B-023", part="a withdrawn request names nobody to the agency asked any longer")
def test_a_withdrawn_request_does_not_linger_with_the_agency_asked(play: Play) -> None:
    request = ask(play)
    assert play.timeline("dks")
    withdraw(play, request)
    assert seen_by(play, "dks", request.root) is None
    assert play.timeline("dks") == []
    assert _tasks(play, "dks", "answer-request") == []
    assert [one.concerns for one in _tasks(play, "dks", "request-gone")] == [request.root]
    with refused(rules.RequestEnded):
        decline(play, request)
    seen = seen_by(play, "vink", request.root)
    assert seen is not None and seen.state == "withdrawn"
    [event] = play.ledger("request.withdrawn")
    open_sealed([event])
    assert event.reason == "Det er ikke længere nødvendigt."


def test_a_request_is_withdrawn_once_by_its_asker_before_it_is_answered(play: Play) -> None:
    request = ask(play)
    with refused(rules.NotAskedOfUs):
        withdraw(play, request, by="dks")
    with refused(case_rules.TextMissing):
        withdraw(play, request, "")
    withdraw(play, request)
    with refused(rules.RequestEnded):
        withdraw(play, request)
    answered = ask(play, question="Igen?")
    decline(play, answered)
    with refused(rules.RequestEnded):
        withdraw(play, answered)


# The journey of the issue, by actions alone


@pytest.mark.req("R-085", part="outside a forum the same exchange needs consent")
def test_the_school_tells_dks_under_ssp_and_the_prison_service_sees_nothing(play: Play) -> None:
    play.admit("kriminalforsorg", "dks")
    request = ask(play, "skole")
    seen = write(play, "skole", "Han har talt om at rejse.")
    answer(play, request, seen, by="skole")
    assert play.sees("vink", seen)
    for key in ("dks", "kriminalforsorg"):
        assert not play.sees(key, seen) and seen_by(play, key, request.root) is None
    with refused(NotLawful):
        tell(
            **play.by("skole"), records=[("cases_item", seen.root)], to_agency=play.agency("dks"), terms=Terms(), necessity=NEED
        )
