"""What a finding tells: bases as they were signed, conditions, confidence, remedies and sentences; and who may carry it."""

from __future__ import annotations

import dataclasses
import datetime
import json
import subprocess
import sys
from typing import Any

import pytest

from forebyg.law import Consent, Exchange, Measure, Party, Subject, Trigger, load_law, pack_ids, pages, words
from forebyg.law.schema import Pack
from forebyg.law.sentences import texts

LAW = load_law("dk-2026").signed_throughout("juridisk godkender")
DAY = datetime.date(2026, 5, 1)
ALL = words.COOPERATIONS
SCHOOL = Party(kind="school", controller="skoleforvaltningen", forums=("ssp",))
POLICE = Party(kind="police", controller="politiet", forums=ALL)
IN_SSP = Exchange(
    from_=SCHOOL,
    to=POLICE,
    forum="ssp",
    subject=Subject(age=16, guardians=1),
    purpose="crime-prevention",
    categories=("private",),
    moment=DAY,
)


def with_facts(**facts: Any) -> Exchange:
    return dataclasses.replace(IN_SSP, **facts)


@pytest.mark.req("B-021", part="the finding names provision, version and conditions")
@pytest.mark.req("R-097", part="the version in force at the moment")
def test_a_basis_shows_the_provision_as_it_was_signed() -> None:
    (basis,) = LAW.judge(IN_SSP).bases
    assert (basis.provision, basis.pack, basis.pack_version) == ("rpl-115-2", "dk-2026", "1.1.0")
    assert (basis.provision, basis.version) in LAW.versions
    assert basis.citation.da == "retsplejelovens § 115, stk. 2"
    assert basis.conditions[0].en == "Only between authorities of the same cooperation."
    assert "investigation" in basis.purpose_limit.en
    assert basis.signed_by == "juridisk godkender"


@pytest.mark.req("B-022", part="the finding gives the mark")
@pytest.mark.req("R-082", part="the finding gives the mark")
def test_what_a_forum_carries_is_marked_with_it_and_not_for_investigation() -> None:
    assert LAW.judge(IN_SSP).marks == ("not-for-investigation", "forum:ssp")


def test_when_it_is_not_known_where_it_was_told_the_purpose_mark_is_kept() -> None:
    told_the_citizen = with_facts(to=Party(kind="citizen"), received_under=None)
    assert LAW.judge(told_the_citizen).marks == ("not-for-investigation",)


@pytest.mark.req("B-028", part="confidence is marked")
def test_a_provision_whose_text_nobody_read_is_marked() -> None:
    finding = LAW.judge(IN_SSP)
    assert finding.unconfirmed == ("rpl-115-2",)
    assert "The text of the law was not read" in finding.sentence.en
    to_social_services = with_facts(
        to=Party(kind="social-services", controller="socialforvaltningen"), forum="none", purpose="child-welfare"
    )
    finding = LAW.judge(to_social_services)
    assert "underretning" not in finding.unconfirmed
    assert "was not read" not in finding.sentence.en


@pytest.mark.req("B-028", part="what nobody signed carries nothing")
def test_without_a_signature_the_finding_is_blocked_and_names_what_to_sign() -> None:
    finding = load_law("dk-2026").judge(IN_SSP)
    assert (finding.outcome, finding.because, finding.unsigned) == ("blocked", "not-signed", ("rpl-115-2",))
    assert finding.remedies == ("sign-provision",)


@pytest.mark.req("B-028", part="a signature holds for one version")
def test_a_signature_of_another_version_counts_for_nothing() -> None:
    versions = dict(LAW.versions)
    assert LAW.signed({("rpl-115-2", versions["rpl-115-2"]): "nogen"}).judge(IN_SSP).is_allowed
    assert not LAW.signed({("rpl-115-2", "0123456789ab"): "nogen"}).judge(IN_SSP).is_allowed


@pytest.mark.parametrize(
    ("part", "changes"),
    [("provisions", {"rpl-115-2"}), ("forums", {"rpl-115-1-ssp", "rpl-115-2", "rpl-115-3"}), ("consent_rules", None)],
)
def test_a_version_changes_with_all_that_the_provision_rests_on_and_nothing_else(part: str, changes: set[str] | None) -> None:
    plain = json.loads(LAW.pack.model_dump_json(by_alias=True))
    at = next(index for index, one in enumerate(plain[part]) if one["id"] in ("rpl-115-2", "ssp", "the-person"))
    plain[part][at]["name"]["da"] += "!"
    changed = Pack.model_validate_json(json.dumps(plain))
    before = {provision.id: LAW.pack.version(provision) for provision in LAW.pack.provisions}
    differ = {provision.id for provision in changed.provisions if changed.version(provision) != before[provision.id]}
    assert differ == changes or (changes is None and {"consent-gdpr-9", "sel-12b"} <= differ and "rpl-115-2" not in differ)


@pytest.mark.req("R-099", part="basis, limits and what is missing before sharing")
@pytest.mark.parametrize(
    ("facts", "remedies"),
    [
        ({"need": "missing"}, ("write-need",)),
        ({"doubt": True}, ("clarify-doubt",)),
        ({"forum": "none"}, ("use-forum", "get-consent")),
        ({"forum": "none", "to": dataclasses.replace(POLICE, forums=("psp",))}, ("get-consent",)),
        ({"to": Party(kind="housing-company")}, ("get-consent", "anonymise")),
        ({"forum": "none", "received_under": "psp"}, ("ask-owner", "get-consent")),
        ({"trigger": Trigger(kind="terror", weighing="missing"), "forum": "none"}, ("write-weighing",)),
        ({"to": Party(kind="parent"), "subject": Subject(age=18)}, ("get-consent", "let-police-tell")),
        ({"to": Party(kind="parent"), "subject": Subject()}, ("state-fact",)),
        ({"moment": datetime.date(2024, 3, 31)}, ("wait-until-valid",)),
        ({"purpose": "investigation"}, ()),
    ],
)
def test_a_refusal_says_what_would_make_it_lawful(facts: dict[str, Any], remedies: tuple[str, ...]) -> None:
    assert LAW.judge(with_facts(**facts)).remedies == remedies


def test_a_pack_that_is_over_is_not_waited_for() -> None:
    finding = load_law("dk-2016").signed_throughout("nogen").judge(IN_SSP)
    assert (finding.because, finding.remedies) == ("not-in-force", ())


@pytest.mark.req("R-096", part="never automatically")
def test_a_parental_order_is_weighed_in_each_case() -> None:
    order = Measure(
        measure="parental-order",
        by=Party(kind="social-services"),
        subject=Subject(age=14),
        grounds=(),
        cooperation="refused",
        moment=DAY,
    )
    (basis,) = LAW.judge(order).bases
    assert "Each case is weighed, never automatically." in [condition.en for condition in basis.conditions]


@pytest.mark.req("R-093", part="the finding says that it is targeted and free of charge")
def test_counselling_is_targeted_and_free_of_charge() -> None:
    consents = (Consent(kind="take-part", by="citizen", answer="given"),)
    counselling = Measure(
        measure="counselling", by=Party(kind="prevention-unit"), subject=Subject(age=30), consents=consents, moment=DAY
    )
    (basis,) = LAW.judge(counselling).bases
    assert basis.name.en == "Targeted counselling"
    assert "The offer is free of charge." in [condition.en for condition in basis.conditions]


@pytest.mark.parametrize(("age", "through_custody_holders"), [(14, True), (15, False), (None, True)])
def test_a_condition_for_an_age_is_told_for_that_age_and_when_none_is_known(
    age: int | None, *, through_custody_holders: bool
) -> None:
    (basis,) = LAW.judge(with_facts(to=Party(kind="citizen"), subject=Subject(age=age))).bases
    told = any("custody holders" in condition.en for condition in basis.conditions)
    assert told is through_custody_holders


def test_the_sentence_says_who_whom_why_and_by_what_in_both_languages() -> None:
    sentence = LAW.judge(IN_SSP).sentence
    assert sentence.da.startswith(
        "Skolen må fortælle politiet dette for at forebygge kriminalitet efter retsplejelovens § 115, stk. 2."
    )
    assert sentence.en.startswith("The school may tell the police this to prevent crime under section 115(2)")
    assert (sentence.in_language("en-gb"), sentence.in_language("kl")) == (sentence.en, sentence.da)


def test_a_question_that_lacks_a_fact_is_answered_by_its_name() -> None:
    finding = LAW.judge(with_facts(to=Party(kind="parent"), subject=Subject()))
    assert (finding.outcome, finding.missing) == ("undecided", ("subject.age",))
    assert "cannot be decided: age is missing." in finding.sentence.en
    assert "alderen mangler." in finding.sentence.da


def test_a_finding_as_json_holds_every_field() -> None:
    finding = LAW.judge(IN_SSP)
    values = json.loads(json.dumps(finding.as_json()))
    assert set(values) == {field.name for field in dataclasses.fields(finding)} | {"duty"}
    assert (values["by"], values["moment"]) == (["rpl-115-2"], "2026-05-01")
    assert values["bases"][0]["citation"]["en"] == "section 115(2) of the Administration of Justice Act"


def test_a_finding_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        LAW.judge(IN_SSP).outcome = "allowed"  # type: ignore[misc]


def test_there_is_a_text_for_every_fixed_word() -> None:
    assert set(words.KINDS) < set(texts()["party"])
    paths = {*IN_SSP.as_facts(), *Measure().as_facts()} - {
        "consents",
        "trigger",
        "clarified",
        "refused_clarifications",
        "doubt",
    }
    wanted = {
        "purpose": set(words.PURPOSES),
        "measure": {*words.MEASURES, "unknown"},
        "reason": set(words.REASONS),
        "remedy": set(words.REMEDIES),
        "confidence": set(words.CONFIDENCES),
        "group": set(words.GROUPS),
        "category": set(words.CATEGORIES),
        "custody": set(words.CUSTODIES),
        "standing": set(words.STANDINGS),
        "trigger": set(words.TRIGGERS),
        "ground": set(words.GROUNDS),
    }
    for about, names in wanted.items():
        assert set(texts()[about]) == names, about
    assert paths <= set(texts()["fact"])


def test_the_law_is_usable_without_django() -> None:
    program = "import sys, forebyg.law; forebyg.law.load_law('dk-2026'); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.req("R-097", part="the rules can be read, printed and signed")
def test_the_pages_for_lawyers_are_made_from_the_packs() -> None:
    assert pages.main(["--check"]) == 0, "run python -m forebyg.law.pages"
    for pack_id in pack_ids():
        page = (pages.FOLDER / f"{pack_id}.md").read_text(encoding="utf-8")
        law = load_law(pack_id)
        for provision, version in law.versions:
            assert f"## `{provision}`: " in page
            assert f"`{version}`" in page
        assert page.count("Signed by") == len(law.versions)
