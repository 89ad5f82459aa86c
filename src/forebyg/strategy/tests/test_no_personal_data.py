"""No personal data in a pack (R-222)."""

from __future__ import annotations

from pathlib import Path

import pytest

from forebyg.strategy.personal_data import looks_personal
from forebyg.strategy.reading import PACKS


@pytest.mark.req("R-222", part="packs")
@pytest.mark.parametrize("path", sorted(PACKS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_packs_that_come_along_hold_none(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        assert looks_personal(line) is None, f"{path.name}:{number}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CPR 010190-1234", "a CPR number"),
        ("0101901234", "a CPR number"),
        ("310299 0000", None),
        ("skriv til nogen@example.org i dag", "an e-mail address"),
        ("ring 12345678", "a telephone number"),
        ("ring 12 34 56 78", "a telephone number"),
        ("ring +45 12345678", "a telephone number"),
        ("ring 112", None),
        ("bevillinger for 2015-2016 og 2017-2019", None),
        ("fra 2016-01-01 til 2019-12-31", None),
        ("ca. 280 mio. kr.", None),
        ("§§ 115 og 115 a", None),
        ("1800 i 2015 2016", None),
    ],
)
def test_what_looks_personal(text: str, kind: str | None) -> None:
    assert looks_personal(text) == kind
