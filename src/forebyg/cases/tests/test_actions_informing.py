"""Whether a person was told that information is kept: told, or not, why not, and until when."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import informing
from forebyg.cases.models import Task
from forebyg.cases.queries import records_of
from forebyg.cases.tests.cast import Play, refused
from forebyg.core.errors import NotVisible
from forebyg.core.ids import new_id
from forebyg.people.models import Information

WHY = "Faren vil gøre det sværere at hjælpe sønnen, hvis han får det at vide nu."


def _record(play: Play, key: str = "vink", **values: Any) -> Information:
    acting = play.by(key)
    given: dict[str, Any] = {"person": play.person("father"), "state": "not-told", "why": "child", "text": WHY}
    given["until"] = timezone.localdate(acting["now"]) + datetime.timedelta(days=30)
    return informing.record_information(**acting, information=Information(**given | values), happened_at=acting["now"])


@pytest.mark.req("B-004", part="who is not told, why not, by whom, until when; then it is decided anew")
def test_who_is_not_told_has_a_reason_an_end_and_a_task_on_that_day(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    kept = _record(play)
    assert (kept.owner_id, kept.author_id, kept.why, kept.text) == (play.agency("vink"), cast["vink"].id, "child", WHY)
    worker, _now = play.become("vink")
    [task] = Task.objects.visible_to(worker).filter(matter=play.matter_id, about=[play.person("father")])
    assert task.due_at is not None
    assert (timezone.localdate(task.due_at), task.assigned_to_id) == (kept.until, worker.agency_id)


@pytest.mark.req("B-004", part="that a person was told, how and when")
def test_who_is_told_is_no_longer_kept_in_the_dark(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _record(play)
    told = _record(play, state="told", text="Brev givet ved mødet.")
    assert (told.why, told.until) == ("", None)
    worker, _now = play.become("vink")
    assert [one.state for one in records_of(worker, play.case(), Information)] == ["not-told", "told"]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"until": None}, informing.EndOfSilenceMissing),
        ({"until": datetime.date(2000, 1, 1)}, informing.EndOfSilenceMissing),
        ({"until": datetime.date(2999, 1, 1)}, informing.EndOfSilenceMissing),
        ({"why": ""}, informing.EndOfSilenceMissing),
        ({"why": "lazy"}, informing.EndOfSilenceMissing),
        ({"text": " "}, rules.TextMissing),
        ({"state": "told", "text": ""}, rules.TextMissing),
        ({"state": "perhaps"}, rules.NotAChoice),
    ],
)
def test_silence_without_reason_or_end_is_refused(cast: dict[str, Worker], values: dict[str, Any], error: type[Any]) -> None:
    play = Play(cast)
    with refused(error):
        _record(play, **values)


def test_a_person_of_another_case_is_not_there(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with refused(NotVisible):
        _record(play, person=new_id())


def test_each_agency_has_a_duty_of_its_own_and_the_page_says_what_stands(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    client = Client()
    client.force_login(cast["vink"])
    reference = play.case().matter.reference
    assert "Ikke registreret" in client.get(reverse("cases:people", args=[reference])).content.decode()
    _record(play)
    shown = client.get(reverse("cases:person", args=[reference, play.person("father")])).content.decode()
    assert WHY in shown
    assert "Hensynet til et barn" in shown
    play.admit("dks")
    worker, _now = play.become("dks")
    assert records_of(worker, play.case("dks"), Information) == []


def test_the_form_records_it(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    client = Client()
    client.force_login(cast["vink"])
    address = reverse("cases:act-orientering", args=[play.case().matter.reference])
    assert client.get(address, {"for": str(play.person("father"))}).status_code == 200
    sent = {
        "target": str(play.person("father")),
        "state": "not-told",
        "why": "investigation",
        "text": WHY,
        "happened_at": timezone.localtime(play.now).strftime("%Y-%m-%dT%H:%M"),
    }
    assert client.post(address, sent).status_code == 422
    until = (play.now + datetime.timedelta(days=10)).date().isoformat()
    assert client.post(address, {**sent, "until": until}).status_code == 302
    worker, _now = play.become("vink")
    assert [one.why for one in records_of(worker, play.case(), Information)] == ["investigation"]
