"""Items by the forum that they came under: what is told in a forum is for those who take part in it (R-043)."""

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.finding import NotLawful, Terms
from forebyg.cases.models import Item
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, refused
from forebyg.sharing.actions import tell
from forebyg.sharing.tests.asking import NEED, SSP, write

OWN, TOLD_SSP, TOLD_KSP = "Set af os selv.", "Hørt i SSP.", "Hørt i KSP."


def _page(play: Play, client: Client, key: str, **query: str) -> str:
    worker, _now = play.become(key)
    client.force_login(worker)
    answer = client.get(reverse("cases:items", args=[play.case(key).matter.reference]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def _tell(play: Play, item: Item, to: str, terms: Terms) -> None:
    tell(**play.by(), records=[("cases_item", item.root)], to_agency=play.agency(to), terms=terms, necessity=NEED)


@pytest.mark.req("R-043", part="items of a case are filtered by the forum that they came under")
def test_items_are_filtered_by_forum(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast).to(Step.RECEIVED)
    for text, forum in ((OWN, "own"), (TOLD_SSP, "ssp"), (TOLD_KSP, "ksp")):
        write(play, "vink", text, forum=forum)
    shown = {forum: _page(play, client, "vink", forum=forum) for forum in ("", "own", "ssp", "ksp", "psp", "x")}
    for text, forums in ((OWN, {"", "own", "x"}), (TOLD_SSP, {"", "ssp", "x"}), (TOLD_KSP, {"", "ksp", "x"})):
        assert {forum for forum, page in shown.items() if text in page} == forums
    assert "Forum, som oplysningen er kommet i" in shown[""]


@pytest.mark.req("R-043", part="what was told in a forum is found under it by its recipient")
def test_what_was_told_in_a_forum_came_under_it(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    item = write(play, "vink", OWN)
    _tell(play, item, "dks", SSP)
    assert OWN in _page(play, client, "dks", forum="ssp")
    assert OWN not in _page(play, client, "dks", forum="own")
    assert OWN in _page(play, client, "vink", forum="own")


@pytest.mark.req("R-043", part="whose agency takes no part in a forum never sees what came under it")
def test_who_takes_no_part_in_a_forum_never_sees_what_came_under_it(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks", "kriminalforsorg", "psykiatri")
    item = write(play, "vink", TOLD_SSP, forum="ssp")
    _tell(play, item, "dks", SSP)
    for key in ("kriminalforsorg", "psykiatri"):
        for terms in (SSP, Terms(forum="ksp"), Terms(forum="psp"), Terms()):
            with refused(NotLawful):
                _tell(play, item, key, terms)
        for forum in ("", "ssp"):
            assert TOLD_SSP not in _page(play, client, key, forum=forum), key
