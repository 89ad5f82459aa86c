"""Without a mouse: sign in, take in a concern, find it in the list and move it on, by the keys alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.desk import Desk
from tests.browser.site import Sit, Site

from forebyg.access.sign_in import DEMO_PASSWORD

pytestmark = pytest.mark.browser

FARTHEST = 80
"""Tabs that anything on a page may be away."""

_FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const name = (element.labels && element.labels[0] ? element.labels[0].textContent : '') || element.getAttribute('aria-label')
    || element.textContent || '';
  const style = getComputedStyle(element);
  const mark = element.matches('[type=radio], [type=checkbox]') ? getComputedStyle(element.labels[0], '::before') : style;
  const marked = [style, mark].some((one) => (one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) > 0)
    || one.boxShadow !== 'none');
  const isPicker = element.matches('[type^=date]') && !element.matches(':focus');
  return {name: name.trim().replace(/\\s+/g, ' '), id: element.id, marked: marked || isPicker};
}"""
"""What has the focus, and whether it shows. The button of a date's calendar is the browser's own, and so is its mark."""


@pytest.mark.parametrize("width", [1280, 390])
def test_a_concern_is_taken_in_and_moved_by_keys_alone(empty_site: Site, sit: Sit, width: int) -> None:
    desk = sit(empty_site, width=width)
    desk.open("/")
    go_to(desk, "E-mailadresse")
    desk.page.keyboard.type("dks@forebyg.example")
    go_to(desk, "Adgangskode")
    desk.page.keyboard.type(DEMO_PASSWORD)
    send(desk, "Enter")
    expect(desk.heading).to_have_text("Min indbakke")

    skip_to_the_content(desk)
    go_to(desk, "Ny henvendelse")
    send(desk, "Enter")
    go_to(desk, "Registrér henvendelsen")
    with desk.expecting(422):
        send(desk, "Enter")
    follow_the_first_error(desk, "Hvordan kom den?")
    desk.page.keyboard.type("Direkte henvendelse til DKS")
    go_to(desk, "Hvem henvender sig?")
    desk.page.keyboard.type("Frontmedarbejder")
    go_to(desk, "Hvad er set eller hørt?")
    desk.page.keyboard.type("Personen har truet en kollega.")
    go_to(desk, "Set eller hørt selv")
    desk.page.keyboard.press("Space")
    desk.page.keyboard.press("ArrowDown")
    expect(desk.page.get_by_label("Gengivet af andre")).to_be_checked()
    go_to(desk, "Personen omtales som")
    desk.page.keyboard.type("Ung voksen")
    go_to(desk, "Involveret")
    desk.page.keyboard.press("Space")
    expect(desk.page.get_by_label("Involveret")).to_be_checked()
    desk.page.keyboard.press("Space")
    go_to(desk, "Registrér henvendelsen")
    send(desk, "Space")
    desk.says("Henvendelsen er registreret som sag")

    go_to(desk, "Bring sagen til enheden")
    send(desk, "Enter")
    go_to(desk, "Bring til enheden")
    send(desk, "Enter")
    desk.says("Sagen er på enhedens dagsorden.")

    if width > 1000:
        turn_to_a_tab(desk)
        use_the_menu_of_acts(desk)
        go_down_the_list(desk)


def go_to(desk: Desk, name: str) -> None:
    """Press Tab until the focus is on what has this name. Wherever it comes, it shows."""
    for _ in range(FARTHEST):
        desk.page.keyboard.press("Tab")
        focused = desk.page.evaluate(_FOCUS)
        if focused is None:
            continue
        assert focused["marked"], f"the focus does not show on {focused['name'] or focused['id']} of {desk.path}"
        if re.match(rf"{re.escape(name)}( \(frivilligt\))?( \d+)?$", focused["name"]):
            return
    raise AssertionError(f"{name} is not reached by Tab on {desk.path}")


def send(desk: Desk, key: str) -> None:
    with desk.page.expect_navigation():
        desk.page.keyboard.press(key)


def skip_to_the_content(desk: Desk) -> None:
    """The first Tab of a page gives the skip link, which leads past the menu."""
    desk.page.reload()
    desk.page.keyboard.press("Tab")
    skip = desk.page.get_by_role("link", name="Gå til sidens indhold")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("main")).to_be_focused()


def follow_the_first_error(desk: Desk, label: str) -> None:
    """The error summary has the focus; its first link leads to the field."""
    expect(desk.page.get_by_role("alert")).to_be_focused()
    assert desk.page.title().startswith("Fejl:")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(desk.field(label)).to_be_focused()
    expect(desk.field(label)).to_have_attribute("aria-invalid", "true")


def turn_to_a_tab(desk: Desk) -> None:
    """A tab of the case is exchanged in place; the focus stays on the line of the menu."""
    go_to(desk, "Vurderinger")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("heading", name="Kvalificering")).to_be_visible()
    expect(desk.page.locator(":focus")).to_have_attribute("aria-current", "page")


def use_the_menu_of_acts(desk: Desk) -> None:
    """»Flere handlinger« opens by Enter and closes by Escape, back to where one was."""
    desk.page.reload()
    go_to(desk, "Flere handlinger")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".app-menu__list")).to_be_visible()
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".app-menu__list")).to_be_hidden()
    expect(desk.page.locator(".app-menu__summary")).to_be_focused()


def go_down_the_list(desk: Desk) -> None:
    """j goes to the next row of a list, Enter opens it."""
    desk.open("/sager/")
    desk.page.keyboard.press("j")
    send(desk, "Enter")
    assert re.fullmatch(r"/sager/\d{4}-\d+/", desk.path)
