"""Break-glass in the browser (B-025): an officer opens a case in an emergency, another sees it at once, closes and reviews it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.desk import Desk
from tests.browser.site import Sit, Site

pytestmark = pytest.mark.browser

PICTURES = Path("var/screenshots/break-glass")
REASON = "Faren ringer og siger, at sønnen er kørt til lufthavnen."
BANNER = "Du er her med nødadgang"
TABS = ("", "personer/", "tidslinje/", "opgaver/", "vurderinger/", "oplysninger/", "indsatser/", "videregivelser/")


def fill_in(desk: Desk, reference: str) -> None:
    """The form, with everything it asks for."""
    desk.open("/noedadgang/")
    desk.fill("Sagens nummer", reference)
    desk.mark("Hvad er nødsituationen?", "Frygt for, at nogen er ved at rejse ud")
    desk.fill("Hvorfor haster det?", REASON)
    desk.page.get_by_label("Jeg ved, at det ses med det samme").check()


def check(desk: Desk, name: str) -> None:
    """The page as it is now: axe, 320 px, and a picture."""
    if desk.runs_scripts:
        desk.assert_accessible()
    desk.assert_fits()
    desk.take_picture(PICTURES / f"{name}-{desk.width}.png")


@pytest.mark.req("B-025", part="in the browser: somebody opens, the desk shows it at once, another person reviews it")
@pytest.mark.parametrize("width", [1280, 390])
def test_an_officer_breaks_the_glass_and_another_reviews_it(example_site: Site, reference: str, sit: Sit, width: int) -> None:
    officer = sit(example_site, "dpo", width=width)
    with officer.expecting(404):
        officer.open(f"/sager/{reference}/")
    fill_in(officer, "1999-0001")
    with officer.expecting(422):
        officer.press("Åbn sagen nu")
    expect(officer.page.locator("#error-summary")).to_contain_text("Der blev ikke åbnet nogen sag")
    check(officer, "form-refused")
    fill_in(officer, reference)
    officer.press("Åbn sagen nu")
    assert officer.path == f"/sager/{reference}/"
    officer.says("Sagen er åben for dig")
    for tab in TABS:
        officer.open(f"/sager/{reference}/{tab}")
        officer.sees(BANNER, "Åben til", "Frygt for, at nogen er ved at rejse ud")
    officer.open(f"/sager/{reference}/")
    check(officer, "case")
    officer.open("/noedadgang/")
    officer.sees("Åbne for dig nu")
    check(officer, "form-with-running")

    other = sit(example_site, "dpo-vikar", width=width)
    other.open("/tilsyn/")
    other.sees("Åbne nu: 1")
    check(other, "desk")
    other.follow("Se nødadgangene")
    other.sees("Databeskyttelsesrådgiver", "Åben nu")
    check(other, "list")
    with other.page.expect_navigation():
        other.page.get_by_role("link", name=re.compile(r"^Gennemgå\s*: Databeskyttelsesrådgiver,")).click()
    other.sees(REASON, "Åbnede sagen med nødadgang", "Så en side i sagen")
    check(other, "open")
    other.press("Luk nødadgangen nu")
    other.says("Nødadgangen er lukket")
    with other.expecting(422):
        other.press("Gem gennemgangen")
    check(other, "review-errors")
    other.mark("Var nødadgangen berettiget?", "Berettiget")
    other.fill("Hvorfor?", "Opkaldet er bekræftet, og ingen kollega kunne nås.")
    other.press("Gem gennemgangen")
    assert other.path == "/tilsyn/noedadgang/"
    other.open("/tilsyn/noedadgang/?vis=gennemgaaet")
    other.sees("Berettiget", "Databeskyttelsesrådgiverens stedfortræder")
    check(other, "reviewed-list")
    with other.page.expect_navigation():
        other.page.get_by_role("link", name=re.compile(r"^Se\s*: ")).first.click()
    expect(other.heading).to_have_text("Gennemgå en nødadgang")
    check(other, "reviewed")
    with officer.expecting(404):
        officer.open(f"/sager/{reference}/")


@pytest.mark.req("B-025", part="without JavaScript, by the keyboard alone")
def test_a_worker_breaks_the_glass_by_keyboard_without_scripts(example_site: Site, reference: str, sit: Sit) -> None:
    desk = sit(example_site, "vink-kollega", width=390, java_script_enabled=False)
    desk.open("/noedadgang/")
    keys = desk.page.keyboard
    desk.field("Sagens nummer").focus()
    keys.type(reference)
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.type(REASON)
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    with desk.page.expect_navigation():
        keys.press("Enter")
    assert desk.path == f"/sager/{reference}/"
    desk.sees(BANNER, "Fare for liv eller førlighed")
    desk.open(f"/sager/{reference}/goer/alarm/")
    desk.sees(BANNER)
    with desk.expecting(409):
        desk.open(f"/sager/{reference}/goer/giv-adgang/")
    desk.sees("Du har kun nødadgang til sagen")
    desk.open("/noedadgang/")
    desk.press(f"Luk {reference} nu")
    with desk.expecting(404):
        desk.open(f"/sager/{reference}/")
