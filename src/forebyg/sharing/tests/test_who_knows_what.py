"""The tab of what is told: who knows what and why, at the same number of queries however much it is."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.actions import disclosing, noting
from forebyg.cases.models import Item
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import SSP_115, Play, an_item
from forebyg.cases.tests.costs import cost_of

OTHERS = ("dks", "ssp", "skole", "sof")


def _tell(play: Play, items: list[Item], to: str) -> None:
    disclosing.disclose(
        **play.by(),
        records=[("cases_item", one.root) for one in items],
        to_agency=play.agency(to),
        finding=SSP_115,
        necessity="Modtageren arbejder med samme familie.",
    )


def _write(play: Play, number: int) -> list[Item]:
    acting = play.by()
    return [
        noting.write_item(**acting, item=an_item(), about=[play.person("son")], happened_at=acting["now"])
        for _ in range(number)
    ]


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case with four more agencies."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit(*OTHERS)
    return play


@pytest.mark.req("B-027", part="of what another agency told us we do not learn who else knows it")
@pytest.mark.req("B-021", part="who knows what, with the basis")
def test_each_cell_tells_since_when_on_which_basis_and_for_what(play: Play, client: Client, cast: dict[str, Worker]) -> None:
    [item] = _write(play, 1)
    for to in ("dks", "ssp"):
        _tell(play, [item], to)
    address = reverse("cases:sharing", args=[play.case().matter.reference])
    client.force_login(cast["vink"])
    ours = client.get(address).content.decode()
    why = "Retsplejelovens § 115, stk. 2 (demo, ikke godkendt) · SSP-samarbejdet · Forebygge kriminalitet"
    assert len(re.findall(rf'<span title="[^"]* · {re.escape(why)}">', ours)) == 2
    assert "dk-2026 1.1.0, rpl-115-2" in ours and "Kun mellem myndigheder i det samme samarbejde." in ours
    client.force_login(cast["dks"])
    theirs = client.get(address).content.decode()
    assert len(re.findall(rf'<span title="[^"]* · {re.escape(why)}">', theirs)) == 1, "the own way to know, and nobody else's"


def test_the_number_of_queries_is_the_same_however_much_is_told(play: Play, client: Client, cast: dict[str, Worker]) -> None:
    few = _write(play, 2)
    for to in OTHERS:
        _tell(play, few, to)
    address = reverse("cases:sharing", args=[play.case().matter.reference])
    client.force_login(cast["vink"])
    client.get(address)  # a session that has just begun asks once more
    before = cost_of(lambda: client.get(address)).queries
    many = _write(play, 198)
    for to in OTHERS:
        _tell(play, many[:98], to)
    assert cost_of(lambda: client.get(address)).queries == before
