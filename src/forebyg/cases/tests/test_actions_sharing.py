"""Who is let in, for how long, and what the owner tells them."""

import datetime
from typing import Any

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Admission, Agency, Grant, Worker
from forebyg.cases import rules
from forebyg.cases.actions import assessing, disclosing, measures, noting, opening
from forebyg.cases.models import Clock, Disclosure, Item, Task
from forebyg.cases.queries import admitted_agencies, participants_of, records_of, unit_agencies
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import SSP_115, Play, a_person, an_item, refused
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.core.ids import new_id
from forebyg.intake.actions import Reporter, note_concern
from forebyg.intake.models import ReporterIdentity
from forebyg.store.sealed import open_sealed

DAY = datetime.timedelta(days=1)


def _admit(play: Play, agency: str, contact: str | None = None, *, by: str = "vink", **values: Any) -> None:
    given = {"finding": SSP_115, "necessity": "Myndigheden arbejder med familien."} | values
    opening.admit_agency(**play.by(by), agency_id=play.agency(agency), contact_id=play.cast[contact or agency].id, **given)


def _write(play: Play, key: str = "vink", **values: Any) -> Item:
    acting = play.by(key)
    given = {"about": [play.person("son")] if key == "vink" else []} | values
    return noting.write_item(**acting, item=an_item(), happened_at=acting["now"], **given)


def _disclose(play: Play, *rows: Item | Task | Clock, to: str, by: str = "vink", **values: Any) -> list[Disclosure]:
    given = {"necessity": "Modtageren arbejder med familien.", "finding": SSP_115} | values
    return disclosing.disclose(
        **play.by(by),
        records=[(row._meta.db_table, row.root) for row in rows],
        to_agency=play.agency(to),
        **given,
    )


def _give(play: Play, to: str = "vink-kollega", *, days: float = 30, by: str = "vink") -> Grant:
    acting = play.by(by)
    return opening.give_access(**acting, colleague_id=play.cast[to].id, ends_at=acting["now"] + days * DAY)


# Admission


@pytest.mark.req("R-216", part="admission gives the frame and nothing about a person")
def test_an_admitted_agency_gets_the_frame_only(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    _write(play)
    _admit(play, "sof")
    worker, _now = play.become("sof")
    case = play.case("sof")
    assert (case.current_step, str(case)) == (Step.RECEIVED, str(play.case("vink")))
    assert {agency.name for agency in admitted_agencies(worker, case)} == {"VINK", "Socialforvaltningen"}
    worker, _now = play.become("sof")
    assert participants_of(worker, case) == []
    assert records_of(worker, case, Item) == []
    assert play.timeline("sof") == []
    [task] = Task.objects.visible_to(worker).filter(matter=play.matter_id)
    open_sealed([task])
    assert (task.kind, task.text) == ("contact", "")


@pytest.mark.req("R-098", part="an admission keeps who, to whom, on which basis, why and when")
def test_an_admission_keeps_its_finding_and_its_reason_in_the_ledger(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _admit(play, "sof", necessity="SOF kender familien.")
    [event] = play.ledger("agency.admitted")
    open_sealed([event])
    assert event.codes == {"agency": str(play.agency("sof")), "finding": "rpl-115-2"}
    assert (event.reason, event.at, event.worker_id) == ("SOF kender familien.", play.now, cast["vink"].id)


def test_an_agency_is_admitted_once_and_its_contact_is_its_own(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with refused(rules.NotInThisCase):
        _admit(play, "sof", "dks")
    _admit(play, "sof")
    with refused(opening.AlreadyAdmitted):
        _admit(play, "sof")


def test_an_agency_without_a_seat_in_the_unit_is_not_there(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with refused(NotVisible):
        opening.admit_agency(
            **play.by(), agency_id=new_id(), contact_id=cast["sof"].id, finding=SSP_115, necessity="Nødvendigt."
        )


def test_a_contact_who_has_left_is_not_let_in(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with as_owner():
        Worker.objects.filter(id=cast["sof"].id).update(is_active=False)
    with refused(rules.NotInThisCase):
        _admit(play, "sof")


@pytest.mark.req("R-210", part="politicians, reporting and administrators get into no case, whoever lets them in")
@pytest.mark.req("R-207", part="roles without work in cases")
@pytest.mark.parametrize("key", ["politiker", "rapport", "administrator", "dpo"])
def test_who_does_not_work_in_cases_is_neither_contact_nor_colleague(cast: dict[str, Worker], key: str) -> None:
    play = Play(cast)
    with refused(opening.NoWorkInCases):
        _admit(play, "sekretariat", key)
    _admit(play, "sekretariat")
    with refused(opening.NoWorkInCases):
        _give(play, key, by="sekretariat")
    with refused(NotVisible):
        play.case(key)


@pytest.mark.req("R-210", part="a politician with a grant still sees nothing")
@pytest.mark.parametrize("key", ["politiker", "rapport", "administrator"])
def test_a_grant_that_got_there_by_mistake_opens_no_case(cast: dict[str, Worker], key: str) -> None:
    play = Play(cast)
    play.grant(key)
    with refused(NotPermitted):
        play.case(key)


# Access of colleagues


@pytest.mark.req("R-208")
@pytest.mark.parametrize(("days", "fits"), [(1, True), (365, True), (365.001, False), (0, False), (-1, False)])
def test_access_ends_within_a_year(cast: dict[str, Worker], days: float, fits: bool) -> None:
    play = Play(cast)
    if fits:
        assert _give(play, days=days).ends_at == play.now + days * DAY
    else:
        with refused(opening.EndNotAllowed):
            _give(play, days=days)


@pytest.mark.req("R-208", part="case-limited and time-limited access")
@pytest.mark.req("B-024", part="a grant ends by itself on its day")
def test_a_colleague_sees_the_matter_until_the_grant_ends_by_itself(cast: dict[str, Worker]) -> None:
    other = Play(cast)
    play = Play(cast)
    item = _write(play)
    _give(play, days=30)
    assert play.sees("vink-kollega", item)
    with refused(NotVisible):
        other.case("vink-kollega")
    play.pass_time(days=30)
    assert not play.sees("vink-kollega", item)
    with refused(NotVisible):
        play.case("vink-kollega")
    assert play.sees("vink", item)


def test_access_is_ended_before_its_time_and_only_once(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    item = _write(play)
    grant = _give(play)
    opening.end_access(**play.by(), grant_id=grant.id)
    assert not play.sees("vink-kollega", item)
    with refused(NotVisible):
        opening.end_access(**play.by(), grant_id=grant.id)
    assert len(play.ledger("access.ended")) == 1


@pytest.mark.req("R-205", part="an agency gives access to its own workers only")
def test_nobody_gives_or_ends_access_of_another_agencys_worker(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _admit(play, "sof")
    with refused(NotVisible):
        _give(play, "dks")
    with refused(NotVisible):
        _give(play, "sof")
    theirs = Grant.objects.get(worker=cast["sof"], matter=play.matter_id)
    with refused(NotVisible):
        opening.end_access(**play.by(), grant_id=theirs.id)


def test_a_worker_who_has_left_gets_no_access(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with as_owner():
        Worker.objects.filter(id=cast["vink-kollega"].id).update(is_active=False)
    with refused(NotVisible):
        _give(play)


@pytest.mark.req("B-024", part="who is alone prolongs the own access by a month at most, marked for the access review")
def test_who_is_alone_prolongs_the_own_access_by_a_month_and_it_is_marked(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with refused(opening.OwnEndNotAllowed):
        _give(play, "vink", days=31)
    assert play.ledger("access.given") == []
    grant = _give(play, "vink", days=30)
    assert (grant.worker_id, grant.reason) == (cast["vink"].id, "own")
    [event] = play.ledger("access.given")
    assert event.codes == {"worker": str(cast["vink"].id), "own": "yes"}
    _give(play, "vink-kollega")
    assert "own" not in play.ledger("access.given")[-1].codes


@pytest.mark.req("B-024", part="where a colleague could judge it, nobody prolongs the own access")
def test_nobody_prolongs_the_own_access_where_a_colleague_could(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    grant = _give(play, days=10)
    with refused(opening.ColleagueCanGive) as caught:
        _give(play, "vink", days=5)
    assert cast["vink-kollega"].name in caught.value.sentence
    _give(play, "vink", days=300, by="vink-kollega")
    opening.end_access(**play.by(), grant_id=grant.id)
    assert _give(play, "vink", days=5).reason == "own", "the colleague has left the matter"


@pytest.mark.parametrize("why", ["knows one participant", "has left", "other agency"])
def test_who_could_not_give_access_is_no_colleague_to_ask(cast: dict[str, Worker], why: str) -> None:
    play = Play(cast)
    if why == "knows one participant":
        play.grant("vink-kollega", participant=play.person("son"))
    elif why == "has left":
        _give(play)
        with as_owner():
            Worker.objects.filter(id=cast["vink-kollega"].id).update(is_active=False)
    else:
        _admit(play, "sof")
    assert _give(play, "vink", days=30).reason == "own"


def test_the_form_offers_oneself_to_who_is_alone(cast: dict[str, Worker], client: Client) -> None:
    play = Play(cast)
    address = reverse("cases:act-giv-adgang", args=[play.case().matter.reference])
    choice = f'value="{cast["vink"].id}"'
    client.force_login(cast["vink"])
    assert choice in client.get(address).content.decode()
    _give(play)
    assert choice not in client.get(address).content.decode()


# The lead


@pytest.mark.req("R-211", part="the lead of a case is handed over, with a reason")
def test_the_lead_goes_to_an_agency_that_takes_part(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with refused(rules.NotInThisCase):
        opening.change_lead(**play.by(), agency_id=play.agency("dks"), reason="DKS kender familien.")
    _admit(play, "dks")
    case = opening.change_lead(**play.by(), agency_id=play.agency("dks"), reason="DKS kender familien.")
    assert case.lead_id == play.case().lead_id == play.agency("dks")
    [event] = play.ledger("case.lead-changed")
    open_sealed([event])
    assert event.reason == "DKS kender familien."


@pytest.mark.req("R-211", part="the work of the step goes to whom leads now")
def test_the_work_of_the_step_follows_the_lead(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    _admit(play, "dks")
    opening.change_lead(**play.by(), agency_id=play.agency("dks"), reason="DKS kender familien.")
    assert Task.objects.get(matter=play.matter_id, kind="step", assigned_to=play.agency("vink")).done_at == play.now
    with as_owner():
        waiting = Task.objects.filter(matter=play.matter_id, kind="step", done_at=None)
        assert [task.assigned_to_id for task in waiting] == [play.agency("dks")]


# Disclosure


@pytest.mark.req("R-098")
@pytest.mark.req("R-080", part="every disclosure has a basis")
def test_a_disclosure_keeps_what_to_whom_on_which_basis_why_by_whom_and_when(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _admit(play, "sof")
    item = _write(play)
    [told] = _disclose(play, item, to="sof", necessity="SOF skal vurdere støtte.")
    assert (told.record_table, told.record_root, told.recipient_id) == ("cases_item", item.root, play.agency("sof"))
    assert (told.owner_id, told.author_id, told.recorded_at) == (play.agency("vink"), cast["vink"].id, play.now)
    assert (told.necessity, told.finding["by"], told.finding["forum"]) == ("SOF skal vurdere støtte.", ["rpl-115-2"], "ssp")
    assert [one["signed_by"] for one in told.finding["bases"]] == ["demo"], "nobody qualified has signed it"
    assert play.sees("sof", told) and play.sees("vink", told), "both keep what was told"
    assert play.sees("sof", item)
    assert [fact.codes for fact in play.facts("disclosure")] == [{"basis": "rpl-115-2"}]


@pytest.mark.req("B-020", part="only the owner discloses; there is no pooled register")
def test_information_crosses_a_border_by_its_owner_alone(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _admit(play, "sof")
    _admit(play, "dks")
    item = _write(play)
    with refused(NotVisible):
        _disclose(play, item, to="dks", by="sof")
    _disclose(play, item, to="sof")
    with refused(disclosing.NotTheOwner):
        _disclose(play, item, to="dks", by="sof")
    assert not play.sees("dks", item)


def test_a_recipient_takes_part_in_the_matter(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    item = _write(play)
    with refused(disclosing.RecipientNotAdmitted):
        _disclose(play, item, to="sof")
    _admit(play, "sof")
    with refused(rules.TextMissing):
        _disclose(play, item, to="sof", necessity="  ")
    _disclose(play, item, to="sof")
    with refused(disclosing.NothingChosen):
        _disclose(play, item, to="sof")
    with refused(disclosing.NothingChosen):
        _disclose(play, to="sof")


def test_only_what_is_new_to_the_recipient_is_told_again(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _admit(play, "sof")
    old, new = _write(play), _write(play)
    _disclose(play, old, to="sof")
    assert [told.record_root for told in _disclose(play, old, new, to="sof")] == [new.root]


def test_a_record_of_another_case_or_of_no_such_kind_is_not_there(cast: dict[str, Worker]) -> None:
    elsewhere = _write(Play(cast))
    play = Play(cast)
    _admit(play, "sof")
    with refused(NotVisible):
        _disclose(play, elsewhere, to="sof")
    for table in ("access_worker", "cases_case", "cases_disclosure", "cases_timelineentry", "no_such_table", ""):
        with refused(NotVisible):
            disclosing.disclose(
                **play.by(),
                records=[(table, new_id())],
                to_agency=play.agency("sof"),
                finding=SSP_115,
                necessity="Nødvendigt.",
            )


@pytest.mark.parametrize("model", [Task, Clock])
def test_what_waits_has_its_own_readers_and_is_not_disclosed(cast: dict[str, Worker], model: type[Task | Clock]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    _admit(play, "sof")
    for kind, value in (("severity", "high"), ("local-action", "yes")):
        assessing.qualify(**play.by(), kind=kind, value=value, reason="Der er brug for lokal indsats.")
    own = model.objects.visible_to(play.by()["worker"]).filter(owner=play.agency("vink"))
    with refused(NotVisible):
        _disclose(play, own[0], to="sof")


@pytest.mark.req("B-003", part="who reported is read by the owner alone and cannot be disclosed")
@pytest.mark.req("R-009", part="who sees the reporter's identity is restricted")
def test_who_reported_is_never_disclosed(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    worker, now = play.become("vink")
    case = note_concern(
        worker=worker,
        channel="direkte-til-vink",
        reporter=Reporter("citizen", name="En nabo", contact="12 34 56 78"),
        people=[a_person("Ven")],
        observation=an_item(),
        happened_at=now,
        now=now,
    )
    play.case_id, play.matter_id = case.id, case.matter_id
    _admit(play, "sof")
    [identity] = ReporterIdentity.objects.filter(matter=case.matter_id)
    assert "intake_reporteridentity" not in disclosing.record_kinds()
    with refused(NotVisible):
        disclosing.disclose(
            **play.by(),
            records=[("intake_reporteridentity", identity.root)],
            to_agency=play.agency("sof"),
            finding=SSP_115,
            necessity="SOF vil gerne vide det.",
        )
    assert not play.sees("sof", identity)


@pytest.mark.req("B-023", part="a withdrawn disclosure closes the record for its recipient and stays recorded")
def test_a_disclosure_is_withdrawn_with_a_reason_and_once(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _admit(play, "sof")
    _admit(play, "dks")
    item = _write(play)
    [told] = _disclose(play, item, to="sof")
    _disclose(play, item, to="dks")
    with refused(rules.TextMissing):
        disclosing.withdraw(**play.by(), disclosure=told.root, reason="")
    with refused(disclosing.NotTheOwner):
        disclosing.withdraw(**play.by("sof"), disclosure=told.root, reason="Uenig.")

    disclosing.withdraw(**play.by(), disclosure=told.root, reason="Vedrørte en anden.")

    assert not play.sees("sof", item)
    assert play.sees("dks", item)
    assert not play.sees("sof", told), "why it was told is its owner's alone"
    worker, _now = play.become("sof")
    assert Task.objects.visible_to(worker).filter(kind="disclosure-gone", concerns=item.root).count() == 1, "it is told so"
    [event] = play.ledger("disclosure.withdrawn")
    assert event.codes == {"recipient": str(play.agency("sof"))}
    with refused(rules.AlreadyDone):
        disclosing.withdraw(**play.by(), disclosure=told.root, reason="Igen.")
    _disclose(play, item, to="sof")
    assert play.sees("sof", item)


def test_what_was_told_includes_its_line_on_the_timeline(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _admit(play, "sof")
    item = _write(play)
    _disclose(play, item, to="sof")
    assert [entry.record_root for entry in play.timeline("sof")] == [item.root]


# The unit


@pytest.mark.req("R-205")
def test_every_worker_belongs_to_one_home_agency_and_the_unit_employs_nobody(cast: dict[str, Worker]) -> None:
    worker = cast["vink"]
    homes = [field.name for field in Worker._meta.concrete_fields if field.related_model is Agency]
    assert homes == ["agency"]
    assert not Worker._meta.get_field("agency").null
    seats = {agency.id for agency in unit_agencies(worker)}
    people = [one for one in cast.values() if not one.is_system]
    assert len(people) > 10
    assert all(one.agency_id in seats for one in people)


def test_what_was_agreed_in_one_agency_is_not_known_in_the_next(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    _admit(play, "dks")
    _admit(play, "sof")
    theirs = _write(play, "dks")
    assert not play.sees("vink", theirs)
    assert not play.sees("sof", theirs)
    acting = play.by()
    offer = measures.make_offer(
        **acting, intervention="mentorstoette", to=play.person("son"), text="", happened_at=acting["now"]
    )
    assert not play.sees("dks", offer)
    assert Admission.objects.filter(matter=play.matter_id).count() == 3
