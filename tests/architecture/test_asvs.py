"""The self-assessment by OWASP ASVS: whole, and what it names as evidence is there. So are the tests that the papers name."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest
from tests.architecture.asvs_page import PAGE, Requirement, covered, read_asvs, render

ROOT = Path(__file__).resolve().parents[2]
ASVS = read_asvs()
PAPERS = [*(ROOT / "docs").glob("*.md")]


@functools.cache
def names_of_tests(file: Path) -> frozenset[str]:
    """The names of a file's test functions that nothing skips."""
    functions = [one for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(one, ast.FunctionDef)]
    return frozenset(
        one.name
        for one in functions
        if one.name.startswith("test_")
        and not any(re.search(r"\bmark\.(skip|xfail)\b", ast.unparse(mark)) for mark in one.decorator_list)
    )


@functools.cache
def headings_of(page: Path) -> frozenset[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return frozenset(re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings)


def is_there(evidence: str) -> bool:
    file, _, name = evidence.partition("::")
    if name:
        return (ROOT / file).is_file() and name in names_of_tests(ROOT / file)
    page, _, anchor = evidence.partition("#")
    return page.startswith("docs/") and (ROOT / page).is_file() and (not anchor or anchor in headings_of(ROOT / page))


def test_every_requirement_of_the_chapters_is_judged_and_no_other() -> None:
    assert {"V6", "V7", "V8", "V14", "V16"} <= set(ASVS.chapters)
    assert {1, 2} <= set(ASVS.levels)
    assert list(ASVS.requirement) == covered(ASVS)


@pytest.mark.parametrize("name", ASVS.requirement)
def test_what_is_named_as_evidence_is_there(name: str) -> None:
    assert [one for one in ASVS.requirement[name].evidence if not is_there(one)] == []


def faults(one: Requirement) -> list[str]:
    """What a judgement lacks."""
    tests = [evidence for evidence in one.evidence if "::" in evidence]
    return [
        *(["a test"] if one.status == "met" and not tests else []),
        *(["a reason"] if one.status != "met" and len(one.reason) < 10 else []),
    ]


def test_what_is_met_has_a_test_and_what_is_not_has_a_reason() -> None:
    assert {name: lacking for name, one in ASVS.requirement.items() if (lacking := faults(one))} == {}


def test_the_checks_above_find_what_they_look_for() -> None:
    assert faults(Requirement(status="met", evidence=("docs/security.md",))) == ["a test"]
    assert faults(Requirement(status="n/a")) == faults(Requirement(status="not-met", reason="no")) == ["a reason"]
    assert not is_there("tests/architecture/test_asvs.py::test_that_never_was")
    assert not is_there("docs/security.md#never-was")
    assert is_there("tests/architecture/test_asvs.py::test_the_checks_above_find_what_they_look_for")


def test_the_table_in_the_security_page_is_counted_from_the_file() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == render(page, ASVS), "run python -m tests.architecture.asvs_page"


def test_every_test_that_a_paper_names_is_there() -> None:
    known = {name for room in ("src", "tests") for file in (ROOT / room).rglob("test_*.py") for name in names_of_tests(file)}
    files = {file.stem for room in ("src", "tests") for file in (ROOT / room).rglob("test_*.py")}
    named = {(page.name, name) for page in PAPERS for name in re.findall(r"`(test_\w+)`", page.read_text(encoding="utf-8"))}
    assert {(page, name) for page, name in named if name not in known | files} == set()
