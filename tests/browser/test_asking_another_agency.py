"""A school worker's observation, and DKS that asks: what crosses the border, what does not, and how a correction follows it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.case_desk import CaseDesk, take_in
from tests.browser.desk import Desk
from tests.browser.site import Sit, Site

pytestmark = pytest.mark.browser

SEEN = "Eleven har vist videoer frem i klassen."
RIGHT = "Eleven viste én video frem i klassen."
NEED = "Politiet og skolen skal forebygge sammen."
SSP = "SSP-samarbejdet"


def through_the_gate(desk: Desk, confirm: str) -> None:
    """The first page, the law's finding, the necessity, and the confirmation."""
    desk.pick("Samarbejde", SSP)
    desk.press("Se, hvad loven siger")
    desk.sees("Hvad loven siger")
    desk.fill("Hvorfor er det nødvendigt?", NEED)
    look(desk)
    desk.press(confirm)


def look(desk: Desk) -> None:
    """Nothing for axe to find, at both widths, and nothing sideways."""
    before = desk.width
    for width in (1280, 390):
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.assert_accessible()
    desk.assert_fits()
    desk.page.set_viewport_size({"width": before, "height": 900})


@pytest.mark.req("B-020", part="asked, answered and corrected, in the browser")
@pytest.mark.req("B-023", part="a correction reaches its recipient, in the browser")
@pytest.mark.req("R-081", part="in the browser")
def test_dks_asks_the_school_answers_under_ssp_and_a_correction_follows(empty_site: Site, sit: Sit) -> None:
    school, dks = sit(empty_site, "skole"), sit(empty_site, "dks")
    case = take_in(school, seen=SEEN, label="Elev")
    case.do_on("Videregivelser", "Optag en myndighed i sagen")
    school.pick("Kontaktperson i myndigheden", "DKS: DKS-medarbejder")
    through_the_gate(school, "Optag myndigheden")
    case.do_on("Videregivelser", "Videregiv oplysninger")
    school.pick("Modtager", "DKS")
    school.page.get_by_label("Person tilføjet: Elev").first.check()
    through_the_gate(school, "Videregiv")

    at_dks = CaseDesk(dks, case.reference)
    at_dks.open()
    dks.sees_nothing_of(SEEN)
    at_dks.do_on("Anmodninger", "Spørg en anden myndighed")
    look(dks)
    dks.pick("Hvem spørger I?", "Skolesystemet")
    dks.mark("Hvem handler det om?", "Elev")
    dks.fill("Hvad vil I vide?", "Hvad har I set i klassen?")
    through_the_gate(dks, "Send anmodningen")
    dks.says("Anmodningen er sendt.")
    look(dks)

    school.open("/anmodninger/")
    look(school)
    school.follow(case.reference, within=school.page.get_by_role("main"))
    school.sees("Hvad har I set i klassen?", "Ingen har pligt til at videregive")
    look(school)
    with school.page.expect_navigation():
        school.page.get_by_role("main").get_by_role("link", name=re.compile(r"^Svar\s*: DKS")).click()
    school.page.get_by_label(SEEN).last.check()
    through_the_gate(school, "Videregiv og svar")
    school.says("I har svaret på anmodningen.")

    at_dks.look_at("Oplysninger")
    dks.sees(SEEN, "Ikke til efterforskning")
    prison = sit(empty_site, "kriminalforsorg")
    prison.open("/anmodninger/")
    expect(prison.page.get_by_text("Ingen spørger jer lige nu")).to_be_visible()
    prison.sees_nothing_of(case.reference)
    for path in ("", "anmodninger/", "oplysninger/"):
        with prison.expecting(404):
            prison.open(f"/sager/{case.reference}/{path}")

    case.look_at("Oplysninger")
    with school.page.expect_navigation():
        school.page.get_by_role("main").get_by_role("link", name=re.compile(r"^Ret\s*: ")).first.click()
    school.fill("Rettet oplysning", RIGHT)
    school.fill("Hvorfor rettes den?", "Det var kun én gang.")
    school.press("Gem rettelsen")
    dks.open("/indbakke/")
    dks.sees("En oplysning, I har fået, er rettet: læs den igen")
    at_dks.look_at("Oplysninger")
    dks.sees(RIGHT)
    at_dks.look_at("Opgaver og frister")
    look(dks)
    with dks.page.expect_navigation():
        dks.page.get_by_role("link", name=re.compile(r"^Bekræft, at I har læst det\s*: En oplysning")).click()
    dks.press("Vi har læst det")
    dks.says("Det er bekræftet, at I har læst det.")
    dks.open("/indbakke/")
    dks.sees_nothing_of("læs den igen")
