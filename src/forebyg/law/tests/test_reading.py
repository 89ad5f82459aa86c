"""Bad packs are refused with file, line, path and reason; nothing is half read."""

from __future__ import annotations

from pathlib import Path

import pytest

from forebyg.law import PackInvalid, load_law
from forebyg.law.reading import MAX_BYTES, PACKS, parse_pack, read_pack

SMALL = """meta:
  id: small
  version: 1.0.0
  name: {da: Lille, en: Small}
  source: {da: Opdigtet, en: Invented}
  valid_from: 2020-01-01
  valid_to: 2029-12-31
  checked_on: 2026-11-23
steps: [forum, consent]
forums:
- id: ssp
  name: {da: SSP, en: SSP}
  members: [police, school]
  purposes: [crime-prevention]
doubts:
- id: unit
  question: {da: Er enheden med?, en: Does the unit take part?}
  forum_members: [secretariat]
consent_rules:
- id: the-person
  name: {da: Personen, en: The person}
  rows:
  - {age: {from: 15}, asks: [citizen]}
  - {age: {to: 14}, asks: [guardians]}
provisions:
- id: shared
  name: {da: Fælles, en: Shared}
  citation: {da: § 1, en: section 1}
  confidence: seen
  purpose_limit: {da: Forebyggelse, en: Prevention}
  marks: [not-for-investigation]
  exchange:
  - step: forum
    when: {to: [authority], forums: [ssp]}
- id: agreed
  name: {da: Samtykke, en: Consent}
  citation: {da: § 2, en: section 2}
  confidence: seen
  purpose_limit: {da: Samtykket, en: The consent}
  exchange:
  - step: consent
    when: {age: {from: 12}}
    asks: {consent: {kind: share, rule: the-person}}
  measures:
  - when: {measures: [mentor]}
    asks: {by: [school], age: {to: 17}, grounds: [truancy]}
"""
SHARED_AGAIN = """- name: {da: Fælles igen, en: Shared again}
  id: shared
  citation: {da: § 1, en: section 1}
  confidence: seen
  purpose_limit: {da: Forebyggelse, en: Prevention}
  valid_from: 2025-01-01
"""


def problems_of(text: str) -> list[str]:
    with pytest.raises(PackInvalid) as caught:
        parse_pack(text, file="lov.yaml")
    return [str(problem) for problem in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert old in SMALL, old
    return SMALL.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


CASES = {
    "an unknown word, with the nearest known one": (
        ("confidence: seen", "confidance: seen"),
        "confidance",
        "provisions[0].confidance: expected a key of the schema (did you mean 'confidence'?), found 'confidance'",
    ),
    "an unknown word deep in a gate": (
        ("when: {to: [authority], forums", "when: {too: [authority], forums"),
        "too:",
        "provisions[0].exchange[0].when.too: expected a key of the schema (did you mean 'to'?), found 'too'",
    ),
    "a value outside the vocabulary": (
        ("members: [police, school]", "members: [police, skole]"),
        "skole",
        "forums[0].members[1]: expected one of 'police'",
    ),
    "a wrong type": (
        ("age: {from: 12}", "age: {from: tolv}"),
        "tolv",
        'provisions[1].exchange[0].when.age.from: expected a whole number, found "tolv"',
    ),
    "something to run": (
        ("confidence: seen", "confidence: !run seen"),
        "!run",
        "provisions[0].confidence: expected a plain value, found the tag",
    ),
    "one language missing": (("{da: § 1, en: section 1}", "{da: § 1}"), "{da: § 1}", "citation.en: expected this key"),
    "a date that is none": (("valid_to: 2029-12-31", "valid_to: 2029-13-31"), "2029-13", "meta.valid_to: expected a date"),
    "a pack that ends before it begins": (
        ("valid_to: 2029-12-31", "valid_to: 2019-12-31"),
        "meta:",
        "expected meta.valid_to after 2020-01-01",
    ),
    "a provision outside the pack's dates": (
        ("  marks:", "  valid_from: 2019-01-01\n  marks:"),
        "- id: shared",
        "provisions[0]: expected dates within those of the pack",
    ),
    "a provision that ends before it begins": (
        ("  marks:", "  valid_from: 2026-01-01\n  valid_to: 2025-01-01\n  marks:"),
        "- id: shared",
        "provisions[0]: this rule can never match: it ends (2025-01-01) before it begins (2026-01-01)",
    ),
    "overlapping validity": (
        ("- id: agreed", SHARED_AGAIN + "- id: agreed"),
        "Shared again",
        "provisions[1]: overlapping validity: provisions[0] is 'shared' on some of the same days",
    ),
    "a step that is none": (
        ("step: forum", "step: forums"),
        "step: forums",
        "provisions[0].exchange[0].step: expected one of the steps of the pack, found 'forums'",
    ),
    "a step without a gate": (
        ("[forum, consent]", "[forum, leap, consent]"),
        "leap",
        "steps[1]: this step can never match: no gate stands in 'leap'",
    ),
    "a forum that is none": (
        ("forums: [ssp]", "forums: [psp]"),
        "forums: [psp]",
        "provisions[0].exchange[0].when.forums: expected a forum of the pack, found 'psp'",
    ),
    "a forum without a gate": (
        ("doubts:", "- {id: psp, name: {da: PSP, en: PSP}, members: [police], purposes: [support]}\ndoubts:"),
        "id: psp",
        "forums[1]: this forum can never match: no gate belongs to 'psp'",
    ),
    "an id that stands twice": (
        ("doubts:", "- {id: ssp, name: {da: SSP, en: SSP}, members: [police], purposes: [support]}\ndoubts:"),
        "- {id: ssp",
        "forums[1]: expected an id of its own, found 'ssp' a second time",
    ),
    "a consent rule that is none": (
        ("rule: the-person", "rule: anyone"),
        "rule: anyone",
        "asks.consent.rule: expected the id of a consent rule, found 'anyone'",
    ),
    "a consent rule that nobody asks for": (
        ("provisions:", "- {id: unused, name: {da: Ingen, en: None}, rows: [{asks: [citizen]}]}\nprovisions:"),
        "unused",
        "consent_rules[1]: this rule can never match: no gate asks for 'unused'",
    ),
    "a consent row that another shadows": (
        ("{age: {from: 15}, asks", "{age: {from: 14}, asks"),
        "{to: 14}",
        "consent_rules[0].rows[1]: shadowed: rows[0] is about the age of 14 too",
    ),
    "a consent row for no age": (
        ("{age: {to: 14}, asks", "{age: {from: 14, to: 10}, asks"),
        "{from: 14, to: 10}",
        "consent_rules[0].rows[1]: this rule can never match: no age lies from 14 to 10",
    ),
    "an age without a consent row": (
        ("{age: {from: 15}, asks", "{age: {from: 16}, asks"),
        "rows:",
        "consent_rules[0].rows: expected a row for every age, found none for 15",
    ),
    "a doubt about nobody": (
        ("  forum_members: [secretariat]\n", ""),
        "- id: unit",
        "doubts[0]: this doubt can never match: it is about no kind",
    ),
    "a doubt about an undoubted member": (
        ("forum_members: [secretariat]", "forum_members: [school]"),
        "forum_members",
        "doubts[0].forum_members: shadowed: 'school' is a member of a forum without doubt too",
    ),
    "an outside recipient without consent": (
        ("    when: {to: [authority], forums: [ssp]}", "    when: {forums: [ssp]}"),
        "step: forum",
        "provisions[0].exchange[0]: expected a consent, since a recipient may be outside the authorities (R-089)",
    ),
    "a forum that asks for no written need": (
        (
            "    when: {to: [authority], forums: [ssp]}",
            "    when: {to: [authority], forums: [ssp]}\n    asks: {unhindered: true}",
        ),
        "asks: {unhindered: true}",
        "asks.unhindered: expected a gate to the citizen or from outside: all others need a written need",
    ),
    "forum information without its mark": (
        ("  marks: [not-for-investigation]\n", ""),
        "step: forum",
        "provisions[0].exchange[0]: expected the mark not-for-investigation on a provision for a forum (R-082)",
    ),
    "one consent for the other": (
        ("kind: share", "kind: take-part"),
        "kind: take-part",
        "asks.consent.kind: expected 'share': the two consents are kept apart (B-031), found 'take-part'",
    ),
    "a rule for parties that the forum has not": (
        ("when: {to: [authority]", "when: {to: [health]"),
        "step: forum",
        "provisions[0].exchange[0]: this rule can never match: nothing is left of its parties",
    ),
    "a rule for the intelligence service": (
        ("when: {age: {from: 12}}", "when: {to: [pet], age: {from: 12}}"),
        "step: consent",
        "provisions[1].exchange[0]: this rule can never match: nothing is left of its parties",
    ),
    "a rule for investigation": (
        ("when: {age: {from: 12}}", "when: {purposes: [investigation], age: {from: 12}}"),
        "step: consent",
        "provisions[1].exchange[0]: this rule can never match: nothing is left of its purposes",
    ),
    "a rule for no age": (
        ("when: {age: {from: 12}}", "when: {age: {from: 12, to: 11}}"),
        "step: consent",
        "provisions[1].exchange[0]: this rule can never match: nothing is left of its persons",
    ),
    "a measure that nobody may decide": (
        ("when: {measures: [mentor]}", "when: {measures: [mentor], by: [police]}"),
        "measures: [mentor]",
        "provisions[1].measures[0]: this rule can never match: nothing is left of its by",
    ),
    "refused cooperation beside no grounds": (
        ("grounds: [truancy]", "refused_cooperation: true"),
        "refused_cooperation",
        "asks.refused_cooperation: this rule can never match: refused_cooperation adds to grounds, and there are none",
    ),
    "a word that stands twice": (
        ("by: [school]", "by: [school, school]"),
        "school, school",
        "provisions[1].measures[0].asks.by: shadowed: 'school' stands in the list twice",
    ),
    "a gate inside another of the same provision": (
        (
            "  measures:\n",
            "  - {step: consent, when: {to: [police], age: {from: 14}}, asks: {consent: {kind: share, rule: the-person}}}\n  measures:\n",
        ),
        "to: [police]",
        "provisions[1].exchange[1]: shadowed: provisions[1].exchange[0] ('agreed') lets through whatever this one does",
    ),
    "a gate behind an earlier step": (
        (
            "- id: agreed",
            SHARED_AGAIN.replace("shared", "late").replace(
                "  valid_from: 2025-01-01\n",
                "  exchange: [{step: consent, when: {from: [school], to: [authority], forums: [ssp]}}]\n  marks: [not-for-investigation]\n",
            )
            + "- id: agreed",
        ),
        "step: consent, when: {from: [school]",
        "provisions[1].exchange[0]: shadowed: provisions[0].exchange[0] ('shared') lets through whatever this one does",
    ),
}


def test_the_small_pack_is_one() -> None:
    assert parse_pack(SMALL, file="lov.yaml").meta.id == "small"


@pytest.mark.req("R-097", part="rules are checked before they are used")
@pytest.mark.parametrize(("change", "where", "expected"), CASES.values(), ids=CASES.keys())
def test_a_problem_names_file_line_path_and_reason(change: tuple[str, str], where: str, expected: str) -> None:
    text = changed(*change)
    told = problems_of(text)
    assert any(problem.startswith(f"lov.yaml:{line_of(text, where)}, ") and expected in problem for problem in told), told


def test_everything_wrong_is_told_at_once() -> None:
    text = changed("members: [police, school]", "members: [police, skole]").replace("confidence: seen", "confidence: vist", 1)
    assert len(problems_of(text)) == 2


def test_the_same_provision_may_follow_itself() -> None:
    earlier = SHARED_AGAIN.replace("valid_from: 2025-01-01", "valid_to: 2024-12-31")
    text = changed("- id: agreed", earlier + "- id: agreed").replace("  marks:", "  valid_from: 2025-01-01\n  marks:", 1)
    assert [provision.id for provision in parse_pack(text, file="lov.yaml").provisions] == ["shared", "shared", "agreed"]


def test_a_file_that_is_too_large_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    large, other = tmp_path / "large.yaml", tmp_path / "other.yaml"
    large.write_text("#" * (MAX_BYTES + 1))
    other.write_bytes(b"meta: \xff")
    for path, told in ((large, "expected at most"), (tmp_path / "none.yaml", "that can be read"), (other, "expected UTF-8")):
        with pytest.raises(PackInvalid, match=told):
            read_pack(path)


def test_a_pack_that_does_not_come_with_forebyg_is_refused_by_name() -> None:
    with pytest.raises(PackInvalid, match="expected one of dk-2016, dk-2026, or the path of a file"):
        load_law("dk-1849")


def test_each_provision_of_2016_leads_to_rows_that_2026_has_too() -> None:
    then, now = (read_pack(PACKS / f"dk-{year}.yaml") for year in (2016, 2026))
    rows_now = {row for provision in now.provisions for row in provision.maps_to}
    for provision in then.provisions:
        if provision.exchange or provision.measures:
            assert provision.maps_to, provision.id
        assert set(provision.maps_to) <= rows_now, provision.id


@pytest.mark.req("R-094", part="the provisions")
def test_the_ids_of_2016_are_those_of_the_strategy() -> None:
    strategy = (Path(__file__).parents[2] / "strategy/packs/copenhagen-2016.yaml").read_text(encoding="utf-8")
    own = {"same-controller", "own-information", "inbound"}
    for provision in read_pack(PACKS / "dk-2016.yaml").provisions:
        assert provision.id in own or f"- id: {provision.id}\n" in strategy, provision.id
