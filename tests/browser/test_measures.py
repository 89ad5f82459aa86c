"""A decision under the law, a contact to a parent and a wish not to be asked again, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browser.desk import Desk
from tests.browser.site import Sit, Site

pytestmark = pytest.mark.browser

PICTURES = Path("var/screenshots/measures")
SON, FATHER = "Søn", "Far"
DECIDED = "Vi opsøger den unge på hans skole og tilbyder en samtale."
SIGNS = "Den unge er set sammen med kendte medlemmer af gruppen tre fredage i træk."
SAID = "Faren vil tale med sin søn og ringer igen på mandag."


def _look(desk: Desk, name: str) -> None:
    desk.assert_accessible()
    desk.assert_fits()
    desk.take_picture(PICTURES / f"{name}-{desk.width}.png")


@pytest.mark.req("R-094", "R-096", part="in the browser: what is missing is told, and a decision is shown with its provision")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_decision_is_judged_before_it_is_saved(example_site: Site, reference: str, sit: Sit, width: int) -> None:
    desk = sit(example_site, "vink", width=width)
    desk.open(f"/sager/{reference}/indsatser/")
    desk.follow("Registrér en afgørelse")
    _look(desk, "afgoerelse")
    desk.mark("Hvem gælder afgørelsen?", SON)
    desk.pick("Hvad er der truffet afgørelse om?", "Forældrepålæg (barnets lovs § 38)")
    desk.press("Se, hvad loven siger")
    desk.sees("Ikke lovligt", "Det afgør en anden myndighed.")
    _look(desk, "ikke-lovligt")
    desk.pick("Hvad er der truffet afgørelse om?", "Opsøgende kontakt (servicelovens § 12 b)")
    desk.press("Se, hvad loven siger")
    desk.sees("Lovligt", "Hjælp og rådgivning, ikke kontrol", "demo – ingen jurist har godkendt den")
    _look(desk, "lovligt")
    desk.fill("Hvad er besluttet og hvorfor?", DECIDED)
    desk.press("Gem afgørelsen")
    desk.says("Afgørelsen er gemt.")
    desk.sees("Afgørelser efter loven", DECIDED, "Servicelovens § 12 b")
    _look(desk, "indsatser")


@pytest.mark.req("R-109", part="in the browser")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_parent_is_contacted(example_site: Site, reference: str, sit: Sit, width: int) -> None:
    desk = sit(example_site, "vink", width=width)
    desk.open(f"/sager/{reference}/videregivelser/")
    desk.follow("Kontakt en forælder")
    desk.sees("må kun politiet fortælle forældrene det uden samtykke")
    desk.pick("Hvilken ung drejer det sig om?", SON)
    desk.pick("Hvilken forælder?", FATHER)
    desk.fill("Hvilke tegn er der set?", SIGNS)
    _look(desk, "kontakt")
    desk.press("Se, hvad loven siger")
    desk.sees("Lovligt")
    _look(desk, "kontakt-lovlig")
    desk.fill("Hvad blev der sagt og aftalt?", SAID)
    desk.press("Gem kontakten")
    desk.says("Kontakten er registreret.")
    desk.sees(SIGNS, SAID)
    _look(desk, "videregivelser")


@pytest.mark.req("B-031", part="in the browser: the wish not to be asked again, and the group shown apart")
@pytest.mark.parametrize("width", [1280, 390])
def test_who_does_not_want_to_be_asked_again_is_shown_apart(example_site: Site, reference: str, sit: Sit, width: int) -> None:
    desk, board = sit(example_site, "vink", width=width), sit(example_site, "sekretariat", width=width)
    desk.open(f"/sager/{reference}/indsatser/")
    desk.follow("Registrér svaret på tilbuddet", exact=False)
    desk.mark("Svar", "Nej tak")
    desk.page.get_by_role("group", name="Hvem svarede?").get_by_role("radio").first.check()
    desk.page.get_by_label("Vil ikke spørges igen").check()
    _look(desk, "svar")
    desk.press("Gem svaret")
    desk.sees("Vil ikke spørges igen:")
    _look(desk, "vil-ikke-spoerges")
    board.open("/tavle/")
    board.sees("Vil ikke spørges igen: færre end 5 (tælles for sig)")
    _look(board, "tavle")
