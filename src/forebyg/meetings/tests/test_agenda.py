"""A case on the agenda of a unit meeting: its forum says who attends, what may be used, and what is told carries (R-043)."""

from __future__ import annotations

import datetime
import html
import json
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.access.tests.rows import insert, rows
from forebyg.access.tests.rows import refused as refused_by_postgresql
from forebyg.cases import rules as case_rules
from forebyg.cases.finding import NotLawful, Terms, as_kept
from forebyg.cases.models import Disclosure, Item
from forebyg.cases.queries import records_of
from forebyg.cases.tests.cast import SSP_115, Play, refused
from forebyg.core.errors import NotPermitted
from forebyg.core.ids import new_id
from forebyg.meetings import rules
from forebyg.meetings.models import AgendaItem
from forebyg.meetings.tests.sitting import at_the_unit, take_up
from forebyg.sharing.actions import tell
from forebyg.sharing.gate import finding_to_name
from forebyg.sharing.tests import asking

OWN, TOLD_SSP, TOLD_KSP = "Set af os selv.", "Hørt i SSP.", "Hørt i KSP."


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    return at_the_unit(cast)


def _form(play: Play, slug: str, target: uuid.UUID | None = None) -> str:
    address = reverse(f"cases:act-{slug}", args=[play.case().matter.reference])
    return f"{address}?for={target}" if target else address


def _sign_in(play: Play, client: Client, key: str) -> Client:
    client.force_login(play.become(key)[0])
    return client


def _page(play: Play, client: Client, key: str, name: str, *arguments: object) -> str:
    address = reverse(f"meetings:{name}", args=[play.case().matter.reference, *arguments])
    answer = _sign_in(play, client, key).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _written(play: Play, key: str, root: uuid.UUID) -> AgendaItem | None:
    worker, _now = play.become(key)
    found: AgendaItem | None = AgendaItem.objects.visible_to(worker).filter(root=root).first()
    return found


@pytest.mark.req("R-043")
def test_the_forum_of_an_item_decides_who_attends_what_is_used_and_what_is_told(play: Play, client: Client) -> None:
    for text, forum in ((OWN, "own"), (TOLD_SSP, "ssp"), (TOLD_KSP, "ksp")):
        asking.write(play, "vink", text, forum=forum)
    meets_at = (play.now + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    chosen = {"meets_at": meets_at, "forum": "ssp"}

    # Who takes no part in the forum does not attend, and the refusal says so with the law's reason.
    wanted = [str(play.agency(key)) for key in ("sekretariat", "dks", "kriminalforsorg")]
    refusal = _sign_in(play, client, "vink").post(_form(play, "dagsorden"), {**chosen, "attending": wanted})
    assert refusal.status_code == 422
    page = refusal.content.decode()
    assert "Kriminalforsorgen deltager ikke i SSP-samarbejdet" in page
    reason = finding_to_name(
        worker=play.cast["vink"],
        case=play.case(),
        persons=(),
        to_agency=play.agency("kriminalforsorg"),
        terms=Terms(forum="ssp"),
        now=play.now,
    )
    assert not reason.is_allowed and html.escape(reason.sentence.da) in page
    assert play.ledger("agenda.item-set") == []
    assert client.post(_form(play, "dagsorden"), {**chosen, "attending": wanted[:2]}).status_code == 302
    play.become("vink")
    (item,) = AgendaItem.objects.filter(matter=play.matter_id)
    assert item.forum == "ssp" and set(item.findings) == set(wanted[:2])
    for key in ("vink", "dks", "sekretariat"):
        assert _written(play, key, item.root) is not None
    for key in ("kriminalforsorg", "ssp"):
        assert _written(play, key, item.root) is None, "admitted to the case, but not at this item"
        assert "SSP-samarbejdet" not in _page(play, client, key, "meetings").split('id="enhedsmoeder"')[1]

    # Only what is one's own or came under the same forum is shown at the item, and can be told there.
    page = _page(play, client, "vink", "item", item.root)
    assert OWN in page and TOLD_SSP in page and TOLD_KSP not in page
    assert "1 oplysning hører til et andet samarbejde" in page
    page = _sign_in(play, client, "vink").get(_form(play, "fortael", item.root)).content.decode()
    assert OWN in page and TOLD_SSP in page and TOLD_KSP not in page
    assert str(play.agency("dks")) in page and str(play.agency("ssp")) not in page

    # What is told at the item carries its forum.
    (told,) = [row for row in _items(play) if row[1] == OWN]
    first = client.post(
        _form(play, "fortael", item.root),
        {
            "target": str(item.root),
            "recipient": str(play.agency("dks")),
            "records": [f"cases_item:{told[0]}"],
            "forum": "ssp",
            "purpose": "crime-prevention",
            "categories": ["private"],
        },
    )
    sent = _hidden(first.content.decode())
    assert client.post(_form(play, "fortael", item.root), {**sent, "necessity": asking.NEED}).status_code == 302
    play.become("vink")
    disclosed = Disclosure.objects.get(record_root=told[0], recipient=play.agency("dks"))
    assert disclosed.finding["forum"] == "ssp" and "forum:ssp" in disclosed.finding["marks"]
    page = _page(play, client, "dks", "item", item.root)
    assert OWN in page and TOLD_SSP not in page


def _items(play: Play) -> list[tuple[uuid.UUID, str]]:
    worker, _now = play.become("vink")
    return [(one.root, str(one.text)) for one in records_of(worker, play.case(), Item)]


def _hidden(page: str) -> dict[str, list[str]]:
    """What the second page sends along unseen."""
    form = page[page.index('<form class="app-form"') :]
    sent: dict[str, list[str]] = {}
    for field in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form):
        name = re.search(r'name="([^"]+)"', field)
        value = re.search(r'value="([^"]*)"', field)
        assert name
        sent.setdefault(name[1], []).append(value[1] if value else "")
    sent.pop("csrfmiddlewaretoken", None)
    return sent


@pytest.mark.parametrize(("forum", "key"), [("ssp", "kriminalforsorg"), ("psp", "kriminalforsorg"), ("ksp", "skole")])
def test_who_takes_no_part_in_the_forum_is_kept_out_of_the_item(play: Play, forum: str, key: str) -> None:
    if key == "skole":
        play.admit("skole")
    with refused(rules.NotInForum):
        take_up(play, "dks", key, forum=forum)


def test_what_was_set_is_in_the_ledger_and_a_fact(play: Play) -> None:
    take_up(play, "dks", "sekretariat")
    assert [event.codes for event in play.ledger("agenda.item-set")] == [{"forum": "ssp"}]
    assert [fact.codes for fact in play.facts("agenda-item")] == [{"forum": "ssp"}]
    for key in ("vink", "dks", "sekretariat"):
        assert "agenda-item" in [entry.kind for entry in play.timeline(key)]
    assert "agenda-item" not in [entry.kind for entry in play.timeline("ssp")]


def test_who_is_not_admitted_a_date_far_away_and_a_word_that_is_no_forum_are_refused(play: Play) -> None:
    with refused(case_rules.NotInThisCase):
        take_up(play, "psykiatri")
    with refused(rules.MeetingTooFar):
        take_up(play, "dks", meets_at=play.now + datetime.timedelta(days=400))
    with refused(case_rules.NotAChoice):
        take_up(play, "dks", forum="unit")
    with refused(NotPermitted):
        take_up(play, "sekretariat", by="kriminalforsorg")


def test_outside_of_every_cooperation_the_law_alone_decides(play: Play) -> None:
    assert _written(play, "sekretariat", take_up(play, "sekretariat", forum="none").root), "one controller"
    with refused(rules.MayNotAttend) as caught:
        take_up(play, "dks", forum="none")
    assert caught.value.sentence.startswith("DKS kan ikke være med")


def test_postgresql_lets_nobody_attend_who_may_not(play: Play) -> None:
    worker, _now = play.become("vink")
    finding = as_kept(SSP_115, purpose="crime-prevention")

    def item(forum: str, *keys: str, findings: bool = True) -> uuid.UUID:
        agencies = [play.agency(key) for key in keys]
        root = new_id()
        return insert(
            "meetings_agendaitem",
            id=root,
            root=root,
            matter_id=play.matter_id,
            owner_id=worker.agency_id,
            author_id=worker.id,
            forum=forum,
            attending=agencies,
            findings=json.dumps({str(one): finding for one in agencies} if findings else {}),
            readers=[play.agency("ssp")],
            about=[],
            version=1,
            is_current=True,
        )

    for refused_item in (("ssp", "kriminalforsorg"), ("ssp", "psykiatri"), ("psp", "dks", "kriminalforsorg")):
        with refused_by_postgresql():
            item(*refused_item)
    with refused_by_postgresql():
        item("ssp", "dks", findings=False)
    made = item("ssp", "dks")
    assert rows("SELECT readers FROM meetings_agendaitem WHERE id = %s", made) == [([worker.agency_id, play.agency("dks")],)]


def test_what_belongs_to_another_forum_is_refused_by_the_law_too(play: Play) -> None:
    row = asking.write(play, "vink", TOLD_KSP, forum="ksp")
    with refused(NotLawful) as caught:
        tell(
            **play.by(),
            records=[("cases_item", row.root)],
            to_agency=play.agency("dks"),
            terms=Terms(forum="ssp"),
            necessity=asking.NEED,
        )
    assert "Oplysningen hører til et andet samarbejde" in caught.value.sentence
