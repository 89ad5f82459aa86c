"""A worker at a case: its step line, its tabs, and everything that can be done from them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect
from tests.browser.desk import Desk

_WIDE = 1000


class CaseDesk:
    """One worker's view of one case, found by its number."""

    def __init__(self, desk: Desk, reference: str) -> None:
        self.desk = desk
        self.page = desk.page
        self.reference = reference

    def open(self) -> None:
        """The case's first page."""
        self.desk.open(f"/sager/{self.reference}/")

    def stands_at(self, number: int, name: str) -> None:
        """The step line says where the case stands, as it is drawn at this width."""
        self.open()
        if self.desk.width > _WIDE:
            current = self.page.get_by_role("list", name="Sagens trin").locator("[aria-current=step]")
            expect(current).to_have_count(1)
            expect(current).to_contain_text(name)
            expect(current).to_contain_text("nuværende trin")
        else:
            expect(self.page.get_by_role("main").locator("p:visible", has_text=f"Trin {number} af 9: {name}")).to_have_count(1)

    def has_ended(self, how: str) -> None:
        """No step is current, and the badge says how the case ended."""
        self.open()
        expect(self.page.locator("[aria-current=step]")).to_have_count(0)
        self.desk.sees(f"Afsluttet: {how}")

    @property
    def next(self) -> Locator:
        """The one primary button: what moves the case on."""
        return self.page.locator("#case-next")

    def go_on(self, name: str) -> None:
        """Open the form of the move that is offered now."""
        self.open()
        expect(self.next).to_have_text(name)
        with self.page.expect_navigation():
            self.next.click()
        expect(self.desk.heading).to_have_text(name)

    def do(self, name: str) -> None:
        """Open a form from »Flere handlinger«."""
        self.open()
        self.page.get_by_text("Flere handlinger", exact=True).click()
        self.desk.follow(name, within=self.page.locator(".app-menu__list"))
        expect(self.desk.heading).to_have_text(name)

    def look_at(self, tab: str) -> None:
        """Turn to a tab."""
        self.open()
        menu = self.page.get_by_role("navigation", name="Sagens sider")
        if self.desk.width < _WIDE:
            self.page.locator(".app-side summary").click()
        menu.get_by_role("link", name=re.compile(rf"^{tab}( \d+)?$")).click()
        expect(self.page.locator(".app-side [aria-current=page]")).to_contain_text(tab)

    def tabs(self) -> list[str]:
        """The names of the tabs, without their counts."""
        links = self.page.locator("nav[aria-label='Sagens sider'] a").all()
        return [re.sub(r"\s*\d+$", "", " ".join((link.text_content() or "").split())) for link in links]

    def do_on(self, tab: str, name: str, *, record: str = "") -> None:
        """Open a form from a tab; `record` is what the link's hidden words say of the record it is about."""
        self.look_at(tab)
        pattern = re.compile(rf"^{re.escape(name)}\s*: .*{re.escape(record)}" if record else rf"^{re.escape(name)}$")
        with self.page.expect_navigation():
            self.page.locator("#case-tab .col-lg-9").get_by_role("link", name=pattern).first.click()
        expect(self.desk.heading).to_have_text(name)


def take_in(desk: Desk, *, seen: str, label: str = "Ung voksen") -> CaseDesk:
    """A new case about one adult, taken in at an entry point: it stands at the second step."""
    desk.open("/henvendelser/ny/")
    fill_in_concern(desk, seen=seen, label=label)
    desk.press("Registrér henvendelsen")
    return CaseDesk(desk, reference_of(desk))


def fill_in_concern(desk: Desk, *, seen: str, label: str = "Ung voksen") -> None:
    """All that a concern about one adult needs."""
    desk.pick("Hvordan kom den?", "Lokal viden fra civilsamfundet")
    desk.pick("Hvem henvender sig?", "Civilsamfund")
    desk.fill("Hvad er set eller hørt?", seen)
    desk.mark("Hvor tæt er kilden på?", "Gengivet af andre")
    desk.fill("Personen omtales som", label)
    desk.pick("Alder, når fødselsdatoen ikke kendes", "18 år eller derover")


def reference_of(desk: Desk) -> str:
    """The number of the case whose page is shown."""
    found = re.fullmatch(r"/sager/(\d{4}-\d{4,})/", desk.path)
    assert found is not None, desk.path
    return found[1]
