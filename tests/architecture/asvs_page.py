"""Counts in `docs/security.md` what `docs/asvs.toml` says: run `python -m tests.architecture.asvs_page` after a change."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "docs/asvs.toml"
PAGE = ROOT / "docs/security.md"
LEVELS = Path(__file__).with_name("asvs_levels.tsv")
"""Every id of ASVS 5.0 with its level, and none of its text."""

Status = Literal["met", "partly", "not-met", "n/a"]
_BEGIN, _END = "<!-- counted from docs/asvs.toml by tests.architecture.asvs_page -->", "<!-- end -->"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Requirement(_Strict):
    """How it stands with one requirement: tests (`file::name`) and pages (`docs/page.md#heading`) that show it, and why not."""

    status: Status
    evidence: tuple[str, ...] = ()
    reason: str = ""


class Asvs(_Strict):
    """The whole file: the version, which levels and chapters it covers, and each requirement by its id."""

    version: str
    levels: tuple[int, ...]
    chapters: tuple[str, ...]
    requirement: dict[str, Requirement]


def read_asvs() -> Asvs:
    """What stands in the file. Raises `pydantic.ValidationError` on a field or a status it does not know."""
    return Asvs.model_validate(tomllib.loads(SOURCE.read_text(encoding="utf-8")))


def covered(asvs: Asvs) -> list[str]:
    """The ids that the file must hold: those of its chapters and levels."""
    with LEVELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row["id"] for row in rows if chapter_of(row["id"]) in asvs.chapters and int(row["level"]) in asvs.levels]


def chapter_of(requirement: str) -> str:
    """V6 of V6.1.1."""
    return requirement.partition(".")[0]


def table(asvs: Asvs) -> str:
    """How many requirements of each chapter stand how."""
    statuses = get_args(Status)
    count = Counter((chapter_of(name), one.status) for name, one in asvs.requirement.items())
    rows = [(chapter, *(count[chapter, status] for status in statuses)) for chapter in asvs.chapters]
    rows.append(("all", *(sum(count[chapter, status] for chapter in asvs.chapters) for status in statuses)))
    lines = [f"| chapter | {' | '.join(statuses)} |", "|---" * (len(statuses) + 1) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


def render(page: str, asvs: Asvs) -> str:
    """The page with the table counted anew."""
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}\n{table(asvs)}\n{_END}{rest.partition(_END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8"), read_asvs()), encoding="utf-8")
