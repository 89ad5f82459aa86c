"""The gate: what the database knows becomes the law's question, and what it does not allow is not done, in PostgreSQL either."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable
from typing import Any

import pytest
from conftest import as_owner
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Agency, Worker
from forebyg.cases.actions import assessing, measures, noting
from forebyg.cases.actions.consenting import record_consent
from forebyg.cases.actions.disclosing import NotTheOwner, RecipientNotAdmitted
from forebyg.cases.actions.documents import add_document
from forebyg.cases.finding import NotLawful, Terms, as_kept
from forebyg.cases.models import Disclosure, Document, Item
from forebyg.cases.queries import fetch_case, records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import SSP_115, Play, a_finding, a_person, an_item, refused
from forebyg.cases.tests.files import a_pdf, incoming
from forebyg.core.errors import NotVisible
from forebyg.core.ids import new_id
from forebyg.law import Finding, load_law, words
from forebyg.people.models import Consent, Participant
from forebyg.sharing import reviewing
from forebyg.sharing.actions import admit, tell
from forebyg.sharing.gate import finding_for, finding_to_name, findings_for
from forebyg.sharing.models import Clarification, DoubtClarified, SignOff
from forebyg.sharing.signed import pack_in_force
from forebyg.store.sealed import open_sealed

SSP = Terms(forum="ssp")
PSP = Terms(forum="psp")
KSP = Terms(forum="ksp")
OUTSIDE = Terms()
WEIGHED = "Hensynet til at afværge vold vejer tungere end hensynet til borgeren."


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case about a son of 16 whose father is the guardian."""
    return Play(cast).to(Step.RECEIVED)


def _item(play: Play, key: str = "vink", **values: Any) -> Item:
    acting = play.by(key)
    about = values.pop("about", [play.person("son")])
    return noting.write_item(**acting, item=an_item(**values), about=about, happened_at=acting["now"])


def _asked(
    play: Play, *rows: Item | Document, to: str, terms: Terms = SSP, by: str = "vink", asked_about: Iterable[uuid.UUID] = ()
) -> Finding:
    acting = play.by(by)
    return finding_for(
        worker=acting["worker"],
        case=fetch_case(worker=acting["worker"], case_id=play.case_id),
        records=[(row._meta.db_table, row.root) for row in rows],
        to_agency=play.agency(to),
        terms=terms,
        now=acting["now"],
        asked_about=asked_about,
    )


def _said(finding: Finding) -> tuple[str, str | None]:
    return finding.outcome, finding.because


def _consent(play: Play, by: str, *, to: str, person: str = "son", answer: str = "given", key: str = "vink") -> None:
    acting = play.by(key)
    given = Consent(
        kind="share",
        person=play.person(person),
        answered_by=play.person(by),
        answer=answer,
        recipient=play.agency(to),
        text="Må vi fortælle det?",
    )
    record_consent(**acting, consent=given, happened_at=acting["now"])


def _kept(play: Play) -> tuple[list[str], str]:
    """By what the only disclosure was told, and why."""
    worker, _now = play.become("vink")
    [told] = records_of(worker, play.case(), Disclosure)
    return told.finding["by"], told.necessity


def _change(person: Participant, **values: Any) -> None:
    with as_owner():
        Participant.objects.filter(root=person.root, is_current=True).update(**values)


@pytest.mark.req("R-081", part="in a case: by SSP, without consent")
@pytest.mark.req("R-097", part="the finding names the pack")
@pytest.mark.req("R-082", part="the finding bears the mark")
def test_in_a_forum_it_is_told_without_consent_and_bears_its_marks(play: Play) -> None:
    finding = _asked(play, _item(play), to="dks")
    assert (_said(finding), finding.by, finding.pack) == (("allowed", None), ("rpl-115-2",), "dk-2026")
    assert finding.marks == ("not-for-investigation", "forum:ssp")
    assert not finding.duty


@pytest.mark.req("R-085")
def test_outside_the_forums_consent_is_the_main_rule(play: Play) -> None:
    item = _item(play)
    assert _said(_asked(play, item, to="dks", terms=OUTSIDE)) == ("refused", "consent-missing")
    _consent(play, "son", to="dks")
    assert _said(_asked(play, item, to="dks", terms=OUTSIDE)) == ("refused", "consent-missing"), (
        "at 16 the father is asked, too"
    )
    _consent(play, "father", to="dks")
    assert _asked(play, item, to="dks", terms=OUTSIDE).by == ("consent-gdpr-9",)
    assert _said(_asked(play, item, to="ssp", terms=OUTSIDE)) == ("refused", "consent-missing"), "to DKS, and to nobody else"
    _consent(play, "father", to="dks", answer="withdrawn")
    assert _said(_asked(play, item, to="dks", terms=OUTSIDE)) == ("refused", "consent-refused")
    play.admit("dks")
    tell(
        **play.by(),
        records=[("cases_item", item.root)],
        to_agency=play.agency("dks"),
        terms=Terms(trigger="serious-violence", is_weighed=True),
        necessity=WEIGHED,
    )
    assert _kept(play) == (["value-leap-2026"], WEIGHED), "the exception, and why"


@pytest.mark.req("B-031", part="a yes to taking part shares nothing")
def test_a_consent_to_take_part_shares_nothing(play: Play) -> None:
    for by in ("son", "father"):
        acting = play.by()
        yes = Consent(kind="take-part", person=play.person("son"), answered_by=play.person(by), answer="given")
        yes.intervention, yes.text = "mentorstoette", "Vil I være med?"
        record_consent(**acting, consent=yes, happened_at=acting["now"])
    assert _said(_asked(play, _item(play), to="dks", terms=OUTSIDE)) == ("refused", "consent-missing")


@pytest.mark.req("R-043", part="what came under one forum is not used in another")
def test_what_came_under_one_forum_is_not_told_in_another(play: Play) -> None:
    item = _item(play, forum="ssp")
    _change(play.people["son"], exposed=True)
    assert _said(_asked(play, item, to="psykiatri", terms=PSP)) == ("refused", "other-forum")
    assert _asked(play, _item(play), to="psykiatri", terms=PSP).by == ("rpl-115-2",)
    assert _asked(play, item, to="dks").outcome == "allowed"


@pytest.mark.req("R-043", part="a document keeps the forum that it, or its item, came under")
@pytest.mark.parametrize("at_an_item", [False, True])
def test_a_document_of_one_forum_is_not_told_in_another(play: Play, at_an_item: bool) -> None:
    _change(play.people["son"], exposed=True)
    item = _item(play, forum="ssp").root if at_an_item else None
    acting = play.by()
    document = add_document(
        **acting,
        incoming=incoming(a_pdf("Referat"), "Referat.pdf"),
        about=[play.person("son")],
        text="Referat fra mødet",
        forum="own" if at_an_item else "ssp",
        item=item,
        happened_at=acting["now"],
    )
    assert document.forum == "ssp" and document.not_for_investigation
    assert _said(_asked(play, document, to="psykiatri", terms=PSP)) == ("refused", "other-forum")
    assert _asked(play, document, to="dks", terms=SSP).outcome == "allowed"


@pytest.mark.req("R-080", part="who was told of none of the subjects can't have the law asked about them")
@pytest.mark.parametrize("terms", [SSP, OUTSIDE])
def test_an_agency_that_knows_no_subject_tells_of_none(play: Play, terms: Terms) -> None:
    play.admit("dks", "skole")
    item = _item(play, key="dks", about=[])
    asked = _asked(play, item, to="skole", terms=terms, by="dks")
    assert not asked.is_allowed and asked.by == asked.bases == ()
    with refused(NotLawful) as caught:
        admit(
            **play.by("dks"),
            agency_id=play.agency("ekp"),
            contact_id=play.cast["ekp"].id,
            terms=terms,
            necessity="EKP kender familien.",
        )
    assert caught.value.finding.outcome in ("undecided", "refused")
    play.disclose(play.people["son"], to="dks")
    assert _asked(play, item, to="skole", by="dks").is_allowed


def test_what_the_agency_that_asks_named_is_answered_by_one_that_knows_no_subject(play: Play) -> None:
    play.admit("dks", "skole")
    item = _item(play, key="dks", about=[])
    assert _asked(play, item, to="vink", by="dks").outcome == "undecided"
    assert _asked(play, item, to="vink", by="dks", asked_about=[play.person("son")]).is_allowed


@pytest.mark.req("R-084", part="in the law of today: the releases that KSP covers")
@pytest.mark.parametrize(
    ("custody", "classified", "said"),
    [
        ("", "at-risk", ("undecided", None)),
        ("remand", "at-risk", ("refused", "not-covered")),
        ("serving", "at-risk", ("refused", "not-covered")),
        ("released", None, ("allowed", None)),
        ("released-remand", None, ("undecided", None)),
        ("released-remand", "neither", ("refused", "not-covered")),
        ("released-remand", "at-risk", ("allowed", None)),
    ],
)
def test_ksp_follows_custody_and_classification(
    play: Play, custody: str, classified: str | None, said: tuple[str, str]
) -> None:
    _change(play.people["son"], custody_status=custody)
    if classified:
        acting = play.by()
        assessing.qualify(**acting, kind="classification", value=classified, reason="Set.", about=play.person("son"))
    finding = _asked(play, _item(play), to="kriminalforsorg", terms=KSP)
    assert _said(finding) == said, finding.sentence.da
    if said[0] == "undecided":
        assert finding.missing and set(finding.missing) <= {"subject.custody", "subject.standing"}


def test_an_unknown_age_is_never_guessed(cast: dict[str, Worker]) -> None:
    play = Play(cast, {"son": a_person("Søn", stated_age="unknown")}).to(Step.RECEIVED)
    _consent(play, "son", to="dks")
    finding = _asked(play, _item(play), to="dks", terms=OUTSIDE)
    assert (finding.outcome, "subject.age" in finding.missing) == ("undecided", True)


def test_who_is_known_to_be_of_age_consents_alone(cast: dict[str, Worker]) -> None:
    play = Play(cast, {"son": a_person("Søn", stated_age="adult")}).to(Step.RECEIVED)
    _consent(play, "son", to="dks")
    assert _asked(play, _item(play), to="dks", terms=OUTSIDE).by == ("consent-gdpr-9",)


def test_records_about_several_persons_need_a_finding_for_each(play: Play) -> None:
    both = _item(play, about=[play.person("son"), play.person("father")])
    for by in ("son", "father"):
        _consent(play, by, to="dks")
    assert _said(_asked(play, both, to="dks", terms=OUTSIDE)) == ("refused", "consent-missing"), "the father's own is missing"
    _consent(play, "father", to="dks", person="father")
    assert _asked(play, both, to="dks", terms=OUTSIDE).outcome == "allowed"
    acting = play.by()
    case = fetch_case(worker=acting["worker"], case_id=play.case_id)
    found = findings_for(
        worker=acting["worker"],
        case=case,
        records=[("cases_item", both.root)],
        to_agency=play.agency("dks"),
        terms=SSP,
        now=play.now,
    )
    assert [one.person for one in found] == [play.person("son"), play.person("father")]


@pytest.mark.req("R-216", part="between agencies of one controller: need to know")
def test_within_one_controller_it_is_need_to_know(play: Play) -> None:
    assert _asked(play, _item(play), to="jobcenter", terms=OUTSIDE).by == ("same-controller",)
    assert _said(_asked(play, _item(play, forum="ssp"), to="jobcenter", terms=OUTSIDE)) == ("refused", "other-forum")


@pytest.mark.req("R-089", part="who is no authority is never told by a forum")
def test_a_housing_company_is_never_told_without_consent_and_not_even_with_it(play: Play) -> None:
    with as_owner():
        Agency.objects.filter(id=play.agency("skole")).update(kind="other", actor="boligselskaber", forums=["ssp"])
    assert _said(_asked(play, _item(play), to="skole")) == ("refused", "outside-recipient")
    for by in ("son", "father"):
        _consent(play, by, to="skole")
    assert _said(_asked(play, _item(play), to="skole", terms=OUTSIDE)) == ("blocked", "doubt")


@pytest.mark.req("R-086")
@pytest.mark.parametrize(
    ("trigger", "danger"), [("serious-violence", "Alvorlig personfarlig kriminalitet"), ("terror", "Terror")]
)
def test_the_value_leap_needs_its_trigger_and_its_weighing_and_keeps_both(
    play: Play, client: Client, trigger: str, danger: str
) -> None:
    play.admit("dks")
    item = _item(play)
    assert _said(_asked(play, item, to="dks", terms=Terms(is_weighed=True))) == ("refused", "consent-missing"), "no trigger"
    assert _said(_asked(play, item, to="dks", terms=Terms(trigger=trigger))) == ("refused", "weighing-missing")
    given = {"records": [("cases_item", item.root)], "to_agency": play.agency("dks")}
    tell(**play.by(), **given, terms=Terms(trigger=trigger, is_weighed=True), necessity=WEIGHED)
    assert _kept(play) == (["value-leap-2026"], WEIGHED)
    worker, _now = play.become("vink")
    [told] = records_of(worker, play.case(), Disclosure)
    assert told.finding["trigger"] == trigger
    client.force_login(worker)
    statement = client.get(reverse("sharing:statement", args=[play.case().matter.reference, told.root])).content.decode()
    assert danger in statement and WEIGHED in statement


@pytest.mark.req("R-100")
@pytest.mark.req("R-087", part="without a clarification in favour the unit's own agencies take part in no forum")
def test_bif_takes_part_only_after_a_clarification(play: Play, cast: dict[str, Worker]) -> None:
    item = _item(play)
    with as_owner():
        Clarification.objects.all().delete()
    assert _said(_asked(play, item, to="dks")) == ("blocked", "doubt")
    jurist, now = play.become("jurist")
    given = {"doubt": "bif-in-forums", "clarified_by": "En jurist i kommunen", "clarified_on": now.date(), "text": "Set efter."}
    reviewing.clarify(worker=jurist, is_in_favour=False, now=now, **given)
    assert _said(_asked(play, item, to="dks")) == ("refused", "not-in-forum")
    jurist, now = play.become("jurist")
    reviewing.clarify(worker=jurist, is_in_favour=True, now=now, **given)
    assert _asked(play, item, to="dks").outcome == "allowed"
    with as_owner():
        settled = Clarification.objects.get(is_in_favour=True)
        open_sealed([settled])
    assert (settled.clarified_by, settled.clarified_on, settled.text, settled.worker_id) == (
        "En jurist i kommunen",
        now.date(),
        "Set efter.",
        jurist.id,
    )


@pytest.mark.req("B-028")
def test_what_nobody_has_signed_carries_nothing(play: Play) -> None:
    for pack in (load_law(pack_id).pack for pack_id in ("dk-2016", "dk-2026")):
        for provision in pack.provisions:
            first, last = pack.validity(provision)
            assert first < last and provision.confidence in words.CONFIDENCES, provision.id
    item = _item(play)
    with as_owner():
        signed = SignOff.objects.get(provision="rpl-115-2", is_signed=True)
        SignOff.objects.filter(provision="rpl-115-2").update(version="another")
    finding = _asked(play, item, to="dks")
    assert (_said(finding), finding.unsigned) == (("blocked", "not-signed"), ("rpl-115-2",))
    assert signed.version != "another"


@pytest.mark.req("R-080", part="what the law does not allow is not done, and names nothing")
def test_what_is_not_allowed_is_not_told(play: Play) -> None:
    play.admit("dks")
    item = _item(play)
    with refused(NotLawful) as caught:
        tell(
            **play.by(),
            records=[("cases_item", item.root)],
            to_agency=play.agency("dks"),
            terms=OUTSIDE,
            necessity="Vi vil gerne.",
        )
    assert "samtykke" in caught.value.sentence
    assert not play.sees("dks", item)
    with refused(NotLawful):
        play_finding = a_finding("none")
        noted = play.by()
        from forebyg.cases.actions import disclosing

        disclosing.disclose(
            **noted,
            records=[("cases_item", item.root)],
            to_agency=play.agency("dks"),
            finding=play_finding,
            necessity="Vi vil gerne.",
        )


@pytest.mark.req("B-020", part="only the owner, and only to who takes part")
def test_only_the_owner_asks_and_only_for_what_is_there(play: Play) -> None:
    play.admit("dks")
    item = _item(play)
    play.disclose(item, to="dks")
    with refused(NotTheOwner):
        _asked(play, item, to="vink", by="dks")
    for unseen in (("cases_item", new_id()), ("cases_task", item.root), ("no_such_table", item.root)):
        acting = play.by()
        case = fetch_case(worker=acting["worker"], case_id=play.case_id)
        with refused(NotVisible):
            finding_for(
                worker=acting["worker"], case=case, records=[unseen], to_agency=play.agency("dks"), terms=SSP, now=play.now
            )
    with refused(RecipientNotAdmitted):
        tell(**play.by(), records=[("cases_item", item.root)], to_agency=play.agency("ssp"), terms=SSP, necessity="Nødvendigt.")


def test_naming_a_person_is_asked_for_each_subject(play: Play) -> None:
    acting = play.by()
    case = fetch_case(worker=acting["worker"], case_id=play.case_id)
    asked = {"worker": acting["worker"], "case": case, "persons": (), "now": play.now}
    assert finding_to_name(**asked, to_agency=play.agency("skole"), terms=SSP).outcome == "allowed"
    assert finding_to_name(**asked, to_agency=play.agency("skole"), terms=OUTSIDE).because == "consent-missing"
    with refused(NotLawful):
        admit(
            **play.by(),
            agency_id=play.agency("skole"),
            contact_id=play.cast["skole"].id,
            terms=OUTSIDE,
            necessity="Skolen kender eleven.",
        )
    assert play.ledger("agency.admitted") == []


@pytest.mark.parametrize(
    ("day", "pack"),
    [
        (datetime.date(2015, 6, 1), "dk-2016"),
        (datetime.date(2016, 5, 1), "dk-2016"),
        (datetime.date(2020, 5, 1), "dk-2016"),
        (datetime.date(2024, 4, 1), "dk-2026"),
        (datetime.date(2030, 1, 1), "dk-2026"),
    ],
)
@pytest.mark.req("R-097", part="the pack in force at the time")
def test_the_pack_of_the_day_is_asked(day: datetime.date, pack: str) -> None:
    assert pack_in_force(day) == pack


# PostgreSQL alone, as the web role


def _insert(play: Play, item: Item, finding: dict[str, Any]) -> None:
    acting = play.by()
    with transaction.atomic():
        Disclosure(
            matter_id=play.matter_id,
            owner_id=play.agency("vink"),
            author_id=acting["worker"].id,
            happened_at=play.now,
            recorded_at=play.now,
            record_table="cases_item",
            record_root=item.root,
            recipient_id=play.agency("dks"),
            finding=finding,
            necessity="Nødvendigt.",
        ).save(force_insert=True)


_KEPT = as_kept(SSP_115, purpose="crime-prevention")


@pytest.mark.req("R-080", part="PostgreSQL refuses a disclosure that no provision carries")
@pytest.mark.parametrize(
    "finding",
    [
        {},
        _KEPT | {"outcome": "refused"},
        _KEPT | {"outcome": "blocked"},
        _KEPT | {"by": []},
        _KEPT | {"by": None},
        _KEPT | {"by": "rpl-115-2"},
        _KEPT | {"purpose": "investigation"},
        as_kept(a_finding("none"), purpose="crime-prevention"),
        {"basis": "rpl-115", "forum": "ssp"},
    ],
    ids=str,
)
def test_postgresql_refuses_a_disclosure_without_a_finding_that_allows_it(play: Play, finding: dict[str, Any]) -> None:
    play.admit("dks")
    item = _item(play)
    with pytest.raises((IntegrityError, ProgrammingError)):
        _insert(play, item, finding)
    _insert(play, item, _KEPT)


@pytest.mark.req("B-028", part="PostgreSQL refuses a disclosure whose provision is not signed off")
@pytest.mark.parametrize("change", ["taken-back", "other-version", "not-named"])
def test_postgresql_refuses_what_nobody_has_signed(play: Play, change: str) -> None:
    play.admit("dks")
    item = _item(play)
    finding = json.loads(json.dumps(_KEPT))
    if change == "taken-back":
        jurist, now = play.become("jurist")
        [basis] = SSP_115.bases
        reviewing.take_back(
            worker=jurist, pack=basis.pack, provision=basis.provision, version=basis.version, note="Lovændring.", now=now
        )
    elif change == "other-version":
        finding["bases"][0]["version"] = "0"
    else:
        finding["by"] = ["rpl-115-9"]
    with pytest.raises(ProgrammingError, match="not signed off"):
        _insert(play, item, finding)


@pytest.mark.req("R-087")
def test_a_doubt_stops_the_sharing_in_its_case(play: Play) -> None:
    play.admit("dks")
    item, elsewhere = _item(play), Play(play.cast).to(Step.RECEIVED)
    raised = reviewing.raise_doubt(**play.by("dks"), text="Må SSP bruges her?")
    assert _said(_asked(play, item, to="dks")) == ("blocked", "doubt")
    with pytest.raises(ProgrammingError, match="doubt"):
        _insert(play, item, _KEPT)
    with pytest.raises(ProgrammingError, match="doubt"), transaction.atomic():
        play.admit("ssp")
    with refused(reviewing.NotYetThen):
        reviewing.clarify_doubt(**play.by(), **_answer(raised.id, clarified_on=play.now.date() + datetime.timedelta(days=2)))
    reviewing.clarify_doubt(**play.by(), **_answer(raised.id, is_in_favour=False))
    assert _said(_asked(play, item, to="dks")) == ("blocked", "doubt"), "a no stops it still"
    reviewing.clarify_doubt(**play.by(), **_answer(raised.id))
    with refused(reviewing.NoDoubt):
        reviewing.clarify_doubt(**play.by(), **_answer(raised.id))
    assert _asked(play, item, to="dks").outcome == "allowed"
    _insert(play, item, _KEPT)
    with as_owner():
        said = DoubtClarified.objects.filter(doubt=raised.id).latest("at", "id")
        open_sealed([said])
    assert (said.is_in_favour, said.clarified_by, said.clarified_on) == (True, "Juridisk kontor", datetime.date(2026, 11, 1))
    assert (said.worker_id, said.agency_id) == (play.cast["vink"].id, play.agency("vink"))
    [event] = play.ledger("doubt.raised")
    assert event.agency_id == play.agency("dks")
    elsewhere.admit("dks")
    assert elsewhere.ledger("doubt.raised") == []


@pytest.mark.req("R-087", part="whoever raised a doubt does not clear it away, in PostgreSQL either")
def test_a_doubt_is_clarified_by_another_than_who_raised_it(play: Play) -> None:
    raised = reviewing.raise_doubt(**play.by(), text="Må SSP bruges her?")
    with refused(reviewing.OwnDoubt):
        reviewing.clarify_doubt(**play.by(), **_answer(raised.id))
    worker, now = play.become("vink")
    said = DoubtClarified(doubt=raised, matter_id=play.matter_id, agency_id=worker.agency_id, worker=worker, at=now)
    said.is_in_favour, said.clarified_on, said.clarified_by, said.text = True, now.date(), "Mig", "Ja."
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        said.save(force_insert=True)
    play.grant("vink-kollega")
    reviewing.clarify_doubt(**play.by("vink-kollega"), **_answer(raised.id))
    assert _said(_asked(play, _item(play), to="dks")) == ("allowed", None)


def _answer(doubt: Any, **values: Any) -> dict[str, Any]:
    given = {
        "doubt": doubt,
        "is_in_favour": True,
        "clarified_by": "Juridisk kontor",
        "clarified_on": datetime.date(2026, 11, 1),
    }
    return {**given, "text": "Set efter.", **values}


def test_a_course_is_not_begun_where_the_law_does_not_carry_the_mentors_access(cast: dict[str, Worker]) -> None:
    play = Play(cast, {"son": a_person("Søn", stated_age="adult")}).to(Step.MEASURES)
    with as_owner():
        SignOff.objects.filter(provision="same-controller").update(is_signed=False)
    acting = play.by()
    offer = measures.make_offer(
        **acting, intervention="mentorstoette", to=play.person("son"), text="", happened_at=acting["now"]
    )
    acting = play.by()
    measures.answer_offer(
        **acting, offer=offer.root, kind="accepted", answered_by=play.person("son"), text="", happened_at=acting["now"]
    )
    acting = play.by()
    with refused(NotLawful):
        measures.start_course(**acting, offer=offer.root, holder_id=cast["mentor"].id, happened_at=acting["now"])


def test_the_web_role_signs_nothing_in_anothers_name_and_nothing_without_the_role(play: Play) -> None:
    for key, name in (("vink", "VINKs medarbejder"), ("jurist", "demo")):
        worker, now = play.become(key)
        with pytest.raises(ProgrammingError), transaction.atomic():
            SignOff(pack="dk-2026", provision="x", version="1", is_signed=True, worker=worker, name=name, at=now, note="").save(
                force_insert=True
            )
    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute("UPDATE sharing_signoff SET is_signed = true")
