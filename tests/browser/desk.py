"""A worker at a screen: pages are opened and forms filled in by what is written on them, as a person would."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from tests.browser.watch import Watch

_AXE = Path("node_modules/axe-core/axe.min.js")
_SETTLED_WIDTH = (
    "new Promise(tell => requestAnimationFrame(() => requestAnimationFrame(() => tell(document.documentElement.scrollWidth))))"
)
"""Two frames later: while a page is laid out anew, its anchor can hold it for one frame where it was."""
_NARROWEST = 320
_RUN_AXE = "axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")


class Desk:
    """One worker's window."""

    def __init__(self, page: Page, watch: Watch, *, role: str = "", runs_scripts: bool = True) -> None:
        self.page = page
        self.watch = watch
        self.role = role
        self.runs_scripts = runs_scripts

    # Going about

    def open(self, path: str) -> None:
        """Go to an address of the site."""
        self.page.goto(self.watch.site + path)

    @property
    def path(self) -> str:
        """The address without the site."""
        return self.page.url.removeprefix(self.watch.site)

    def follow(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Follow a link to another page by its words."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role("link", name=name, exact=exact).first.click()

    def press(self, name: str) -> None:
        """Press a button that sends something, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.button(name).click()

    def button(self, name: str) -> Locator:
        """A button of the page's content by its words."""
        return self.page.get_by_role("main").get_by_role("button", name=name, exact=True)

    def expecting(self, *statuses: int) -> AbstractContextManager[None]:
        """A block in which exactly these statuses of 400 and above are answered."""
        return self.watch.expecting(*statuses)

    # Filling in

    def field(self, label: str) -> Locator:
        """A field by its label, which may go on with »(frivilligt)«."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \(frivilligt\))?$"))

    def fill(self, label: str, text: str) -> None:
        """Write in a field in place of what stands there."""
        self.field(label).fill(text)

    def pick(self, label: str, option: str) -> None:
        """Choose from a drop-down."""
        self.field(label).select_option(label=option)

    def mark(self, group: str, *choices: str) -> None:
        """Mark radio buttons or boxes of a group."""
        for one in choices:
            self.group(group).get_by_label(one, exact=True).check()

    def group(self, legend: str) -> Locator:
        """A group of radio buttons or boxes by its legend."""
        return self.page.get_by_role("group", name=re.compile(rf"^{re.escape(legend)}( \(frivilligt\))?$"))

    # Looking

    @property
    def heading(self) -> Locator:
        """The one h1."""
        return self.page.get_by_role("heading", level=1)

    @property
    def status(self) -> Locator:
        """Where the page says what was done."""
        return self.page.locator("#status")

    def says(self, text: str) -> None:
        """The page has just said that something is done."""
        expect(self.status).to_contain_text(text)

    def sees(self, *texts: str) -> None:
        """Each text stands on the page."""
        for text in texts:
            assert text in self.text(), f"{text!r} does not stand on {self.path}"

    def sees_nothing_of(self, *texts: str) -> None:
        """None of the texts stands anywhere in the page's source, hidden or not."""
        source = self.page.content()
        for text in texts:
            assert text not in source, f"{text!r} stands on {self.path}"

    def text(self) -> str:
        """All words of the page's main part, folded-away ones too."""
        return " ".join((self.page.get_by_role("main").text_content() or "").split())

    def take_picture(self, file: Path) -> None:
        """The whole page as it looks."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=file, full_page=True, animations="disabled")

    # Checking

    def assert_accessible(self) -> None:
        """axe finds nothing, and there is one h1."""
        assert self.runs_scripts, "axe would wait for ever where scripts are switched off"
        assert self.heading.count() == 1, f"{self.heading.count()} h1 on {self.path}"
        self.page.evaluate(_axe())
        violations = self.page.evaluate(_RUN_AXE)
        found = [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in violations]
        assert found == [], f"{self.path} at {self.width}: {found}"

    def assert_fits(self, width: int = _NARROWEST) -> None:
        """The page does not scroll sideways at a width."""
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size({"width": width, "height": size["height"]})
        wanted = self.page.evaluate(_SETTLED_WIDTH if self.runs_scripts else "document.documentElement.scrollWidth")
        self.page.set_viewport_size(size)
        assert wanted <= width, f"{self.path} needs {wanted} at {width}"

    @property
    def width(self) -> int:
        """Of the window, in CSS pixels."""
        size = self.page.viewport_size
        assert size is not None
        return size["width"]
