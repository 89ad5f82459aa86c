"""A document on its way: chosen, sent, listed, looked at, fetched and corrected in a real browser, against the real web process."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.browser.site import Sit, Site

from forebyg.cases.tests.files import a_pdf, a_png

pytestmark = pytest.mark.browser

PICTURES = Path("var/screenshots/vink")
NAME = "Brev fra skolen.pdf"
SHOWN = "document.querySelector('img.app-document').naturalWidth"


def a_file(content: bytes, name: str = NAME) -> dict[str, object]:
    """A file as a person has it on the own machine."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


@pytest.mark.parametrize("with_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_document_is_sent_looked_at_fetched_and_corrected(
    example_site: Site, reference: str, sit: Sit, with_scripts: bool
) -> None:
    desk = sit(example_site, "vink", java_script_enabled=with_scripts)
    desk.open(f"/sager/{reference}/oplysninger/")
    desk.follow("Tilføj et dokument")
    desk.mark("Hvem handler det om?", "Søn")
    desk.page.get_by_label("Fil", exact=True).set_input_files(a_file(b"MZ\x90\x00 et program"))  # type: ignore[arg-type]
    with desk.expecting(422):
        desk.press("Gem")
    desk.sees("Filens indhold er ikke af en slags, der tages imod.")
    if with_scripts:
        desk.assert_accessible()
        desk.assert_fits()
    desk.page.get_by_label("Fil", exact=True).set_input_files(a_file(a_pdf("Side et", "Side to")))  # type: ignore[arg-type]
    desk.press("Gem")
    desk.says("Dokumentet er gemt.")
    desk.follow(NAME)
    desk.sees("Side 1 af 2", "PDF-dokument", "Kun os")
    desk.follow("Næste", exact=False)
    desk.sees("Side 2 af 2")
    if with_scripts:
        desk.page.wait_for_function(f"{SHOWN} === 1240")
        desk.assert_accessible()
        desk.assert_fits()
    with desk.page.expect_download() as fetched:
        desk.page.get_by_role("link", name="Hent filen").click()
    assert fetched.value.suggested_filename == NAME
    assert fetched.value.path().read_bytes() == a_pdf("Side et", "Side to")
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name=re.compile(r"^Ret\s*:")).click()
    desk.fill("Hvorfor rettes det?", "Det var den forkerte side.")
    desk.page.get_by_label("Ny fil i stedet for den nuværende").set_input_files(a_file(a_png(600, 200), "Side.png"))  # type: ignore[arg-type]
    desk.press("Gem rettelsen")
    desk.says("Rettelsen er gemt")
    desk.follow("Side.png")
    desk.sees("Rettet", "PNG-billede")
    if with_scripts:
        desk.page.wait_for_function(f"{SHOWN} === 600")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_document_by_keyboard_and_as_it_looks(example_site: Site, reference: str, sit: Sit, width: int) -> None:
    desk = sit(example_site, "vink", width=width)
    desk.open(f"/sager/{reference}/oplysninger/#dokumenter")
    link = desk.page.get_by_role("link", name="Referat af hjemmebesøget.pdf").first
    desk.assert_accessible()
    desk.assert_fits()
    desk.take_picture(PICTURES / f"dokumenter-liste-{width}.png")
    link.focus()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    desk.page.wait_for_function(f"{SHOWN} === 1240")
    desk.assert_accessible()
    desk.assert_fits()
    desk.take_picture(PICTURES / f"dokument-{width}.png")
    desk.open(f"/sager/{reference}/goer/dokument/")
    desk.assert_accessible()
    desk.assert_fits()
    desk.take_picture(PICTURES / f"dokument-formular-{width}.png")
