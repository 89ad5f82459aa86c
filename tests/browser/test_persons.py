"""A person's page in a real browser: consents, what is printed for the citizen, and the special lock."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browser.desk import Desk
from tests.browser.site import Sit, Site

pytestmark = pytest.mark.browser

PICTURES = Path("var/screenshots/persons")
SON = "Søn"
ASKED = "Vi spurgte, om skolen må høre om aftalen."


def _on_the_page_of_the_son(desk: Desk, reference: str) -> None:
    desk.open(f"/sager/{reference}/personer/")
    desk.follow(SON, within=desk.page.get_by_role("main").get_by_role("heading", name=SON))


def _look(desk: Desk, name: str) -> None:
    desk.assert_accessible()
    desk.assert_fits()
    desk.take_picture(PICTURES / f"{name}-{desk.width}.png")


@pytest.mark.req("B-031", part="in the browser: an answer, who is missing, and a page for the citizen in two languages")
@pytest.mark.parametrize("width", [1280, 390])
def test_an_answer_is_recorded_and_printed(example_site: Site, reference: str, sit: Sit, width: int) -> None:
    desk = sit(example_site, "vink", width=width)
    _on_the_page_of_the_son(desk, reference)
    desk.follow("Registrér et samtykke", exact=False)
    _look(desk, "samtykke-formular")
    desk.mark("Hvad blev der spurgt om?", "At dele oplysninger")
    desk.pick("At dele oplysninger: med hvem?", "Alle, der er nævnt i teksten")
    desk.mark("Hvem svarede?", SON)
    desk.mark("Hvad blev svaret?", "Ja")
    desk.fill("Hvad blev der spurgt om, og hvad blev der sagt?", ASKED)
    desk.press("Gem svaret")
    desk.says("Svaret er registreret.")
    _look(desk, "personer")
    _on_the_page_of_the_son(desk, reference)
    desk.sees(ASKED, "Samtykke til at dele oplysninger")
    _look(desk, "person")
    desk.follow("Skriv ud til borgeren")
    desk.sees("Du kan sige nej.")
    _look(desk, "brev")
    desk.follow("English")
    desk.sees("You can say no.")
    assert desk.page.locator("html").get_attribute("lang") == "en"


@pytest.mark.req("B-026", part="in the browser: after the lock another agency finds no such case")
def test_a_locked_case_is_gone_for_others_and_comes_back(example_site: Site, reference: str, sit: Sit) -> None:
    lead, partner = sit(example_site, "vink"), sit(example_site, "dks")
    partner.open(f"/sager/{reference}/")
    lead.open(f"/sager/{reference}/goer/laas/")
    _look(lead, "laas")
    lead.fill("Begrundelse", "Sagen handler om en medarbejders familie.")
    lead.press("Lås sagen")
    lead.sees("Særligt låst")
    _look(lead, "laast")
    with partner.expecting(404):
        partner.open(f"/sager/{reference}/")
    lead.open(f"/sager/{reference}/goer/laas-op/")
    lead.fill("Begrundelse", "Det er afklaret.")
    lead.press("Ophæv låsen")
    partner.open(f"/sager/{reference}/")
