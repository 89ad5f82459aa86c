"""PostgreSQL's last door: each provision that carries what is told has a signed basis of its own."""

import json
from typing import Any

import pytest

from forebyg.access.tests.conftest import scene as scene
from forebyg.access.tests.rows import Scene, count, refused
from forebyg.cases.finding import as_kept
from forebyg.cases.tests.cast import SSP_115

KEPT = as_kept(SSP_115, purpose="crime-prevention")
[SIGNED] = KEPT["bases"]
UNSIGNED = SIGNED | {"provision": "nobody-signed-this"}
DOORS = ("cases_disclosure", "sharing_letter", "sharing_informationrequest")


@pytest.mark.req("B-028", part="PostgreSQL refuses what a provision carries that nobody has signed off")
@pytest.mark.parametrize("table", DOORS)
@pytest.mark.parametrize(
    "forged",
    [
        {"by": ["nobody-signed-this"], "bases": [UNSIGNED]},
        {"by": ["nobody-signed-this"], "bases": [SIGNED]},
        {"by": [SIGNED["provision"], "nobody-signed-this"], "bases": [SIGNED, SIGNED]},
        {"by": [SIGNED["provision"], "nobody-signed-this"], "bases": [SIGNED, UNSIGNED]},
        {"by": [SIGNED["provision"]], "bases": []},
        {"by": [SIGNED["provision"]], "bases": [SIGNED | {"version": "another content"}]},
        {"by": [SIGNED["provision"]], "bases": None},
    ],
)
def test_a_finding_passes_only_with_a_signed_basis_for_each_provision(scene: Scene, table: str, forged: dict[str, Any]) -> None:
    scene.act("vink")
    before = count(table)
    with refused("22023" if forged["bases"] is None else "42501"):
        scene.record(table, finding=json.dumps(KEPT | forged))
    scene.act("vink")
    assert count(table) == before


@pytest.mark.parametrize("table", DOORS)
def test_two_provisions_that_are_both_signed_pass(scene: Scene, table: str) -> None:
    assert scene.record(table, finding=json.dumps(KEPT | {"bases": [SIGNED, SIGNED]}))
