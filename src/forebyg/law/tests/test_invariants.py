"""What holds for every question that can be put, whatever its facts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from forebyg.law import Consent, Exchange, Finding, Law, Measure, load_law, words
from forebyg.law.engine import rules_of
from forebyg.law.tests import drawn

LAWS = {pack: load_law(pack).signed_throughout("legal reviewer") for pack in drawn.MOMENTS}
LAWFUL_WITHOUT_MORE = {"consent", "value-leap"}
"""Steps that may carry what came under a forum out of it."""


def always(test: Callable[[st.DataObject], None]) -> Callable[[], None]:
    """Whatever is drawn; how long that takes says nothing."""
    return settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])(
        given(st.data())(test)
    )


def drawn_question(data: st.DataObject, *, missing: bool = False, **fixed: Any) -> tuple[Law, Exchange]:
    pack = data.draw(drawn.PACKS)
    return LAWS[pack], data.draw(drawn.exchanges(pack, missing=missing, **fixed))


def any_question(data: st.DataObject, *, missing: bool = True) -> tuple[Law, Exchange | Measure]:
    pack = data.draw(drawn.PACKS)
    questions = drawn.exchanges(pack, missing=missing) | drawn.measures(pack, missing=missing)
    return LAWS[pack], data.draw(questions)


def steps_of(law: Law, finding: Finding) -> set[str]:
    return {gate.step for one in law.pack.provisions if one.id in finding.by for gate in one.exchange}


@pytest.mark.req("R-081", "R-088", part="never for investigation")
@always
def test_nothing_is_ever_allowed_for_investigation(data: st.DataObject) -> None:
    law, exchange = drawn_question(data, missing=True, purpose=st.just("investigation"))
    finding = law.judge(exchange)
    assert (finding.outcome, finding.because) == ("refused", "investigation")


@always
def test_nothing_ever_goes_to_or_comes_from_the_intelligence_service(data: st.DataObject) -> None:
    side = data.draw(st.sampled_from(["from_", "to"]))
    law, exchange = drawn_question(data, missing=True, **{side: drawn.parties([words.PET])})
    finding = law.judge(exchange)
    assert (finding.outcome, finding.because) == ("refused", "pet")


@pytest.mark.req("R-091")
@pytest.mark.req("R-089", part="who is outside is told nothing without a consent to share")
@always
def test_an_outside_recipient_is_told_nothing_without_a_share_consent(data: st.DataObject) -> None:
    law, exchange = drawn_question(
        data,
        to=drawn.parties(list(words.OUTSIDE)) | drawn.parties(list(words.ON_PUBLIC_TASK)).map(_without_public_task),
    )
    finding = law.judge(exchange)
    given_share = any(consent.kind == "share" and consent.answer == "given" for consent in exchange.consents)
    assert not finding.is_allowed or given_share
    if finding.is_allowed and exchange.to.kind == "housing-company":
        assert "housing-release-notice" in exchange.clarified


def _without_public_task(party: Any) -> Any:
    return dataclasses.replace(party, public_task=False)


@pytest.mark.req("R-090")
@always
def test_knowledge_from_outside_always_comes_in_and_nothing_goes_back(data: st.DataObject) -> None:
    outside = drawn.parties([*words.OUTSIDE, "parent", "close-person", "citizen"])
    law, exchange = drawn_question(
        data, from_=outside, to=drawn.parties(list(words.PUBLIC_AUTHORITIES)), need=st.just("written"), doubt=st.just(False)
    )
    assert law.judge(exchange).by == ("inbound",)
    back = law.judge(dataclasses.replace(exchange, from_=exchange.to, to=exchange.from_, consents=()))
    if exchange.from_.kind in words.OUTSIDE:
        assert not back.is_allowed


@pytest.mark.req("R-081", "R-085", part="forums do not flow into each other")
@always
def test_what_came_under_a_forum_leaves_it_by_consent_value_leap_or_notification_alone(data: st.DataObject) -> None:
    law, exchange = drawn_question(
        data, from_=drawn.parties(list(words.PUBLIC_AUTHORITIES)), received_under=st.sampled_from(words.COOPERATIONS)
    )
    finding = law.judge(exchange)
    if not finding.is_allowed:
        return
    assert "not-for-investigation" in finding.marks
    stays = exchange.forum == exchange.received_under or finding.by in (
        ("same-controller",),
        ("own-information",),
        ("underretning",),
    )
    assert stays or steps_of(law, finding) <= LAWFUL_WITHOUT_MORE
    if finding.by == ("same-controller",):
        assert exchange.received_under in (exchange.to.forums or ())


@pytest.mark.req("R-087", part="a doubt that is not clarified is never allowed")
@always
def test_a_doubt_that_is_not_clarified_is_never_allowed(data: st.DataObject) -> None:
    law, exchange = drawn_question(data, doubt=st.just(True))
    finding = law.judge(exchange)
    assert not finding.is_allowed or finding.by in (("own-information",), ("inbound",))


@pytest.mark.req("R-100", part="whom the law does not name takes part only when that is clarified")
@always
def test_a_party_that_the_law_does_not_name_takes_part_in_a_forum_only_when_that_is_clarified(data: st.DataObject) -> None:
    unnamed = ["employment", "prevention-unit", "secretariat", "specialist"]
    law, exchange = drawn_question(data, from_=drawn.parties(unnamed), to=drawn.parties(list(words.PUBLIC_AUTHORITIES)))
    finding = law.judge(exchange)
    if any(mark.startswith("forum:") for mark in finding.marks) and finding.by != ("same-controller",):
        assert "bif-in-forums" in exchange.clarified
        assert "bif-in-forums" not in exchange.refused_clarifications


@pytest.mark.req("R-083", part="without consent nobody but the police, for crime prevention")
@always
def test_only_the_police_tell_an_adults_relatives_without_consent(data: st.DataObject) -> None:
    law, exchange = drawn_question(
        data,
        from_=drawn.parties(list(words.PUBLIC_AUTHORITIES)),
        to=drawn.parties(["parent", "close-person"]),
        subject=drawn.subjects(drawn.ADULT_AGES),
        consents=st.just(()),
    )
    finding = law.judge(exchange)
    if finding.is_allowed:
        assert (exchange.from_.kind, exchange.purpose, finding.by) == ("police", "crime-prevention", ("rpl-115a",))


@pytest.mark.req("R-086", part="never without trigger and written weighing")
@always
def test_the_value_leap_never_carries_without_trigger_and_written_weighing(data: st.DataObject) -> None:
    law, exchange = drawn_question(data)
    finding = law.judge(exchange)
    if {"pdl-8-vaerdispring", "value-leap-2026"} & set(finding.by):
        assert exchange.trigger is not None
        assert exchange.trigger.weighing == "written"


@pytest.mark.req("B-020", part="no duty to disclose")
@always
def test_nobody_ever_has_a_duty_to_disclose(data: st.DataObject) -> None:
    law, question = any_question(data)
    finding = law.judge(question)
    assert finding.duty is False
    assert finding.as_json()["duty"] is False


@pytest.mark.req("B-031", part="consents kept apart")
@always
def test_one_kind_of_consent_never_stands_for_the_other(data: st.DataObject) -> None:
    law, question = any_question(data)
    other_kind = "take-part" if isinstance(question, Exchange) else "share"
    others = tuple(Consent(kind=other_kind, by=by, answer="given") for by in words.CONSENT_GIVERS)
    own = tuple(consent for consent in question.consents if consent.kind != other_kind)
    assert law.judge(dataclasses.replace(question, consents=(*own, *others))) == law.judge(
        dataclasses.replace(question, consents=own)
    )


@pytest.mark.req("R-092", part="a voluntary measure is never allowed without a yes to take part")
@always
def test_a_voluntary_measure_is_never_allowed_without_a_yes_to_take_part(data: st.DataObject) -> None:
    pack = data.draw(drawn.PACKS)
    voluntary = ["counselling", "mentor", "exit", "parent-coach", "support-measure", "employment-measure"]
    measure = data.draw(drawn.measures(pack, missing=True, measure=st.sampled_from(voluntary)))
    finding = LAWS[pack].judge(measure)
    assert not finding.is_allowed or any(one.kind == "take-part" and one.answer == "given" for one in measure.consents)


@pytest.mark.req("R-096", part="radicalisation alone is no ground")
@always
def test_radicalisation_alone_never_grounds_an_order(data: st.DataObject) -> None:
    pack = data.draw(drawn.PACKS)
    orders = ["parental-order", "youth-order", "placement-without-consent", "examination-without-consent", "child-examination"]
    measure = data.draw(
        drawn.measures(
            pack,
            measure=st.sampled_from(orders),
            grounds=st.just(("radicalisation",)),
            cooperation=st.sampled_from(["cooperates", "partly"]),
        )
    )
    assert not LAWS[pack].judge(measure).is_allowed


@pytest.mark.req("R-096", part="no order whose weighing is not written")
@always
def test_no_order_is_ever_given_without_a_written_weighing(data: st.DataObject) -> None:
    pack = data.draw(drawn.PACKS)
    orders = st.sampled_from(["parental-order", "youth-order"])
    finding = LAWS[pack].judge(data.draw(drawn.measures(pack, missing=True, measure=orders, weighing=st.just("missing"))))
    assert finding.outcome in ("refused", "undecided")


@pytest.mark.req("R-094", part="a decision rests on the provision that is meant, or on none")
@always
def test_a_measure_rests_on_the_provision_that_is_meant_and_on_no_other(data: st.DataObject) -> None:
    pack = data.draw(drawn.PACKS)
    meant = data.draw(st.sampled_from([one.id for one in LAWS[pack].pack.provisions]))
    measure = data.draw(drawn.measures(pack, missing=True, provision=st.just(meant)))
    finding, freely = LAWS[pack].judge(measure), LAWS[pack].judge(dataclasses.replace(measure, provision=None))
    assert set(finding.by) <= {meant}
    assert not finding.is_allowed or freely.is_allowed


@pytest.mark.req("R-223", part="the tools of the law for children end at 18")
@always
def test_an_adult_never_meets_the_tools_for_children(data: st.DataObject) -> None:
    pack = data.draw(drawn.PACKS)
    tools = [
        "child-examination",
        "examination-without-consent",
        "support-measure",
        "parental-order",
        "youth-order",
        "placement-without-consent",
    ]
    adults = drawn.subjects(drawn.ADULT_AGES)
    assert not LAWS[pack].judge(data.draw(drawn.measures(pack, measure=st.sampled_from(tools), subject=adults))).is_allowed


@pytest.mark.req("B-028", part="an unsigned provision carries nothing")
@always
def test_taking_signatures_away_never_allows_more(data: st.DataObject) -> None:
    law, question = any_question(data)
    whole = law.judge(question)
    kept = data.draw(st.sets(st.sampled_from(law.versions)))
    finding = law.signed(dict.fromkeys(kept, "legal reviewer")).judge(question)
    assert not finding.is_allowed or whole.is_allowed or whole.outcome == "undecided"
    assert set(finding.by) <= {provision for provision, _ in kept}
    if not kept:
        assert not finding.is_allowed


@always
def test_the_same_question_gets_the_same_finding(data: st.DataObject) -> None:
    law, question = any_question(data)
    again = Law(rules_of(law.pack.meta.id), dict.fromkeys(law.versions, "legal reviewer"))
    assert law.judge(question) == law.judge(question) == again.judge(question)


@always
def test_every_finding_says_why_or_by_what(data: st.DataObject) -> None:
    law, question = any_question(data)
    finding = law.judge(question)
    assert bool(finding.by) == (finding.outcome == "allowed") == bool(finding.bases)
    assert (finding.because is not None) == (finding.outcome in ("refused", "blocked"))
    assert bool(finding.missing) == (finding.outcome == "undecided")
    assert finding.because in (None, *words.REASONS)
    assert set(finding.remedies) <= set(words.REMEDIES)
    for sentence in (finding.sentence.da, finding.sentence.en):
        assert sentence[0].isupper()
        assert sentence.endswith((".", ")."))
        assert "{" not in sentence


# --- facts that are missing


_FIELDS = {"from.": "from_", "to.": "to", "by.": "by", "subject.": "subject", "trigger.": "trigger"}


def with_fact(question: Any, path: str, value: Any) -> Any:
    """The question with one more fact."""
    for prefix, field in _FIELDS.items():
        if path.startswith(prefix):
            part = dataclasses.replace(getattr(question, field), **{path.removeprefix(prefix): value})
            return dataclasses.replace(question, **{field: part})
    return dataclasses.replace(question, **{path: value})


_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "controller": st.sampled_from(["one", "another"]),
    "forums": st.sampled_from([(), ("ssp",), words.COOPERATIONS]),
    "public_task": st.booleans(),
    "age": drawn.AGES,
    "custody": st.sampled_from(words.CUSTODIES),
    "standing": st.sampled_from(words.STANDINGS),
    "exposed": st.booleans(),
    "guardians": st.sampled_from([1, 2]),
    "forum": st.sampled_from(words.FORUMS),
    "received_under": st.sampled_from(words.FORUMS),
    "categories": st.lists(st.sampled_from(words.CATEGORIES), min_size=1, unique=True).map(tuple),
    "kind": st.sampled_from(words.TRIGGERS),
    "weighing": st.sampled_from(words.WRITTEN),
    "purpose": st.sampled_from(words.PURPOSES[:-1]),
    "grounds": st.sampled_from([(), *((ground,) for ground in words.GROUNDS)]),
    "cooperation": st.sampled_from(words.COOPERATION),
}


@pytest.mark.req("R-099", part="never a guess")
@always
def test_stating_what_is_missing_decides_in_the_end(data: st.DataObject) -> None:
    law, question = any_question(data)
    assume(law.judge(question).outcome == "undecided")
    for _ in range(len(question.as_facts())):
        finding = law.judge(question)
        if finding.outcome != "undecided":
            return
        path = finding.missing[0]
        question = with_fact(question, path, data.draw(_VALUES[path.rsplit(".", 1)[-1]]))
    raise AssertionError(f"still undecided: {finding.missing}")


@always
def test_a_decided_finding_stays_whatever_the_missing_facts_turn_out_to_be(data: st.DataObject) -> None:
    law, question = any_question(data)
    before = law.judge(question)
    assume(before.outcome != "undecided")
    for path, value in question.as_facts().items():
        name = path.rsplit(".", 1)[-1]
        has_its_part = not path.startswith("trigger.") or question.as_facts()["trigger"]
        if value is None and name in _VALUES and has_its_part:
            question = with_fact(question, path, data.draw(_VALUES[name]))
    after = law.judge(question)
    assert after.outcome == before.outcome
    assert set(before.by) <= set(after.by)
