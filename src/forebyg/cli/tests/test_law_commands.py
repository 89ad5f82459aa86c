"""`forebyg law`: questions from the command line, and packs checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from forebyg.cli.law import app
from forebyg.law.reading import PACKS

run = CliRunner().invoke
IN_SSP = [
    "explain",
    "--from",
    "school",
    "--to",
    "police",
    "--forum",
    "ssp",
    "--age",
    "16",
    "--purpose",
    "crime-prevention",
    "--category",
    "private",
]


@pytest.mark.req("R-099", part="without a case, on the command line")
def test_a_question_is_answered_with_basis_conditions_and_marks() -> None:
    said = run(app, [*IN_SSP, "--pack", "dk-2016", "--moment", "2016-05-01", "--language", "en"])
    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    assert lines[0] == "allowed"
    assert lines[1].startswith("The school may tell the police this to prevent crime under section 115")
    assert lines[2].startswith("  rpl-115: section 115 of the Administration of Justice Act [dk-2016 ")
    assert "  mark: not-for-investigation" in lines
    assert lines[-1].startswith("Reckoned as if every provision were signed off")


def test_the_pack_in_force_answers_and_danish_comes_first() -> None:
    said = run(app, [*IN_SSP, "--moment", "2026-05-01"]).stdout
    assert "Skolen må fortælle politiet dette" in said
    assert "[dk-2026 " in said
    assert "not-in-force" in run(app, [*IN_SSP, "--moment", "2020-01-01"]).stdout


def test_what_is_missing_is_named_and_that_is_an_answer() -> None:
    said = run(app, ["explain", "--from", "school", "--to", "parent", "--purpose", "support", "--moment", "2026-05-01"])
    assert said.exit_code == 0
    assert said.stdout.splitlines()[0] == "undecided"
    assert "  mangler: subject.age" in said.stdout


def test_a_measure_is_explained_too() -> None:
    facts = ["--measure", "mentor", "--by", "prevention-unit", "--age", "30", "--consent", "take-part:citizen:given"]
    said = run(app, ["explain", *facts, "--moment", "2026-05-01"])
    assert said.stdout.splitlines()[0] == "allowed"
    assert "sel-12b" in said.stdout


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (["--from", "school", "--to", "polise"], "to.kind: expected one of police"),
        (["--purpose", "nysgerrighed"], "purpose: expected one of crime-prevention"),
        (["--consent", "ja"], "consents[0]: expected kind, by and answer"),
        (["--moment", "i går"], "moment: expected a date"),
        (["--pack", "dk-1849"], "expected one of dk-2016, dk-2026"),
    ],
)
def test_a_misspelt_fact_ends_with_2_and_the_words_that_are_allowed(facts: list[str], told: str) -> None:
    said = run(app, ["explain", *facts])
    assert said.exit_code == 2
    assert told in said.stderr


def test_a_pack_is_checked(tmp_path: Path) -> None:
    good = PACKS / "dk-2016.yaml"
    assert run(app, ["check", str(good)]).exit_code == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text(encoding="utf-8").replace("confidence: strategy", "confidence: sikker", 1), encoding="utf-8")
    said = run(app, ["check", str(bad)])
    assert said.exit_code == 1
    assert "provisions[0].confidence: expected one of 'seen'" in said.stderr
