"""An authority's own decisions: the law is asked first, and what it does not allow is not recorded as decided."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from conftest import as_owner
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases.actions.consenting import record_consent
from forebyg.cases.finding import NotLawful
from forebyg.cases.models import Task
from forebyg.cases.queries import records_of
from forebyg.cases.rules import InTheFuture, NotAChoice, NotInThisCase, TextMissing
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, born_years_ago, refused
from forebyg.cases.tests.costs import cost_of
from forebyg.core.errors import NotPermitted
from forebyg.core.ids import new_id
from forebyg.people.models import Consent, Relation
from forebyg.sharing.measures.actions import decide_measure
from forebyg.sharing.measures.judging import Wanted, tools_on
from forebyg.sharing.models import MeasureDecision, SignOff
from forebyg.sharing.tests.pages import Page

MENTORING, COACHING = "mentorstoette", "foraeldrecoaching"
WHY = "Fraværet fortsætter, og samtaler har ikke hjulpet."
DECIDED = "Besluttet på mødet med familien."
TOOLSET = {
    "child-examination": ("sel-50", "bl-18-20"),
    "examination-without-consent": ("sel-51", "bl-23"),
    "support-measure": ("sel-52", "bl-32"),
    "parental-order": ("sel-57a", "bl-38"),
    "youth-order": ("sel-57b", "bl-39"),
    "placement-without-consent": ("sel-58", "bl-47"),
}
"""The toolset for those under 18, in 2016 and today."""


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case about a son of 16 and his father, of which social services know who they are."""
    return _known_to(Play(cast).to(Step.RECEIVED), "sof")


def _known_to(play: Play, key: str) -> Play:
    play.admit(key)
    worker, _now = play.become("vink")
    play.disclose(*play.people.values(), *records_of(worker, play.case(), Relation), to=key)
    return play


def _grown_up(cast: dict[str, Worker], key: str) -> Play:
    today = Play(cast).now.date()
    return _known_to(Play(cast, {"man": a_person("Mand", born_on=born_years_ago(24, today))}).to(Step.RECEIVED), key)


def _agrees(play: Play, *by: str, person: str = "son", key: str = "sof", answer: str = "given", to: str = MENTORING) -> None:
    for one in by:
        acting = play.by(key)
        consent = Consent(
            kind="take-part",
            person=play.person(person),
            answered_by=play.person(one),
            answer=answer,
            intervention=to,
            recipient=None,
            text="Vil du være med?",
        )
        record_consent(**acting, consent=consent, happened_at=acting["now"])


def _decide(
    play: Play, measure: str, provision: str, *, key: str = "sof", person: str = "son", **values: Any
) -> MeasureDecision:
    acting = play.by(key)
    weighing = values.pop("weighing", WHY)
    given = {"purpose": "child-welfare", "decided_at": acting["now"], "is_weighed": bool(weighing)} | values
    wanted = Wanted(person=play.person(person), measure=measure, provision=provision, **given)
    return decide_measure(**acting, wanted=wanted, weighing=weighing, text=DECIDED)


def _refusal(play: Play, measure: str, provision: str, **values: Any) -> str | None:
    with refused(NotLawful) as caught:
        _decide(play, measure, provision, **values)
    assert caught.value.finding.sentence.da == caught.value.sentence
    return caught.value.finding.because


def _form(play: Play, measure: str, provision: str, person: str = "son", **values: Any) -> dict[str, Any]:
    moment = timezone.localtime(play.now).strftime("%Y-%m-%dT%H:%M:%S")
    given = {"about": str(play.person(person)), "tool": f"{measure}:{provision}", "grounds": [], "cooperation": ""}
    return {**given, "purpose": "child-welfare", "weighing": "", "intervention": "", "decided_at": moment, **values}


def _decisions() -> list[MeasureDecision]:
    with as_owner():
        return list(MeasureDecision.objects.order_by("recorded_at"))


# The toolset under 18


@pytest.mark.req("R-094")
def test_the_toolset_under_18_is_decided_by_social_services_and_kept_as_their_record(play: Play, client: Client) -> None:
    for moment, place in ((datetime.date(2016, 5, 10), 0), (datetime.date(2026, 11, 23), 1)):
        named = {tool.measure: tool.provision.id for tool in tools_on(moment)}
        assert {measure: named[measure] for measure in TOOLSET} == {measure: ids[place] for measure, ids in TOOLSET.items()}
    _agrees(play, "son", "father")
    grounds = ["truancy", "obvious-risk-of-serious-harm", "special-support-need"]
    for measure, (_then, provision) in TOOLSET.items():
        form = _form(play, measure, provision, grounds=grounds, weighing=WHY, intervention=MENTORING)
        page = Page(client, play, "afgoerelse", "vink").send(**form)
        assert "Det afgør en anden myndighed." in page.text and page.hidden("shown") == "", measure
        before = len(_decisions())
        page = Page(client, play, "afgoerelse", "sof").send(**form)
        assert page.answer.status_code == 200 and "Lovligt" in page.text, measure
        assert "barnets lovs §" in page.text and "dk-2026" in page.text and "Betingelser" in page.text
        assert len(_decisions()) == before, "shown before anything happens"
        page.send(**form, text=DECIDED)
        assert page.answer.status_code == 302, measure
        kept = _decisions()[-1]
        assert (kept.measure, kept.provision, kept.finding["by"]) == (measure, provision, [provision])
        assert (kept.finding["pack"], kept.finding["pack_version"]) == ("dk-2026", "1.1.0")
        assert kept.finding["bases"][0]["version"] and kept.grounds == grounds
        assert (kept.owner_id, kept.readers, kept.about) == (play.agency("sof"), [play.agency("sof")], [play.person("son")])
        assert play.sees("sof", kept) and not play.sees("vink", kept)
    assert [event.agency_id for event in play.ledger("measure.decided")] == [play.agency("sof")] * len(TOOLSET)
    assert [fact.codes["measure"] for fact in play.facts("measure-decision")] == list(TOOLSET)
    titles = [entry.codes["measure"] for entry in play.timeline("sof") if entry.kind == "measure"]
    assert sorted(titles) == sorted(TOOLSET)


def test_the_tab_shows_the_decision_with_its_provision_to_who_reads_it(play: Play, client: Client) -> None:
    kept = _decide(play, "child-examination", "bl-18-20", grounds=("truancy",))
    address = reverse("cases:measures", args=[play.case("sof").matter.reference])
    for key, is_shown in (("sof", True), ("vink", False)):
        client.force_login(play.cast[key])
        shown = client.get(address).content.decode()
        assert (DECIDED in shown) is is_shown, key
        [*_, seen] = play.ledger("case.seen")
        assert (kept.root in seen.record_ids) is is_shown
    client.force_login(play.cast["sof"])
    shown = re.sub(r"<[^>]+>", " ", client.get(address).content.decode())
    for words in (
        "Børnefaglig undersøgelse – Søn",
        "Barnets lovs §§ 18-20",
        "Ulovligt skolefravær",
        WHY,
        "dk-2026 1.1.0, bl-18-20",
    ):
        assert words in shown, words
    play.disclose(kept, to="vink", by="sof")
    assert play.sees("vink", kept), "the owner may tell it on"


@pytest.mark.req("R-094", part="only what a signed provision carries is a decision")
def test_postgresql_refuses_a_decision_that_no_signed_provision_carries(play: Play, cast: dict[str, Worker]) -> None:
    kept = _decide(play, "child-examination", "bl-18-20", grounds=("truancy",))
    worker, now = play.become("sof")
    wrong = {
        "refused": kept.finding | {"outcome": "refused"},
        "another": kept.finding | {"by": ["bl-38"]},
        "changed": kept.finding | {"bases": [kept.finding["bases"][0] | {"version": "0" * 12}]},
    }
    for name, finding in wrong.items():
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            MeasureDecision(
                matter_id=play.matter_id,
                owner_id=worker.agency_id,
                author_id=worker.id,
                happened_at=now,
                recorded_at=now,
                about=kept.about,
                measure=kept.measure,
                provision=kept.provision,
                finding=finding,
                weighing="",
                text=name,
            ).save(force_insert=True)
    with as_owner():
        SignOff.objects.filter(provision="bl-18-20").update(is_signed=False)
    assert _refusal(play, "child-examination", "bl-18-20", grounds=("truancy",)) == "not-signed"


def test_what_is_about_nobody_here_or_not_yet_or_without_words_is_refused(play: Play) -> None:
    with refused(NotInThisCase):
        acting = play.by("sof")
        wanted = Wanted(new_id(), "child-examination", "bl-18-20", "child-welfare", acting["now"], grounds=("truancy",))
        decide_measure(**acting, wanted=wanted, weighing="", text=DECIDED)
    with refused(InTheFuture):
        _decide(play, "child-examination", "bl-18-20", grounds=("truancy",), decided_at=play.now + datetime.timedelta(days=1))
    with refused(TextMissing):
        acting = play.by("sof")
        wanted = Wanted(play.person("son"), "child-examination", "bl-18-20", "child-welfare", acting["now"], ("truancy",))
        decide_measure(**acting, wanted=wanted, weighing="", text="  ")
    for wrong in ({"purpose": "hævn"}, {"grounds": ("tro",)}, {"cooperation": "måske"}):
        with refused(NotAChoice):
            _decide(play, "child-examination", "bl-18-20", **wrong)
    with refused(NotAChoice):
        _decide(play, "overvågning", "bl-18-20")
    with refused(NotPermitted):
        play.grant("mentor", participant=play.person("son"))
        _decide(play, "child-examination", "bl-18-20", key="mentor", grounds=("truancy",))
    assert _decisions() == []


def test_a_confirmation_stands_only_for_what_was_shown_and_a_second_click_decides_nothing_twice(
    play: Play, client: Client
) -> None:
    form = _form(play, "child-examination", "bl-18-20", grounds=["truancy"])
    page = Page(client, play, "afgoerelse", "sof").send(**form)
    shown = {name: page.hidden(name) for name in ("token", "seen", "shown")}
    page.send(**form | {"grounds": ["suspected-offence"]}, text=DECIDED)
    assert page.answer.status_code in (409, 422) and _decisions() == []
    for _click in range(2):
        assert client.post(page.address, shown | form | {"text": DECIDED}).status_code == 302
        play.pass_time(seconds=1)
    assert len(_decisions()) == 1
    for wrong in (
        {"about": str(new_id())},
        {"tool": "parental-order:sel-12b"},
        {"grounds": ["mistanke"]},
        {"decided_at": "i går"},
    ):
        assert Page(client, play, "afgoerelse", "sof").send(**form | wrong).answer.status_code == 422, wrong


def test_the_form_costs_the_same_however_many_persons_and_decisions_there_are(play: Play, client: Client) -> None:
    client.force_login(play.cast["sof"])
    address = reverse("cases:measures", args=[play.case("sof").matter.reference])
    _decide(play, "child-examination", "bl-18-20", grounds=("truancy",))
    client.get(address)
    one = cost_of(lambda: client.get(address)).queries
    for _more in range(3):
        _decide(play, "child-examination", "bl-18-20", grounds=("truancy",))
    client.get(address)
    assert cost_of(lambda: client.get(address)).queries == one


# Orders


@pytest.mark.req("R-096")
def test_a_parental_order_is_examined_case_by_case_and_never_comes_by_itself(play: Play, client: Client) -> None:
    with as_owner():
        tasks = Task.objects.count()
    form = _form(play, "parental-order", "bl-38")
    page = Page(client, play, "afgoerelse", "sof")
    page.send(**form | {"grounds": ["radicalisation"], "cooperation": "cooperates", "weighing": WHY})
    assert "Ingen af de grunde, som loven kræver, er til stede." in page.text
    assert "Loven kræver en af disse grunde: Ulovligt skolefravær" in page.text
    assert page.hidden("shown") == ""
    page.send(**form | {"cooperation": "refused"})
    assert "Afvejningen er ikke skrevet ned." in page.text and "Skriv afvejningen" in page.text
    page.answer = client.post(page.address, form | {"cooperation": "refused", "shown": "x", "text": DECIDED, "seen": "0"})
    assert page.answer.status_code in (409, 422)
    assert _decisions() == [], "that they refuse to cooperate orders nothing by itself"
    weighed = form | {"cooperation": "refused", "weighing": WHY}
    page = Page(client, play, "afgoerelse", "sof").send(**weighed)
    assert "Hver sag afvejes for sig, aldrig automatisk." in page.text and WHY in page.text
    page.send(**weighed, text=DECIDED)
    assert page.answer.status_code == 302
    [kept] = _decisions()
    assert (kept.measure, kept.cooperation, kept.finding["by"]) == ("parental-order", "refused", ["bl-38"])
    worker, _now = play.become("sof")
    [opened] = records_of(worker, play.case("sof"), MeasureDecision)
    assert (opened.weighing, opened.text) == (WHY, DECIDED)
    with as_owner():
        assert Task.objects.count() == tasks
    asked = [(event.codes["outcome"], event.codes["because"]) for event in play.ledger("measure.considered")]
    assert asked == [("refused", "trigger-missing"), ("refused", "weighing-missing"), ("allowed", "")]


@pytest.mark.req("R-096", part="a youth order has a listed ground and its weighing")
def test_a_youth_order_needs_more_than_a_refusal(play: Play) -> None:
    assert _refusal(play, "youth-order", "bl-39", cooperation="refused") == "trigger-missing"
    assert _refusal(play, "youth-order", "bl-39", grounds=("truancy",), weighing="") == "weighing-missing"
    assert _decide(play, "youth-order", "bl-39", grounds=("truancy",)).weighing


# Counselling under section 12 b


@pytest.mark.req("R-092", part="in a case an approach asks for no consent, and a measure for those on record")
def test_an_approach_needs_no_consent_and_a_measure_the_one_on_record(play: Play) -> None:
    assert _decide(play, "approach", "sel-12b", key="vink").finding["by"] == ["sel-12b"]
    assert _refusal(play, "mentor", "sel-12b", intervention=MENTORING) == "consent-missing"
    _agrees(play, "son")
    assert _refusal(play, "mentor", "sel-12b", intervention=MENTORING) == "consent-missing", "the father was not asked"
    _agrees(play, "father")
    assert _refusal(play, "mentor", "sel-12b", intervention=COACHING) == "consent-missing", "a yes to another measure"
    assert _refusal(play, "mentor", "sel-12b") == "consent-missing"
    yesterday = play.now - datetime.timedelta(days=1)
    assert _refusal(play, "mentor", "sel-12b", intervention=MENTORING, decided_at=yesterday) == "consent-missing"
    assert _decide(play, "mentor", "sel-12b", intervention=MENTORING).intervention == MENTORING
    _agrees(play, "father", answer="withdrawn")
    assert _refusal(play, "mentor", "sel-12b", intervention=MENTORING) == "consent-refused"


@pytest.mark.req("R-092")
def test_someone_of_age_is_approached_without_consent_and_gets_a_measure_only_with_it(cast: dict[str, Worker]) -> None:
    play = _grown_up(cast, "sof")
    given: dict[str, Any] = {"key": "vink", "person": "man", "purpose": "support"}
    assert _decide(play, "approach", "sel-12b", **given).finding["by"] == ["sel-12b"]
    for measure in ("counselling", "mentor", "exit"):
        assert _refusal(play, measure, "sel-12b", intervention=MENTORING, **given) == "consent-missing", measure
    _agrees(play, "man", person="man", key="vink")
    for measure in ("counselling", "mentor", "exit"):
        assert _decide(play, measure, "sel-12b", intervention=MENTORING, **given).finding["by"] == ["sel-12b"], measure


def test_a_parent_coach_rests_on_the_parents_own_yes(play: Play) -> None:
    assert _refusal(play, "parent-coach", "sel-12b", intervention=COACHING) == "consent-missing"
    _agrees(play, "father", person="father", to=COACHING)
    assert _decide(play, "parent-coach", "sel-12b", intervention=COACHING).about == [play.person("son")]


# The Active Employment Act


@pytest.mark.req("R-095")
def test_the_job_centre_offers_measures_of_the_employment_act_to_a_grown_up(cast: dict[str, Worker], client: Client) -> None:
    play = _grown_up(cast, "jobcenter")
    then = {tool.provision.id for tool in tools_on(datetime.date(2016, 5, 10)) if tool.measure == "employment-measure"}
    now = [tool.provision.id for tool in tools_on(datetime.date(2026, 11, 23)) if tool.measure == "employment-measure"]
    assert (then, now) == ({"lab-9b-12"}, ["lab-167", "lab-91", "lab-57", "lab-63"]), "mentor, guidance, placement, subsidy"
    form = {"person": "man", "purpose": "employment", "intervention": MENTORING}
    page = Page(client, play, "afgoerelse", "jobcenter").send(**_form(play, "employment-measure", "lab-57", **form))
    assert "Der mangler samtykke." in page.text and "Få samtykke til at deltage" in page.text
    _agrees(play, "man", person="man", key="jobcenter")
    for provision in now:
        page = Page(client, play, "afgoerelse", "jobcenter").send(**_form(play, "employment-measure", provision, **form))
        assert "Lovligt" in page.text and "lov om en aktiv beskæftigelsesindsats, §" in page.text
        page.send(**_form(play, "employment-measure", provision, **form), text=DECIDED)
        assert page.answer.status_code == 302, provision
    assert [(kept.provision, kept.finding["by"], kept.owner_id) for kept in _decisions()] == [
        (provision, [provision], play.agency("jobcenter")) for provision in now
    ]
    assert (
        _refusal(play, "employment-measure", "lab-57", key="jobcenter", person="man", purpose="crime-prevention") == "purpose"
    )
    assert _refusal(play, "employment-measure", "lab-57", key="vink", person="man", purpose="employment") == "wrong-authority"
    unread = {kept.provision: kept.finding["bases"][0]["confidence"] for kept in _decisions()}
    assert unread == {"lab-167": "seen", "lab-91": "knowledge", "lab-57": "seen", "lab-63": "knowledge"}


def test_who_is_known_by_no_age_or_guardian_is_asked_about_first(cast: dict[str, Worker]) -> None:
    play = _known_to(Play(cast, {"girl": a_person("Pige", stated_age="minor")}).to(Step.RECEIVED), "sof")
    with refused(NotLawful) as caught:
        _decide(play, "child-examination", "bl-18-20", person="girl", grounds=("truancy",))
    assert (caught.value.finding.outcome, caught.value.finding.missing) == ("undecided", ("subject.age",))
    assert _decisions() == []
