"""The special lock by the action: who sets it, who is left, and what the others and the data protection officer see."""

import datetime

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Admission, Grant, Worker
from forebyg.cases import rules
from forebyg.cases.actions import locking, opening
from forebyg.cases.board import BoardFilters, board_page
from forebyg.cases.queries import fetch_case
from forebyg.cases.tests.cast import Play, refused
from forebyg.core.errors import NotPermitted, NotVisible

WHY = "Sagen handler om en medarbejders søn."
SEE = ("vink", "vink-kollega", "dks", "mentor")


def _play(cast: dict[str, Worker]) -> Play:
    """A case of VINK's with a colleague, DKS, and the son's mentor in it."""
    play = Play(cast)
    play.admit("dks")
    acting = play.by()
    opening.give_access(**acting, colleague_id=cast["vink-kollega"].id, ends_at=acting["now"] + datetime.timedelta(days=60))
    play.grant("mentor", participant=play.person("son"))
    return play


def _lock(play: Play, *keep: str, key: str = "vink") -> None:
    locking.lock_specially(**play.by(key), keep=[play.cast[one].id for one in keep], reason=WHY)


def _who_sees(play: Play) -> set[str]:
    found = set()
    for key in SEE:
        worker, _now = play.become(key)
        try:
            fetch_case(worker=worker, case_id=play.case_id)
        except NotVisible:
            continue
        found.add(key)
    return found


@pytest.mark.req("B-026", part="after the lock the named workers see the case as before, and nobody else at all")
def test_a_locked_case_is_for_those_who_are_named(cast: dict[str, Worker]) -> None:
    play = _play(cast)
    assert _who_sees(play) == set(SEE)
    _lock(play, "dks", "mentor")
    assert _who_sees(play) == {"vink", "dks", "mentor"}
    [event] = play.ledger("matter.locked")
    assert WHY not in str(event.codes)
    with as_owner():
        ends = dict(Grant.objects.filter(matter=play.matter_id, reason="special").values_list("worker__email", "ends_at"))
        before = dict(
            Grant.objects.filter(matter=play.matter_id).exclude(reason="special").values_list("worker__email", "ends_at")
        )
    assert ends == {email: before[email] for email in ends}, "each as long as before"


def test_who_works_for_an_agency_that_has_left_is_not_named(cast: dict[str, Worker]) -> None:
    play = _play(cast)
    with as_owner():
        Admission.objects.filter(matter=play.matter_id, agency=play.agency("dks")).update(ended_at=play.now)
    with refused(rules.NotInThisCase):
        _lock(play, "dks")
    client = Client()
    client.force_login(cast["vink"])
    page = client.get(reverse("cases:act-laas", args=[play.case().matter.reference])).content.decode()
    assert str(cast["vink-kollega"].id) in page and str(cast["dks"].id) not in page
    _lock(play, "vink-kollega")
    assert _who_sees(play) == {"vink", "vink-kollega"}


def test_a_grant_given_afterwards_names_the_colleague(cast: dict[str, Worker]) -> None:
    play = _play(cast)
    _lock(play)
    assert _who_sees(play) == {"vink"}
    acting = play.by()
    grant = opening.give_access(
        **acting, colleague_id=cast["vink-kollega"].id, ends_at=acting["now"] + datetime.timedelta(days=5)
    )
    assert grant.reason == "special"
    assert _who_sees(play) == {"vink", "vink-kollega"}


def test_a_colleague_who_is_locked_out_gives_no_access_so_one_may_prolong_the_own(cast: dict[str, Worker]) -> None:
    play = _play(cast)
    _lock(play)
    acting = play.by()
    opening.give_access(**acting, colleague_id=cast["vink"].id, ends_at=acting["now"] + datetime.timedelta(days=20))


def test_a_lifted_lock_gives_everyone_the_case_back(cast: dict[str, Worker]) -> None:
    play = _play(cast)
    _lock(play)
    locking.lift_lock(**play.by(), reason="Medarbejderen er flyttet.")
    assert _who_sees(play) == set(SEE)
    assert play.ledger("matter.unlocked")
    with refused(locking.NotLocked):
        locking.lift_lock(**play.by(), reason=WHY)


def test_a_name_from_an_earlier_lock_is_none_in_the_next(cast: dict[str, Worker]) -> None:
    play = _play(cast)
    _lock(play, "dks")
    locking.lift_lock(**play.by(), reason="Slut.")
    _lock(play)
    assert _who_sees(play) == {"vink"}


@pytest.mark.req("B-026", part="the agency that leads locks and lifts; the reason is written")
def test_who_may_lock(cast: dict[str, Worker]) -> None:
    play = _play(cast)
    with refused(NotPermitted):
        _lock(play, key="dks")
    with refused(rules.TextMissing):
        locking.lock_specially(**play.by(), keep=[], reason=" ")
    with refused(rules.NotInThisCase):
        _lock(play, "ssp")
    _lock(play, "dks")
    with refused(locking.AlreadyLocked):
        _lock(play)
    with refused(NotPermitted):
        locking.lift_lock(**play.by("dks"), reason=WHY)


def test_the_board_and_its_counts_leave_a_locked_case_out(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    worker, now = play.become("sekretariat")
    rows, _page = board_page(worker, BoardFilters(), now=now)
    assert play.case_id in {row.case.id for row in rows}
    _lock(play)
    worker, now = play.become("sekretariat")
    rows, _page = board_page(worker, BoardFilters(), now=now)
    assert play.case_id not in {row.case.id for row in rows}


def test_pages_of_a_locked_case(cast: dict[str, Worker]) -> None:
    play = _play(cast)
    reference = play.case().matter.reference
    inside, outside = Client(), Client()
    inside.force_login(cast["vink"])
    outside.force_login(cast["dks"])
    page = reverse("cases:case", args=[reference])
    form = reverse("cases:act-laas", args=[reference])
    assert str(cast["dks"].id) in inside.get(form).content.decode()
    assert inside.post(form, {"reason": WHY, "keep": [str(cast["mentor"].id)]}).status_code == 302
    assert "Særligt låst" in inside.get(page).content.decode()
    assert outside.get(page).status_code == 404
    sharing = inside.get(reverse("cases:sharing", args=[reference])).content.decode()
    assert "Ophæv den særlige lås" in sharing
    assert "Lås sagen særligt" not in sharing


@pytest.mark.req("B-026", part="the data protection officer sees that a case is locked and who has access, and not why")
def test_the_data_protection_officer_sees_the_lock_and_who_is_named(cast: dict[str, Worker]) -> None:
    play = _play(cast)
    reference = play.case().matter.reference
    officer = Client()
    officer.force_login(cast["dpo"])
    address = reverse("oversight:matter", args=[reference])
    assert "særligt låst" not in officer.get(address).content.decode()
    _lock(play)
    shown = officer.get(address).content.decode()
    assert "Sagen er særligt låst" in shown
    assert "Navngivet i den særlige lås" in shown
    assert "gælder ikke, så længe sagen er særligt låst" in shown
    assert WHY not in shown
    assert officer.get(reverse("cases:case", args=[reference])).status_code == 404
