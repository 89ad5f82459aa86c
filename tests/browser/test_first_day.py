"""The first day of a new worker: the link, the password, the second factor; and signing in with what was set up."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, expect
from tests.browser.desk import Desk
from tests.browser.server import serving
from tests.browser.site import Sit, Site
from tests.database import clone, database_of_this_process

from forebyg.access.sign_in import DEMO_PASSWORD
from forebyg.cli.demo_cast import address_of

pytestmark = pytest.mark.browser

PASSWORD = "fire-heste-i-en-ladcykel"
NEW = "ny@example.dk"
HALF_MINUTE = 30  # seconds


@pytest.fixture
def strict_site(django_db_setup: None, chromium: Browser) -> Iterator[Site]:
    """The site with the cast and no case, where the second factor is required. By name: passkeys know no numbers."""
    name = f"{database_of_this_process()}_strict"
    clone(name)
    with serving(name, second_factor="required") as address:
        yield Site(address.replace("127.0.0.1", "localhost"), chromium)


class App:
    """The app on a worker's telephone. It waits for a code that was not used yet, as a person does."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.replace(" ", "")
        self._used = 0

    def code(self) -> str:
        while (step := int(time.time()) // HALF_MINUTE) == self._used:
            time.sleep(0.2)
        self._used = step
        return format_hotp_value(hotp_value(self._secret, step))


def look(desk: Desk) -> None:
    """Nothing for axe to find, at both widths, and nothing sideways."""
    for width in (1280, 390):
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.assert_accessible()
    desk.assert_fits()
    desk.page.set_viewport_size({"width": 1280, "height": 900})


def sign_in(desk: Desk, address: str, password: str) -> None:
    desk.open("/konto/log-paa/")
    desk.fill("E-mailadresse", address)
    desk.fill("Adgangskode", password)
    with desk.page.expect_navigation():
        desk.field("Adgangskode").press("Enter")


def set_up_app(desk: Desk) -> App:
    """From the page that asks for it to the recovery codes."""
    expect(desk.heading).to_have_text("To-trinsbekræftelse")
    look(desk)
    desk.follow("Sæt appen op")
    look(desk)
    app = App(desk.page.locator(".app-secret").inner_text())
    desk.fill("Kode", "000000")
    with desk.expecting(422):
        desk.press("Gem appen")
    expect(desk.page.get_by_role("alert")).to_be_focused()
    assert app._secret == desk.page.locator(".app-secret").inner_text().replace(" ", "")
    desk.fill("Kode", app.code())
    desk.press("Gem appen")
    expect(desk.heading).to_have_text("Reservekoder")
    return app


def invite(desk: Desk) -> str:
    """An administrator makes an account; the path of its link."""
    sign_in(desk, address_of("administrator"), DEMO_PASSWORD)
    set_up_app(desk)
    desk.follow("Medarbejdere")
    look(desk)
    desk.follow("Ny medarbejder")
    look(desk)
    desk.fill("Navn", "Ny Medarbejder")
    desk.fill("E-mailadresse", NEW)
    desk.pick("Myndighed", "VINK")
    desk.mark("Roller", "VINK")
    desk.press("Opret kontoen")
    expect(desk.heading).to_have_text("Link til Ny Medarbejder")
    look(desk)
    return urlsplit(desk.page.locator("#first-use-link").inner_text()).path


@pytest.mark.req("R-214", part="an account is taken into use and signs in with two factors")
def test_a_new_worker_takes_the_account_into_use_and_signs_in_with_a_code(strict_site: Site, sit: Sit) -> None:
    link = invite(sit(strict_site))
    desk = sit(strict_site)
    desk.open(link)
    assert desk.path == "/konto/foerste-gang/"
    look(desk)
    desk.fill("Adgangskode", PASSWORD)
    desk.fill("Adgangskode igen", PASSWORD)
    desk.press("Gem adgangskoden")
    desk.open("/sager/")
    assert desk.path == "/konto/to-trin/"
    app = set_up_app(desk)
    look(desk)
    codes = re.findall(r"\d{4} \d{4}", desk.page.locator(".app-recovery-codes").inner_text())
    assert len(codes) == 10
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Gem som fil").click()
    assert codes[0].replace(" ", "") in download.value.path().read_text()
    desk.follow("Jeg har gemt koderne")
    assert desk.path == "/indbakke/"

    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Log af").click()
    sign_in(desk, NEW, PASSWORD)
    expect(desk.heading).to_have_text("Log på: andet trin")
    look(desk)
    desk.fill("Kode", app.code())
    desk.press("Log på")
    assert desk.path == "/indbakke/"

    for path in ("/konto/", "/konto/to-trin/", "/konto/steder/"):
        desk.open(path)
        look(desk)
    desk.open("/konto/to-trin/reservekoder/nye/")
    assert desk.path.startswith("/konto/bekraeft/kode/")
    look(desk)
    desk.fill("Kode", codes[1])
    desk.press("Fortsæt")
    look(desk)
    desk.press("Lav nye koder")
    assert not set(codes) & set(re.findall(r"\d{4} \d{4}", desk.page.locator(".app-recovery-codes").inner_text()))
    desk.page.reload()
    expect(desk.page.locator("main")).to_contain_text("Du har 10 koder tilbage.")
    look(desk)
    desk.open("/konto/to-trin/app/fjern/")
    look(desk)

    late = sit(strict_site)
    with late.expecting(409):
        late.open(link)
    look(late)


def test_setting_up_the_app_needs_no_javascript(strict_site: Site, sit: Sit) -> None:
    desk = sit(strict_site, java_script_enabled=False)
    sign_in(desk, address_of("vink"), DEMO_PASSWORD)
    desk.follow("Sæt appen op")
    app = App(desk.page.locator(".app-secret").inner_text())
    desk.fill("Kode", app.code())
    desk.press("Gem appen")
    desk.follow("Jeg har gemt koderne")
    assert desk.path == "/indbakke/"
    desk.open("/konto/to-trin/adgangsnoegle/")
    expect(desk.page.get_by_text("Adgangsnøgler kræver JavaScript")).to_be_visible()
    expect(desk.page.get_by_role("button", name="Opret adgangsnøgle")).to_be_hidden()


def test_a_passkey_is_set_up_and_signs_in_by_itself(strict_site: Site, sit: Sit) -> None:
    desk = sit(strict_site)
    devtools = desk.page.context.new_cdp_session(desk.page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    verified = {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | verified})
    sign_in(desk, address_of("dks"), DEMO_PASSWORD)
    desk.follow("Opret en adgangsnøgle")
    look(desk)
    desk.fill("Navn", "Arbejdsmobil")
    desk.page.get_by_label("Brug den også i stedet for adgangskoden").check()
    desk.press("Opret adgangsnøgle")
    expect(desk.heading).to_have_text("Reservekoder")
    desk.open("/konto/to-trin/")
    desk.sees("Arbejdsmobil", "Bruges også i stedet for adgangskoden.")
    look(desk)

    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Log af").click()
    desk.press("Log på med adgangsnøgle")
    assert desk.path == "/indbakke/"

    desk.open("/konto/to-trin/")
    desk.follow("Fjern Arbejdsmobil")
    assert desk.path.startswith("/konto/bekraeft/")
    if "/adgangsnoegle/" not in desk.path:
        desk.follow("Brug en adgangsnøgle i stedet")
    look(desk)
    desk.press("Brug adgangsnøgle")
    look(desk)
    desk.press("Fjern adgangsnøglen")
    desk.sees("Arbejdsmobil")  # the last one stays
    expect(desk.status).to_contain_text("Du skal have mindst én.")

    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Log af").click()
    sign_in(desk, address_of("dks"), DEMO_PASSWORD)
    look(desk)
    desk.press("Brug adgangsnøgle i stedet")
    assert desk.path == "/indbakke/"
