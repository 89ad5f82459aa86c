"""Signing in and out, the language, and the warning before the session ends."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.site import Sit, Site

from forebyg.access.sign_in import DEMO_PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_sign_in_says_what_is_wrong_and_then_lets_in(empty_site: Site, sit: Sit, width: int) -> None:
    desk = sit(empty_site, width=width)
    desk.open("/")
    assert desk.path.startswith("/konto/log-paa/?next=/")
    desk.assert_accessible()
    desk.assert_fits()
    desk.page.get_by_label("E-mailadresse").fill("vink@forebyg.example")
    desk.page.get_by_label("Adgangskode").fill("forkert")
    with desk.expecting(422):
        desk.page.get_by_label("Adgangskode").press("Enter")
        expect(desk.page.get_by_role("alert")).to_be_focused()
    desk.assert_accessible()
    desk.page.get_by_label("Adgangskode").fill(DEMO_PASSWORD)
    with desk.page.expect_navigation():
        desk.page.get_by_label("Adgangskode").press("Enter")
    assert desk.path == "/indbakke/"
    if width > 1000:
        desk.page.get_by_role("button", name="Log af").click()
    else:
        desk.page.get_by_role("button", name="Menu").click()
        desk.page.get_by_role("dialog").get_by_role("button", name="Log af").click()
    expect(desk.heading).to_have_text("Log på Forebyg")
    desk.open("/indbakke/")
    assert desk.path.startswith("/konto/log-paa/")


def test_the_language_is_chosen_once_and_stays(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink")
    desk.open("/indbakke/")
    expect(desk.page.locator("html")).to_have_attribute("lang", "da")
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="English").click()
    assert desk.path == "/indbakke/"
    expect(desk.page.locator("html")).to_have_attribute("lang", "en")
    expect(desk.heading).to_have_text("My inbox")
    desk.assert_accessible()
    desk.open("/henvendelser/ny/")
    expect(desk.heading).to_have_text("New concern")
    expect(desk.page.get_by_role("navigation", name="Main menu", exact=True)).to_be_visible()
    desk.assert_accessible()
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Dansk").click()
    expect(desk.heading).to_have_text("Ny henvendelse")
