"""The extra lock for those who need special protection, seen from every side at once (B-026)."""

from __future__ import annotations

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.access.tests.rows import count
from forebyg.cases.actions import locking, noting
from forebyg.cases.board import BoardFilters, board_page
from forebyg.cases.models import Item
from forebyg.cases.tests.cast import Play, a_person, an_item
from forebyg.oversight.breaking import NothingOpened
from forebyg.oversight.tests.conftest import reference_of
from forebyg.oversight.tests.test_break_glass import shatter

pytestmark = pytest.mark.django_db

WHY = "Drengen er søn af en kollega."


def page(play: Play, key: str, tab: str = "case") -> tuple[int, str]:
    """What a worker gets of a page of the case."""
    client = Client()
    client.force_login(play.cast[key])
    answer = client.get(reverse(f"cases:{tab}", args=[reference_of(play)]))
    return answer.status_code, answer.content.decode()


def searched(play: Play, key: str, wanted: str) -> str:
    """The page that a search leads to."""
    client = Client()
    client.force_login(play.cast[key])
    return client.post(reverse("cases:search"), {"q": wanted}, follow=True).content.decode()


def on_the_board(play: Play) -> bool:
    """Whether the secretariat's board shows the case."""
    worker, now = play.become("sekretariat")
    rows, _page = board_page(worker, BoardFilters(), now=now)
    return play.case_id in {row.case.id for row in rows}


@pytest.mark.req("B-026")
def test_the_relative_of_staff_and_the_person_with_a_protected_address(officers: dict[str, Worker]) -> None:
    """The colleague is the father: had access as a colleague, knows the number and the CPR number, and has emergency access."""
    play = Play(officers)
    play.admit("dks")
    play.grant("vink-kollega")
    friend = noting.add_participant(
        **play.by(),
        person=a_person("Kæreste", is_involved=True, involved_because="Ven", municipality="Lilleby", protected_address=True),
    )
    play.disclose(friend, to="dks")
    acting = play.by()
    item = noting.write_item(**acting, item=an_item("Drengen er bange."), about=[play.person("son")], happened_at=acting["now"])
    # the protected address: the case offers the lock, and where the person lives stays with the owner
    status, people = page(play, "vink", "people")
    assert status == 200 and "Navne- og adressebeskyttet" in people and "Overvej at låse sagen særligt" in people
    status, told = page(play, "dks", "people")
    assert status == 200 and "Navne- og adressebeskyttet" in told and "Lilleby" not in told
    assert "Overvej at låse" not in told, "only the agency that leads may lock"
    # the relative: before the lock the father sees it all
    assert page(play, "vink-kollega")[0] == 200 and play.sees("vink-kollega", item) and on_the_board(play)
    locking.lock_specially(**play.by(), keep=[], reason=WHY)
    reference = reference_of(play)
    assert page(play, "vink-kollega")[0] == page(play, "dks")[0] == 404
    assert not play.sees("vink-kollega", item) and not on_the_board(play)
    assert "Drengen er bange." not in searched(play, "vink-kollega", reference)
    assert "Overvej at låse" not in page(play, "vink", "people")[1]
    play.become("vink-kollega")
    for table in ("matters_matter", "cases_case", "cases_item", "people_participant", "access_speciallock"):
        assert count(table) == 0, table
    # nor by breaking the glass, nor is it said that there is anything
    with pytest.raises(NothingOpened) as of_it:
        shatter(play)
    with pytest.raises(NothingOpened) as of_nothing:
        shatter(play, reference="1999-0001")
    assert of_it.value.sentence == of_nothing.value.sentence
    # who is named sees it as before; the officer sees that it is locked and who sees it, and not why
    assert page(play, "vink")[0] == 200 and play.sees("vink", item)
    officer = Client()
    officer.force_login(play.cast["dpo"])
    seen = officer.get(reverse("oversight:matter", args=[reference])).content.decode()
    assert "Sagen er særligt låst" in seen and WHY not in seen
    with as_owner():
        assert Item.objects.get(root=item.root).readers == [play.agency("vink")]
    # lifted, everybody has it back
    locking.lift_lock(**play.by(), reason="Drengen er flyttet.")
    assert page(play, "vink-kollega")[0] == page(play, "dks")[0] == 200 and on_the_board(play)
