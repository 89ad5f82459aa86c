"""Definitions are found where their terms are used (R-176)."""

from __future__ import annotations

import pytest

from forebyg.strategy.glossary import Glossary
from forebyg.strategy.reading import PACKS, read_pack
from forebyg.strategy.schema import Text

PACK = read_pack(PACKS / "copenhagen-2016.yaml")


@pytest.mark.parametrize(
    ("language", "da", "en", "ids"),
    [
        ("da", "Flere radikaliseringssager", "x", ["radikaliseringssag"]),
        ("da", "Radikaliseringstruede borgere", "x", ["radikaliseringstruet"]),
        ("da", "Afradikalisering og medborgerskabet", "x", ["medborgerskab"]),
        ("da", "EKSTREMISTISKE miljøer, exitforløb", "x", ["ekstremisme", "exit-begreb"]),
        ("en", "x", "Citizens at risk of radicalisation", ["radikalisering", "radikaliseringstruet"]),
        ("da", "Tryghed i byen", "Radicalisation", []),
    ],
)
def test_a_definition_belongs_where_its_term_begins_a_word(language: str, da: str, en: str, ids: list[str]) -> None:
    assert [one.id for one in Glossary(PACK, language).terms_in(Text(da=da, en=en), None)] == ids


def test_the_page_knows_which_definitions_it_has_used() -> None:
    glossary = Glossary(PACK, "da")
    glossary.terms_in(Text(da="exit", en="exit"))
    glossary.term(PACK.definition("ekstremisme"))
    assert [one.id for one in glossary.used] == ["ekstremisme", "exit-begreb"]
