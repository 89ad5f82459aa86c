"""Corrections and withdrawals reach everyone who was told (art. 19 GDPR, B-023), and what is withdrawn lingers nowhere."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.actions import disclosing, noting
from forebyg.cases.inbox import InboxFilters, inbox_page
from forebyg.cases.known import Known, asked_of
from forebyg.cases.models import Disclosure, Item, Task
from forebyg.cases.queries import records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, an_item, refused
from forebyg.core.errors import NotVisible
from forebyg.store.sealed import open_sealed
from forebyg.store.together import ask

TOLD = "Den unge viser videoer frem i klassen."
RIGHT = "Den unge viste én video frem i klassen."


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK has told DKS and SOF an item; the school takes part and was told nothing."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks", "sof", "skole")
    return play


@pytest.fixture
def item(play: Play) -> Item:
    """What was told."""
    acting = play.by()
    item = noting.write_item(**acting, item=an_item(TOLD), about=[play.person("son")], happened_at=acting["now"])
    for key in ("dks", "sof"):
        play.disclose(item, to=key)
    return item


def _correct(play: Play, item: Item) -> Item:
    return noting.correct_item(**play.by(), root=item.root, text=RIGHT, reason="Det var kun én gang.")


def _withdraw(play: Play, item: Item, key: str) -> None:
    acting = play.by()
    told = Disclosure.objects.get(record_root=item.root, recipient=play.agency(key), withdrawn_at=None)
    disclosing.withdraw(**acting, disclosure=told.root, reason="Givet ved en fejl.")


def _notices(play: Play, key: str) -> list[Task]:
    worker, _now = play.become(key)
    waiting = Task.objects.visible_to(worker).filter(matter=play.matter_id, assigned_to=worker.agency_id, done_at=None)
    return [task for task in waiting.order_by("happened_at", "id") if task.is_notice]


def _kinds(play: Play, key: str) -> list[str]:
    return [task.kind for task in _notices(play, key)]


@pytest.mark.req("B-023", part="every recipient of a corrected item is told, in its inbox, without a word about the person")
def test_every_recipient_of_a_corrected_item_is_told_and_nobody_else(play: Play, item: Item) -> None:
    _correct(play, item)
    for key in ("dks", "sof"):
        [notice] = _notices(play, key)
        open_sealed([notice])
        assert (notice.kind, notice.text, notice.concerns, notice.about) == ("read-correction", "", item.root, [])
        worker, now = play.become(key)
        rows, _page = inbox_page(worker, InboxFilters(), now=now)
        assert "En oplysning, I har fået, er rettet: læs den igen" in [row.work for row in rows]
    assert _notices(play, "skole") == _notices(play, "vink") == []


@pytest.mark.req("B-023", part="a worker confirms that the correction was read, and the owner sees who did")
def test_a_notice_is_confirmed_as_read_once_and_its_owner_sees_by_whom(play: Play, item: Item) -> None:
    _correct(play, item)
    [notice] = _notices(play, "dks")
    with refused(NotVisible):
        noting.complete_task(**play.by("sof"), root=notice.root)
    noting.complete_task(**play.by("dks"), root=notice.root)
    assert _notices(play, "dks") == [] and len(_notices(play, "sof")) == 1
    [event] = play.ledger("notice.read")
    assert event.record_ids == [notice.root, item.root] and event.worker_id == play.cast["dks"].id
    play.become("vink")
    assert Task.objects.get(root=notice.root).done_by_id == play.cast["dks"].id
    with refused(NotVisible):
        noting.complete_task(**play.by("dks"), root=notice.root)


@pytest.mark.req("B-023", part="who was told once and no longer reads the item is told of the correction, too")
def test_a_recipient_of_old_is_told_of_a_correction_without_its_content(play: Play, item: Item) -> None:
    _withdraw(play, item, "sof")
    _correct(play, item)
    assert _kinds(play, "sof") == ["disclosure-gone", "corrected-earlier"]
    assert _kinds(play, "dks") == ["read-correction"]
    assert not play.sees("sof", item)


@pytest.mark.req("B-023", part="a withdrawal reaches its recipient")
def test_a_withdrawal_is_told_and_takes_the_way_to_the_item_along(play: Play, item: Item) -> None:
    _correct(play, item)
    _withdraw(play, item, "dks")
    assert _kinds(play, "dks") == ["disclosure-gone"]
    assert _kinds(play, "sof") == ["read-correction"]


def test_who_was_told_again_reads_the_correction_itself(play: Play, item: Item) -> None:
    _withdraw(play, item, "dks")
    play.disclose(item, to="dks")
    _correct(play, item)
    assert _kinds(play, "dks") == ["disclosure-gone", "read-correction"]


@pytest.mark.req("B-023", part="a changed person is told of as well")
def test_who_was_told_of_a_person_is_told_of_the_change(play: Play) -> None:
    play.disclose(play.people["son"], to="dks")
    noting.change_participant(**play.by(), root=play.person("son"), changes={"label": "Storebror"})
    assert [(task.kind, task.concerns) for task in _notices(play, "dks")] == [("read-correction", play.person("son"))]


@pytest.mark.req("B-023", part="what was about another person is taken from those who were told, and they are told so")
def test_what_is_about_somebody_else_is_told_anew_or_not_at_all(play: Play, item: Item) -> None:
    _correct(play, item)
    _withdraw(play, item, "sof")
    corrected = noting.correct_wrong_person(**play.by(), root=item.root, about=[play.person("father")], reason="Det var faren.")
    assert (_kinds(play, "dks"), corrected.is_disclosed) == (["disclosure-gone"], False)
    assert _kinds(play, "sof") == ["disclosure-gone", "corrected-earlier"]
    assert not play.sees("dks", item) and TOLD not in [entry.text for entry in play.timeline("dks")]
    [_earlier, now] = play.ledger("disclosure.withdrawn")
    assert now.codes == {"recipient": str(play.agency("dks")), "because": "correction"}
    play.disclose(corrected, to="sof")
    assert play.sees("sof", item) and not play.sees("dks", item), "whom it was taken from is told anew, one by one"


def test_what_is_about_fewer_persons_keeps_its_readers_and_about_more_does_not(play: Play) -> None:
    acting, both = play.by(), [play.person("son"), play.person("father")]
    item = noting.write_item(**acting, item=an_item(TOLD), about=both, happened_at=acting["now"])
    play.disclose(item, to="dks")
    noting.correct_wrong_person(**play.by(), root=item.root, about=both[:1], reason="Kun sønnen.")
    assert play.sees("dks", item) and _kinds(play, "dks") == ["read-correction"]
    noting.correct_wrong_person(**play.by(), root=item.root, about=both, reason="Alligevel begge.")
    assert not play.sees("dks", item) and _kinds(play, "dks") == ["disclosure-gone"]


@pytest.mark.req("B-023", part="why it was told does not linger with the recipient either")
def test_why_it_was_told_is_its_owners_alone_once_it_is_withdrawn(play: Play, item: Item) -> None:
    worker, _now = play.become("dks")
    assert [told.necessity for told in records_of(worker, play.case("dks"), Disclosure)] == [
        "Modtageren arbejder med samme familie."
    ]
    _withdraw(play, item, "dks")
    for key, left in (("dks", 0), ("sof", 1), ("vink", 2)):
        worker, _now = play.become(key)
        assert len(records_of(worker, play.case(key), Disclosure)) == left, key


@pytest.mark.req("B-023", part="withdrawn shares linger in no list, count or search")
@pytest.mark.req("B-027", part="a withdrawn item is in no tab, count, list or search of its recipient")
def test_what_is_withdrawn_lingers_nowhere(play: Play, item: Item, client: Client) -> None:
    play.disclose(play.people["son"], to="dks")
    before = _pages(play, client, "dks")
    assert any(TOLD in page for page in before.values()) and any("Søn" in page for page in before.values())
    _withdraw(play, item, "dks")
    told = Disclosure.objects.get(record_root=play.person("son"), recipient=play.agency("dks"))
    disclosing.withdraw(**play.by(), disclosure=told.root, reason="Givet ved en fejl.")
    for name, page in _pages(play, client, "dks").items():
        assert TOLD not in page and "Søn" not in page, name
    worker, _now = play.become("dks")
    for model in (Item, type(play.people["son"])):
        assert not model.objects.visible_to(worker).filter(matter=play.matter_id).exists()
    counts = Known(*ask(*asked_of(worker, play.case("dks")))).counts
    assert (counts["items"], counts["timeline"], counts["sharing"]) == (0, 0, 0)


def _pages(play: Play, client: Client, key: str) -> dict[str, str]:
    worker, _now = play.become(key)
    client.force_login(worker)
    reference = play.case(key).matter.reference
    names: list[tuple[str, list[Any]]] = [
        *((f"cases:{tab}", [reference]) for tab in ("case", "people", "timeline", "tasks", "assessments", "items", "sharing")),
        ("cases:inbox", []),
        ("cases:list", []),
        ("requests:inbox", []),
        ("requests:requests", [reference]),
    ]
    return {name: client.get(reverse(name, args=given)).content.decode() for name, given in names}
