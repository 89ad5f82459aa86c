"""Bad packs: every problem is told with file, line, path and expectation, all at once, and nothing is half read."""

from __future__ import annotations

from pathlib import Path

import pytest

from forebyg.core.errors import RuleBroken
from forebyg.strategy.reading import MAX_BYTES, PACKS, PackInvalid, parse_pack, read_pack

LILLEBY = (PACKS / "lilleby-2016.yaml").read_text(encoding="utf-8")


def problems_of(text: str) -> list[str]:
    with pytest.raises(PackInvalid) as caught:
        parse_pack(text, file="pakke.yaml")
    return [str(problem) for problem in caught.value.problems]


def changed(*changes: tuple[str, str]) -> str:
    text = LILLEBY
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


CASES = {
    "wrong type": (
        ("hours: 24", "hours: mange"),
        "hours: mange",
        'case_pathway.triage[0].hours: expected a whole number, found "mange"',
    ),
    "missing key": (
        ("  year: 2016\n", ""),
        "meta:",
        "meta.year: expected this key, found nothing",
    ),
    "unknown key, with the nearest known one": (
        ("  mandate:", "  mandat:"),
        "  mandat:",
        "meta.mandat: expected a key of the schema (did you mean 'mandate'?), found 'mandat'",
    ),
    "word outside the list": (
        ("status: exploratory", "status: planlagt"),
        "status: planlagt",
        "interventions[3].status: expected one of 'running', 'starting', 'running-or-starting' or 'exploratory',"
        ' found "planlagt"',
    ),
    "reference to nothing, with the nearest id": (
        ("owner_ref: lilleby-gruppen", "owner_ref: lilleby-grupen"),
        "owner_ref: lilleby-grupen",
        "effect_targets[0].owner_ref: expected the id of an actor, found 'lilleby-grupen', which is no id in this file"
        " (did you mean 'lilleby-gruppen'?)",
    ),
    "reference to the wrong kind": (
        ("owner_ref: lilleby-gruppen", "owner_ref: lilleby-mentor"),
        "owner_ref: lilleby-mentor",
        "effect_targets[0].owner_ref: expected the id of an actor, found 'lilleby-mentor', which is an intervention",
    ),
    "section that is not there": (
        ("  section_ref: lb-sec-grundlag", "  section_ref: lb-sec-borte"),
        "section_ref: lb-sec-borte",
        "section_ref: expected the id of a section, found 'lb-sec-borte', which is no id in this file",
    ),
    "impossible date": (
        ("valid_from: '2016-01-01'", "valid_from: '2016-13-01'"),
        "2016-13-01",
        'meta.valid_from: expected a date as YYYY-MM-DD, found "2016-13-01"',
    ),
    "impossible month": (
        ("started: 2016-08", "started: 2016-18"),
        "started: 2016-18",
        "interventions[2].started: expected a date that exists, found '2016-18'",
    ),
    "yes is a word, not true": (
        ("individual_data: true", "individual_data: yes"),
        "individual_data: yes",
        'individual_data: expected true or false, found "yes"',
    ),
    "empty text": (
        ("da: Grundlag,", "da: '',"),
        "da: ''",
        'document_sections[0].name.da: expected a text that is not empty, found ""',
    ),
    "one language missing": (
        ("{da: Grundlag, en: Basis}", "{da: Grundlag}"),
        "{da: Grundlag}",
        "document_sections[0].name.en: expected this key, found nothing",
    ),
    "steps out of order": (
        ("number: 9\n", "number: 7\n"),
        "case_pathway:",
        "case_pathway: expected steps numbered 1 to 9 in order, found [1, 2, 3, 4, 5, 6, 7, 8, 7]",
    ),
    "a severity with two limits": (
        ("severity: low", "severity: high"),
        "case_pathway:",
        "case_pathway: expected one triage limit for each severity, found ['high', 'medium', 'high']",
    ),
    "a measure without what it is about": (
        ("type: ratio", "type: milestone"),
        "  measure:",
        "effect_targets[0].measure: expected of_ref, since the measure is a milestone",
    ),
    "an alias": (
        ("id: lilleby-2016", "id: &x lilleby-2016\n  tegn: *x"),
        "tegn: *x",
        "meta.tegn: expected a value written out, found an alias (*)",
    ),
    "a tag": (
        ("year: 2016", "year: !!python/object:os.system 2016"),
        "!!python",
        "meta.year: expected a whole number",
    ),
    "personal data: a CPR number": (
        ("da: Grundlag,", "da: Grundlag 010190-1234,"),
        "010190-1234",
        "document_sections[0].name.da: expected no personal data, found what looks like a CPR number",
    ),
}


@pytest.mark.parametrize(("change", "where", "expected"), CASES.values(), ids=CASES.keys())
def test_a_problem_names_file_line_path_and_expectation(change: tuple[str, str], where: str, expected: str) -> None:
    text = changed(change)
    told = problems_of(text)
    assert any(problem.startswith(f"pakke.yaml:{line_of(text, where)}, ") and expected in problem for problem in told), told


def test_a_key_given_twice_names_both_lines() -> None:
    text = changed(("  year: 2016\n", "  year: 2016\n  year: 2017\n"))
    second = line_of(text, "year: 2017")
    assert problems_of(text) == [f"pakke.yaml:{second}, meta.year: expected each key once, found it on line {second - 1} too"]


def test_an_id_used_twice_names_the_other_line() -> None:
    text = changed(("- id: lb-i-risiko", "- id: lilleby-mentor"))
    first, *_ = [number for number, line in enumerate(text.splitlines(), 1) if line == "- id: lilleby-mentor"]
    last = [number for number, line in enumerate(text.splitlines(), 1) if line == "- id: lilleby-mentor"][-1]
    told = problems_of(text)
    assert any(
        f"pakke.yaml:{last}, interventions[1].id: expected an id of its own" in one and f"line {first} " in one for one in told
    )


def test_every_problem_is_told_at_once_in_the_order_of_the_file() -> None:
    text = changed(
        ("  year: 2016\n", "  year: '2016'\n"),
        ("da: Grundlag,", "da: 7,"),
        ("owner_ref: lilleby-gruppen", "owner_ref: ingen"),
        ("status: exploratory", "status: ukendt"),
    )
    told = problems_of(text)
    assert len(told) == 4
    assert [part in line for part, line in zip(("meta.year", "name.da", "owner_ref", "status"), told, strict=True)] == [
        True
    ] * 4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("meta: [1, 2\nnavn: x\n", 2),
        ("meta:\n\t- x\n", 2),
        ("meta: 'aldrig lukket\n", 2),
        ("%BAD\n---\n", 1),
        ("a: 1\n--- \nb: 2\n", 2),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line(text: str, line: int) -> None:
    (told,) = problems_of(text)
    assert told.startswith(f"pakke.yaml:{line}, (top): expected YAML, found: ")


@pytest.mark.parametrize("text", ["", "# kun en bemærkning\n", "[1, 2]", "en tekst", "42"])
def test_a_file_without_keys_is_no_pack(text: str) -> None:
    assert problems_of(text)


def test_a_long_value_is_cut_in_the_problem() -> None:
    (told,) = problems_of(changed(("hours: 24", "hours: " + "x" * 500)))
    assert len(told) < 250


def test_a_problem_never_repeats_the_personal_data_it_found() -> None:
    (told,) = problems_of(changed(("da: Grundlag,", "da: skriv til borger@example.org,")))
    assert "e-mail address" in told
    assert "borger@" not in told


def test_a_missing_file_and_other_bytes_are_told_like_any_problem(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid, match=r"borte\.yaml:1, \(top\): expected a file that can be read"):
        read_pack(tmp_path / "borte.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("meta:\n  titel: Københavns\n".encode("latin-1"))
    with pytest.raises(PackInvalid, match=r"latin\.yaml:2, \(top\): expected UTF-8"):
        read_pack(latin)
    huge = tmp_path / "stor.yaml"
    huge.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(PackInvalid, match="expected at most"):
        read_pack(huge)


def test_the_error_is_one_a_person_can_meet() -> None:
    with pytest.raises(PackInvalid) as caught:
        parse_pack("meta: 1", file="pakke.yaml")
    assert isinstance(caught.value, RuleBroken)
    assert caught.value.code == "pack-invalid"
    assert caught.value.sentence.startswith("Pakken kan ikke læses / the pack cannot be read:\n  pakke.yaml:1, ")


def test_dates_without_quotes_stay_what_they_are() -> None:
    assert parse_pack(changed(("valid_from: '2016-01-01'", "valid_from: 2016-01-01")), file="p").meta.valid_from.year == 2016
