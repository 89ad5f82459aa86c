"""The legal reviewer's desk, doubts on the tab of a case, and trying an exchange."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import as_owner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.audit.models import Event
from forebyg.cases.models import Disclosure
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play
from forebyg.core.ids import new_id
from forebyg.law import load_law
from forebyg.sharing import reviewing
from forebyg.sharing.models import Clarification, SignOff
from forebyg.store.identity import act_as

PROVISION = ("dk-2026", "rpl-115-2")


def _words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def _version() -> str:
    return next(version for id, version in load_law("dk-2026").versions if id == "rpl-115-2")


@pytest.fixture
def jurist(cast: dict[str, Worker], client: Client) -> Worker:
    """Signed in."""
    client.force_login(cast["jurist"])
    act_as(cast["jurist"].id)
    return cast["jurist"]


@pytest.mark.req("B-028", part="the page of the one who signs")
def test_the_desk_shows_every_provision_who_signed_it_and_how_sure_it_is(jurist: Worker, client: Client) -> None:
    page = _words(client.get(reverse("sharing:law")))
    for shown in ("Dansk ret 2026", "Andre myndigheder i samarbejdet", "Usikker", "Demo, ikke af en jurist"):
        assert shown in page, shown
    assert "Må boligselskaber få at vide" in page and "Ikke afklaret" in page


@pytest.mark.req("B-028", part="signed off by a named person, and taken back with a reason")
def test_a_provision_is_taken_back_and_signed_again_by_name(jurist: Worker, client: Client) -> None:
    address = reverse("sharing:provision", args=PROVISION)
    given = {"token": str(new_id()), "version": _version()}
    assert client.post(address, given | {"note": ""}).status_code == 422, "a reason is wanted"
    assert client.post(address, given | {"note": "Loven er ændret."}).status_code == 302
    assert "Ikke godkendt" in _words(client.get(reverse("sharing:law")))
    assert "Loven er ændret." in _words(client.get(address))
    assert client.post(address, given | {"token": str(new_id()), "note": "Læst."}).status_code == 302
    with as_owner():
        words = list(SignOff.objects.filter(provision="rpl-115-2", pack="dk-2026").order_by("-at", "-id"))
        events = list(Event.objects.filter(action__startswith="law.").values_list("action", flat=True))
    assert {(one.is_signed, one.name) for one in words} == {(True, "demo"), (False, jurist.name), (True, jurist.name)}
    assert sorted(events) == ["law.sign-off-taken-back", "law.signed"]


@pytest.mark.parametrize("version", ["", "another"])
def test_a_changed_text_is_not_signed_unread(jurist: Worker, client: Client, version: str) -> None:
    answer = client.post(
        reverse("sharing:provision", args=PROVISION), {"token": str(new_id()), "version": version, "note": "Læst."}
    )
    assert answer.status_code == 422
    with as_owner():
        assert SignOff.objects.filter(name=jurist.name).count() == 0


@pytest.mark.parametrize("address", [["dk-2026", "no-such"], ["no-such", "rpl-115-2"]])
def test_what_is_no_provision_is_not_there(jurist: Worker, client: Client, address: list[str]) -> None:
    assert client.get(reverse("sharing:provision", args=address)).status_code == 404
    assert client.get(reverse("sharing:doubt", args=address[:1])).status_code == 404


@pytest.mark.req("R-087", part="who clarified it and when")
def test_a_doubt_of_the_pack_is_clarified_by_name_and_day(jurist: Worker, client: Client) -> None:
    address = reverse("sharing:doubt", args=["housing-release-notice"])
    given = {"token": str(new_id()), "is_in_favour": "no", "clarified_by": "Juridisk kontor", "text": "Nej."}
    assert client.post(address, given | {"clarified_on": "2999-01-01"}).status_code == 422
    assert client.post(address, given | {"clarified_on": "2026-11-01"}).status_code == 302
    assert "Afklaret: nej" in _words(client.get(reverse("sharing:law")))
    assert "Juridisk kontor" in _words(client.get(address))
    with as_owner():
        assert Clarification.objects.get(doubt="housing-release-notice").worker_id == jurist.id


@pytest.mark.req("R-099", part="tried without a case")
def test_anyone_tries_an_exchange_and_nothing_is_kept(cast: dict[str, Worker], client: Client) -> None:
    client.force_login(cast["politiker"])
    address = reverse("sharing:try")
    given = {"from_kind": "school", "from_controller": "no", "from_forums": ["ssp"], "to_kind": "police", "to_forums": ["ssp"]}
    given |= {"forum": "ssp", "received_under": "none", "purpose": "crime-prevention", "categories": ["private"]}
    with CaptureQueriesContext(connection) as asked:
        page = _words(client.post(address, given))
    assert "retsplejelovens § 115, stk. 2" in page and "demo – ingen jurist" in page
    assert not [
        query for query in asked.captured_queries if query["sql"].startswith(('INSERT INTO "sharing', 'INSERT INTO "cases'))
    ]
    assert "Kan ikke afgøres" in _words(client.post(address, given | {"purpose": ""}))
    assert "Ikke lovligt" in _words(client.post(address, given | {"purpose": "investigation"}))
    assert "samtykke" in _words(client.post(address, given | {"forum": "none", "age": "30"}))
    assert client.post(address, given | {"age": "200"}).status_code == 422
    with as_owner():
        assert Disclosure.objects.count() == 0


@pytest.mark.req("R-087", part="the doubt of a case is shown, and clarified on a page")
def test_the_tab_shows_the_doubt_and_what_it_stops(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    client.force_login(cast["vink"])
    reference = play.case().matter.reference
    raise_page = reverse("cases:act-tvivl", args=[reference])
    assert client.post(raise_page, {"text": "Må SSP bruges her?", "token": str(new_id())}).status_code == 302
    client.force_login(cast["dks"])
    shown = client.get(reverse("cases:sharing", args=[reference]))
    assert "Må SSP bruges her?" in _words(shown) and "Intet kan videregives" in _words(shown)
    act_as(cast["dks"].id)
    doubt = reviewing.Doubt.objects.get(matter=play.matter_id)
    given = {"target": str(doubt.id), "is_in_favour": "yes", "clarified_by": "Juridisk kontor", "clarified_on": "2026-11-01"}
    answer = reverse("cases:act-tvivl-afklaret", args=[reference])
    assert client.post(answer, given | {"text": "Ja.", "token": str(new_id())}).status_code == 302
    assert "Afklaret" in _words(client.get(reverse("cases:sharing", args=[reference])))
    client.force_login(cast["kriminalforsorg"])
    assert client.get(reverse("cases:sharing", args=[reference])).status_code == 404
