"""While a legal doubt stands, or when what carried a disclosure is no longer signed, a correction reaches those who were told by a
notice alone."""

import pytest

from forebyg.access.models import Worker
from forebyg.access.tests.conftest import scene as scene
from forebyg.access.tests.rows import Scene, insert
from forebyg.cases.actions import noting
from forebyg.cases.actions.disclosing import disclose
from forebyg.cases.finding import NotLawful
from forebyg.cases.models import Disclosure, Item, Task
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_finding, refused
from forebyg.law import Consent, Subject
from forebyg.sharing import reviewing
from forebyg.sharing.actions import tell
from forebyg.sharing.tests.asking import NEED, SSP, write

YES = Consent(kind="share", by="citizen", answer="given")
NEW = "Den unge har fået besøg af en mand, som familien ikke kender."


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """DKS takes part in VINK's case."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    return play


def _told(play: Play, item: Item) -> None:
    tell(**play.by(), records=[("cases_item", item.root)], to_agency=play.agency("dks"), terms=SSP, necessity=NEED)


def _notices(play: Play) -> list[str]:
    worker, _now = play.become("dks")
    waiting = Task.objects.visible_to(worker).filter(matter=play.matter_id, assigned_to=worker.agency_id, done_at=None)
    return [task.kind for task in waiting.order_by("happened_at", "id") if task.is_notice]


@pytest.mark.req("R-087", part="while a doubt stands, new words reach nobody by way of a correction either")
def test_a_correction_in_doubt_is_its_owners_until_the_law_is_asked_anew(play: Play) -> None:
    item = write(play, "vink")
    _told(play, item)
    raised = reviewing.raise_doubt(**play.by("dks"), text="Må dette deles i SSP?")
    assert play.sees("dks", item), "what was told before the doubt stays told"
    noting.correct_item(**play.by(), root=item.root, text=NEW, reason="Der er kommet mere frem.")
    assert not play.sees("dks", item) and NEW not in [entry.text for entry in play.timeline("dks")]
    assert _notices(play) == ["corrected-earlier"]
    with refused(NotLawful):
        _told(play, item)
    reviewing.clarify_doubt(
        **play.by(),
        doubt=raised.id,
        is_in_favour=True,
        clarified_by="Juristen i Socialforvaltningen",
        clarified_on=play.now.date(),
        text="Ja, inden for SSP.",
    )
    assert not play.sees("dks", item), "nobody is told by itself"
    _told(play, item)
    assert play.sees("dks", item)


@pytest.mark.req("R-087", part="while a doubt stands, a changed person reaches nobody")
def test_a_person_changed_in_doubt_is_not_read_by_those_who_were_told(play: Play) -> None:
    play.disclose(play.people["father"], to="dks")
    reviewing.raise_doubt(**play.by(), text="Må dette deles i SSP?")
    noting.change_participant(
        **play.by(), root=play.person("father"), changes={"name": "Et navn", "involved_because": "Ny viden"}
    )
    assert not play.sees("dks", play.people["father"]) and _notices(play) == ["corrected-earlier"]
    play.become("vink")
    assert Disclosure.objects.get(record_root=play.person("father")).withdrawn_at is not None


def test_postgresql_keeps_a_new_version_to_its_owner_while_a_doubt_stands(scene: Scene) -> None:
    record = scene.record()
    scene.disclose(record, "sof")
    vink = scene.act("vink")
    insert("sharing_doubt", matter_id=scene.matter, agency_id=vink.agency_id, worker_id=vink.id)
    correction = scene.record(version=2, root=record)
    scene.act("sof")
    assert not scene.sees(correction) and not scene.sees(record)


@pytest.mark.req("B-028", part="what is no longer signed off carries no correction either")
def test_a_correction_reaches_only_those_who_were_told_by_what_is_still_signed(play: Play) -> None:
    play.admit("skole")
    item = write(play, "vink")
    _told(play, item)
    disclose(
        **play.by(),
        records=[("cases_item", item.root)],
        to_agency=play.agency("skole"),
        finding=a_finding(forum="none", subject=Subject(age=25), consents=(YES,)),
        necessity=NEED,
    )
    noting.correct_item(**play.by(), root=item.root, text="Rettet.", reason="Ny viden.")
    assert play.sees("dks", item) and play.sees("skole", item)
    _take_back(play, "rpl-115-2")
    assert play.sees("dks", item), "what it has carried stays told"
    noting.correct_item(**play.by(), root=item.root, text=NEW, reason="Ny viden.")
    assert not play.sees("dks", item) and play.sees("skole", item)
    assert _notices(play) == ["corrected-earlier"]


def _take_back(play: Play, provision: str) -> None:
    worker, now = play.become("jurist")
    standing = reviewing.fetch_reviewed(worker, "dk-2026", provision)
    reviewing.take_back(
        worker=worker, pack="dk-2026", provision=provision, version=standing.version, note="Skal læses igen.", now=now
    )
