"""Every scenario that a lawyer can read is found as expected; and the files say what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from forebyg.law.engine import rules_of
from forebyg.law.reading import pack_ids
from forebyg.law.scenario import Scenario, ScenarioInvalid, read_scenarios

SCENARIOS = read_scenarios()

GOOD = """- id: one
  title: {da: Politiet taler med PET., en: The police talk to PET.}
  pack: dk-2026
  ask: exchange
  from: {kind: police}
  to: {kind: pet}
  purpose: crime-prevention
  expect: {outcome: refused, because: pet}
  why: PET har ingen plads.
  source: [A-12]
"""


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.id for scenario in SCENARIOS])
def test_the_law_finds_what_a_scenario_expects(scenario: Scenario) -> None:
    assert scenario.differences(rules_of(scenario.pack)) == []


def test_there_are_scenarios_for_every_pack_outcome_and_reason() -> None:
    assert len(SCENARIOS) >= 200
    assert {scenario.pack for scenario in SCENARIOS} == set(pack_ids())
    assert {scenario.expect["outcome"] for scenario in SCENARIOS} == {"allowed", "refused", "undecided", "blocked"}


BAD = {
    "a fact that is no word": ("kind: police", "kind: politi", "from.kind: expected one of police"),
    "an unknown fact": ("  purpose:", "  formaal:", "formaal: expected a fact"),
    "an unknown expectation": ("because: pet", "fordi: pet", "found ['outcome', 'fordi']"),
    "no outcome": ("outcome: refused, ", "", "expected outcome"),
    "another question": ("ask: exchange", "ask: ekstra", "expected ask to be exchange or measure"),
    "no reason why": ("  why: PET har ingen plads.\n", "", "expected why"),
}


@pytest.mark.parametrize(("old", "new", "told"), BAD.values(), ids=BAD.keys())
def test_a_scenario_that_is_none_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    (tmp_path / "bad.yaml").write_text(GOOD.replace(old, new))
    with pytest.raises(ScenarioInvalid) as caught:
        read_scenarios(tmp_path)
    assert "bad.yaml[0]" in str(caught.value)
    assert told in str(caught.value)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(GOOD + "\n" + GOOD)
    with pytest.raises(ScenarioInvalid, match=r"one stands in one\.yaml too"):
        read_scenarios(tmp_path)


def test_a_scenario_that_expects_something_else_says_what_was_found(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(GOOD.replace("because: pet", "because: age"))
    (scenario,) = read_scenarios(tmp_path)
    assert scenario.differences(rules_of("dk-2026")) == ["one: because is 'pet', expected 'age'"]
