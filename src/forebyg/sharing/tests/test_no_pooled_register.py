"""No pooled register: what another agency knows is asked for, and the agency that owns it answers or says no (B-020)."""

from __future__ import annotations

import pytest

from forebyg.access.models import Worker
from forebyg.access.tests.rows import count
from forebyg.cases import rules as case_rules
from forebyg.cases.actions.disclosing import NotTheOwner
from forebyg.cases.models import Disclosure, Item
from forebyg.cases.queries import records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, refused
from forebyg.core.errors import NotVisible
from forebyg.sharing.actions import tell
from forebyg.sharing.requests.models import RequestAnswer
from forebyg.sharing.tests.asking import NEED, SSP, answer, ask, decline, seen_by, write
from forebyg.store.identity import act_as

pytestmark = pytest.mark.django_db


def _known(play: Play, key: str) -> set[str]:
    """The texts of other agencies that a worker knows, by the application and by PostgreSQL alone."""
    worker, _now = play.become(key)
    others = [item for item in records_of(worker, play.case(key), Item) if item.owner_id != worker.agency_id]
    act_as(worker.id)
    assert count("cases_item", is_current=True) == len(records_of(worker, play.case(key), Item))
    return {item.text for item in others}


@pytest.mark.req("B-020")
def test_what_another_agency_knows_is_asked_for_and_told_or_kept_by_its_owner(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks", "sof")
    told, kept = write(play, text="Det, som DKS vil sige."), write(play, text="Det, som DKS beholder.")
    write(play, "sof", text="Det, som kun forvaltningen ved.")
    assert not any(_known(play, key) for key in ("vink", "dks", "sof")), "to sit in one case tells nothing"
    with refused(NotVisible):
        tell(**play.by("vink"), records=[("cases_item", told.root)], to_agency=play.agency("sof"), terms=SSP, necessity=NEED)

    first = ask(play)
    assert seen_by(play, "sof", first.root) is None, "a request is between two"
    with refused(case_rules.TextMissing):
        decline(play, first, " ")
    decline(play, first, "Vi har ikke grundlag for at svare.")
    worker, _now = play.become("vink")
    [said] = records_of(worker, play.case("vink"), RequestAnswer)
    assert (said.kind, said.reason, said.owner_id) == ("declined", "Vi har ikke grundlag for at svare.", play.agency("dks"))
    assert _known(play, "vink") == set()

    answer(play, ask(play), told)
    assert _known(play, "vink") == {"Det, som DKS vil sige."}
    assert _known(play, "sof") == set()
    assert not play.sees("vink", kept)
    with refused(NotTheOwner):
        tell(**play.by("vink"), records=[("cases_item", told.root)], to_agency=play.agency("sof"), terms=SSP, necessity=NEED)
    play.become("vink")
    [disclosure] = Disclosure.objects.filter(record_root=told.root)
    assert disclosure.owner_id == play.agency("dks"), "who was told owns nothing of it"
