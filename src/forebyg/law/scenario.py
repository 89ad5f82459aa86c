"""Scenarios: questions with the findings that a lawyer expects, read from `scenarios/`, and how a law differs from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from forebyg.law.engine import Law, Rules
from forebyg.law.facts import Exchange, Measure, exchange_from, measure_from
from forebyg.law.finding import Finding, Text

SCENARIOS = Path(__file__).resolve().parent / "scenarios"
ASKS: dict[str, Callable[[dict[str, Any]], Exchange | Measure]] = {"exchange": exchange_from, "measure": measure_from}
EXPECTED = ("outcome", "by", "first_by", "because", "missing", "marks")
REQUIRED = ("id", "title", "pack", "ask", "expect", "why", "source")
OF_THE_SCENARIO = (*REQUIRED, "unsigned")
_IN_ANY_ORDER = ("missing", "marks")


class ScenarioInvalid(ValueError):
    """A file that does not hold scenarios. The message names the file, the scenario and what is wrong."""


@dataclass(frozen=True)
class Scenario:
    """One question and what is expected. Its facts lie beside its id.

    Only what `expect` names is compared; `by` are exactly these provisions in this order, `first_by` is the first of them. Every
    provision is signed but those under `unsigned`.
    """

    id: str
    title: Text
    pack: str
    question: Exchange | Measure
    expect: dict[str, Any]
    why: str
    source: tuple[str, ...]
    unsigned: frozenset[str]
    file: str

    def differences(self, rules: Rules) -> list[str]:
        """What the law finds otherwise: nothing when it agrees."""
        signed = {version: "scenario" for version in rules.versions if version[0] not in self.unsigned}
        found = Law(rules, signed).judge(self.question)
        return [
            f"{self.id}: {name} is {_found(found, name)!r}, expected {wanted!r}"
            for name, wanted in self.expect.items()
            if _found(found, name) != (set(wanted) if name in _IN_ANY_ORDER else wanted)
        ]


def _found(finding: Finding, name: str) -> object:
    if name == "first_by":
        return finding.by[0] if finding.by else None
    value = getattr(finding, name)
    if name in _IN_ANY_ORDER:
        return set(value)
    return list(value) if isinstance(value, tuple) else value


def read_scenarios(folder: Path = SCENARIOS) -> list[Scenario]:
    """Every scenario under a folder, in the order of files and lines. Raises `ScenarioInvalid`."""
    found = [scenario for path in sorted(folder.rglob("*.yaml")) for scenario in _in_file(path, folder)]
    seen: dict[str, str] = {}
    for scenario in found:
        if scenario.id in seen:
            raise ScenarioInvalid(f"{scenario.file}: {scenario.id} stands in {seen[scenario.id]} too")
        seen[scenario.id] = scenario.file
    return found


def _in_file(path: Path, folder: Path) -> list[Scenario]:
    file = str(path.relative_to(folder))
    plain = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(plain, list):
        raise ScenarioInvalid(f"{file}: expected a list of scenarios")
    return [_scenario(each, f"{file}[{index}]", file) for index, each in enumerate(plain)]


def _scenario(plain: Any, place: str, file: str) -> Scenario:
    if not isinstance(plain, dict):
        raise ScenarioInvalid(f"{place}: expected a scenario")
    place = f"{place} {plain.get('id', '')}".strip()
    absent = [key for key in REQUIRED if not plain.get(key)]
    if absent:
        raise ScenarioInvalid(f"{place}: expected {', '.join(absent)}")
    expect = plain["expect"]
    if not isinstance(expect, dict) or "outcome" not in expect or not set(expect) <= set(EXPECTED):
        raise ScenarioInvalid(f"{place}: expected outcome, and else some of {', '.join(EXPECTED)}, found {list(expect)}")
    if plain["ask"] not in ASKS:
        raise ScenarioInvalid(f"{place}: expected ask to be exchange or measure")
    facts = {key: value for key, value in plain.items() if key not in OF_THE_SCENARIO}
    try:
        question = ASKS[plain["ask"]](facts)
    except ValueError as error:
        raise ScenarioInvalid(f"{place}: {error}") from None
    return Scenario(
        id=plain["id"],
        title=Text(**plain["title"]),
        pack=plain["pack"],
        question=question,
        expect=expect,
        why=plain["why"],
        source=tuple(plain["source"]),
        unsigned=frozenset(plain.get("unsigned", ())),
        file=file,
    )
