"""The fixed words of a pack as a person reads them."""

from __future__ import annotations

import pytest
from django.utils import translation

from forebyg.strategy import wording
from forebyg.strategy.reading import PACKS, read_pack

PACK = read_pack(PACKS / "copenhagen-2016.yaml")


@pytest.fixture(autouse=True)
def _danish() -> object:
    with translation.override("da"):
        yield


@pytest.mark.parametrize(
    ("target", "threshold"),
    [
        ("effekt-samlet-overblik", "skal være nået"),
        ("effekt-accept-60", "mindst 60 pct."),
        ("effekt-gentilbud-100", "100 pct."),
        ("effekt-visitation-24-48-72", "100 pct. som hovedregel"),
        ("kapacitet-50-sager", "højst 50 sager pr. år"),
        ("kapacitet-125-medarbejdere", "ca. 125 medarbejdere"),
        ("kapacitet-kurser-20-30", "20–30 personer"),
    ],
)
def test_thresholds(target: str, threshold: str) -> None:
    found = PACK.target(target).threshold
    assert found is not None
    assert wording.threshold_text(found) == threshold


@pytest.mark.parametrize(
    ("target", "period"),
    [
        ("effekt-gentilbud-100", "3 og 6 måneder fra det første afslag"),
        ("effekt-visitation-24-48-72", "24, 48 eller 72 timer"),
        ("effekt-ikke-truet-70", "6 måneder fra afslutningen af mentorforløbet"),
        ("kapacitet-kurser-20-30", "3 år"),
    ],
)
def test_periods(target: str, period: str) -> None:
    found = PACK.target(target).period
    assert found is not None
    assert wording.period_text(found) == period


@pytest.mark.parametrize(("written", "read"), [("2016", "2016"), ("2016-03", "marts 2016"), ("2016-02-01", "1. februar 2016")])
def test_dates_are_as_exact_as_the_document(written: str, read: str) -> None:
    assert wording.partial_date_text(written) == read


def test_a_deadline_without_a_date_keeps_the_words_of_the_document() -> None:
    assert wording.deadline_text(PACK.target("frist-kommunikationsstrategi")) == "31. december 2016"
    assert wording.deadline_text(PACK.target("frist-arbejdsgangsbeskrivelser")) == "umiddelbart efter etableringen"


def test_every_fixed_word_of_the_packs_has_a_text() -> None:
    for path in PACKS.glob("*.yaml"):
        pack = read_pack(path)
        assert {one.status for one in pack.interventions if one.status} <= set(wording.STATUS)
        assert {one.direction for one in pack.indicators} <= set(wording.DIRECTION)
        assert {one.cadence for one in pack.indicators} <= set(wording.CADENCE)
        assert {one.kind for one in pack.other_targets} <= set(wording.TARGET_KIND)
