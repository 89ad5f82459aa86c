"""What people do to a form: click twice, go back, keep two tabs open, write too much, lose the session or have no JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.case_desk import CaseDesk, fill_in_concern, reference_of, take_in
from tests.browser.desk import Desk
from tests.browser.site import Sit, Site

from forebyg.access.sign_in import DEMO_PASSWORD
from forebyg.cases.rules import AlreadyDone, MoveNotLegal, StaleCase
from forebyg.cases.states import MOVES, Step

pytestmark = pytest.mark.browser

SEEN = "Der er set opslag med trusler mod en nabo."
LONGEST = 20_000
_SENT = "[...new FormData(document.querySelector('form.app-form'))].map(([name, value]) => ({name, value}))"


def test_a_double_click_is_done_once(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink")
    before = number_of_cases(desk)
    desk.open("/henvendelser/ny/")
    fill_in_concern(desk, seen=SEEN)
    with desk.page.expect_navigation():
        desk.button("Registrér henvendelsen").dblclick()
    reference_of(desk)
    assert number_of_cases(desk) == before + 1


def test_a_double_click_is_done_once_without_javascript_too(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink", java_script_enabled=False)
    before = number_of_cases(desk)
    desk.open("/henvendelser/ny/")
    fill_in_concern(desk, seen=SEEN)
    with desk.page.expect_navigation():
        desk.button("Registrér henvendelsen").dblclick()
    assert number_of_cases(desk) == before + 1


def test_a_form_sent_anew_is_done_once(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink")
    case = take_in(desk, seen=SEEN)
    case.do("Ny opgave")
    desk.fill("Hvad skal gøres?", "Ring til skolen.")
    form = {one["name"]: one["value"] for one in desk.page.evaluate(_SENT)}
    desk.press("Gem")
    desk.says("Opgaven er oprettet.")
    headers = {"Referer": desk.page.url}
    answer = desk.page.request.post(f"{empty_site.address}/sager/{case.reference}/goer/opgave/", form=form, headers=headers)
    assert AlreadyDone().sentence in answer.text()
    case.look_at("Opgaver og frister")
    expect(desk.page.get_by_role("main").get_by_text("Ring til skolen.", exact=True)).to_have_count(1)


def test_an_old_tab_is_shown_the_newer_state_and_keeps_its_text(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink")
    case = take_in(desk, seen=SEEN)
    case.go_on("Bring sagen til enheden")
    desk.press("Bring til enheden")
    case.go_on("Registrér drøftelsen")
    old_tab = Desk(desk.page.context.new_page(), desk.watch)
    CaseDesk(old_tab, case.reference).go_on("Registrér drøftelsen")
    for tab, words in ((desk, "Skrevet først."), (old_tab, "Skrevet bagefter.")):
        tab.mark("Hvem deltog?", "VINK")
        tab.fill("Hvad førte drøftelsen til?", words)
    desk.press("Gem")
    desk.says("Drøftelsen er registreret.")
    with old_tab.expecting(409):
        old_tab.press("Gem")
    expect(old_tab.page.get_by_role("alert")).to_be_focused()
    old_tab.sees(StaleCase().sentence, "Trin 4 af 9: Første vurdering")
    expect(old_tab.field("Hvad førte drøftelsen til?")).to_have_value("Skrevet bagefter.")
    old_tab.assert_accessible()
    with old_tab.expecting(409):
        old_tab.press("Gem")
    old_tab.sees(MoveNotLegal(MOVES["discussed"], Step.FIRST_ASSESSMENT).sentence)
    case.look_at("Vurderinger")
    desk.sees("Skrevet først.")
    desk.sees_nothing_of("Skrevet bagefter.")


def test_a_draft_is_kept_while_one_writes_and_only_for_oneself(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink")
    case = take_in(desk, seen=SEEN)
    case.do("Skriv en oplysning")
    desk.fill("Oplysning", "Halvt skrevet")
    desk.mark("Hvad slags oplysning er det?", "Påstand")
    expect(desk.page.get_by_text("Kladde gemt kl.")).to_be_visible()
    desk.page.close()
    again = Desk(desk.page.context.new_page(), desk.watch)
    CaseDesk(again, case.reference).do("Skriv en oplysning")
    expect(again.field("Oplysning")).to_have_value("Halvt skrevet")
    expect(again.page.get_by_label("Påstand")).to_be_checked()
    again.open("/sager/")
    again.sees_nothing_of("Halvt skrevet")
    again.open("/henvendelser/ny/")
    expect(again.field("Hvad er set eller hørt?")).to_have_value("")


def test_too_long_a_text_is_told_of_and_not_cut(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink")
    case = take_in(desk, seen=SEEN)
    case.do("Skriv en oplysning")
    desk.mark("Hvad slags oplysning er det?", "Iagttagelse")
    desk.mark("Hvem handler det om?", "Ung voksen")
    desk.pick("Hvor kommer den fra?", "Eget arbejde med sagen")
    desk.mark("Hvor tæt er kilden på?", "Set eller hørt selv")
    desk.mark("Taler den for risiko eller beskyttelse?", "Beskyttende forhold")
    words = "Æ" * 50_000
    desk.fill("Oplysning", words)
    with desk.expecting(422):
        desk.press("Gem")
    expect(desk.page.get_by_role("alert")).to_contain_text("20000")
    expect(desk.page.get_by_role("alert")).to_contain_text("50000")
    expect(desk.field("Oplysning")).to_have_value(words)
    desk.assert_accessible()
    desk.fill("Oplysning", words[:LONGEST])
    desk.press("Gem")
    desk.says("Oplysningen er gemt.")


def test_a_draft_beyond_all_measure_is_refused_without_a_crash(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink")
    desk.open("/henvendelser/ny/")
    with desk.expecting(409):
        desk.fill("Hvad er set eller hørt?", "Æ" * 100_000)
        expect(desk.page.get_by_text("Kladden kunne ikke gemmes.")).to_be_visible()
    desk.page.close()


def test_without_javascript_a_case_is_taken_in_and_moved_on(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink", java_script_enabled=False)
    desk.open("/")
    desk.page.get_by_role("navigation", name="Hovedmenu", exact=True).get_by_role("link", name="Ny henvendelse").click()
    with desk.expecting(422):
        desk.press("Registrér henvendelsen")
    desk.sees("Der er fejl i")
    fill_in_concern(desk, seen=SEEN)
    desk.press("Tilføj en person til")
    expect(desk.field("Hvad er set eller hørt?")).to_have_value(SEEN)
    desk.fill("Person 2 omtales som", "Mor")
    desk.mark("Person 2: rolle i sagen", "Forælder eller værge")
    desk.press("Gem kladde")
    desk.says("Kladden er gemt.")
    desk.open("/henvendelser/ny/")
    expect(desk.field("Person 2 omtales som")).to_have_value("Mor")
    desk.press("Registrér henvendelsen")
    case = CaseDesk(desk, reference_of(desk))
    case.stands_at(2, "Modtagelse")
    case.go_on("Bring sagen til enheden")
    desk.press("Bring til enheden")
    case.stands_at(3, "Drøftelse i enheden")
    for tab in case.tabs():
        case.open()
        desk.page.get_by_role("navigation", name="Sagens sider").get_by_role(
            "link", name=re.compile(rf"^{tab}( \d+)?$")
        ).click()
        expect(desk.page.locator(".app-side [aria-current=page]")).to_contain_text(tab)
    raise_and_end_an_alarm(case)


def raise_and_end_an_alarm(case: CaseDesk) -> None:
    desk = case.desk
    case.do("Slå alarm")
    desk.mark("Hvad frygtes?", "Frygt for vold")
    desk.mark("Hvem handler det om?", "Ung voksen")
    desk.fill("Hvad er set eller hørt?", "Der er købt en kniv.")
    desk.press("Slå alarm")
    desk.says("Alarmen er registreret.")
    case.open()
    desk.page.get_by_role("main").get_by_role("link", name="Afslut alarmen").first.click()
    desk.fill("Hvordan blev det afklaret?", "Kniven var til køkkenet.")
    desk.press("Afslut alarmen")
    desk.says("Alarmen er afsluttet.")


def test_a_lost_session_leads_back_to_the_form_and_its_text(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "ssp")
    desk.open("/henvendelser/ny/")
    fill_in_concern(desk, seen="Skrevet, før sessionen udløb.")
    expect(desk.page.get_by_text("Kladde gemt kl.")).to_be_visible()
    desk.page.context.clear_cookies(name="forebyg")
    desk.press("Registrér henvendelsen")
    assert desk.path == "/konto/log-paa/?next=/henvendelser/ny/"
    sign_in(desk, "ssp")
    assert desk.path == "/henvendelser/ny/"
    expect(desk.field("Hvad er set eller hørt?")).to_have_value("Skrevet, før sessionen udløb.")
    desk.press("Registrér henvendelsen")
    reference_of(desk)


def test_the_session_warns_before_it_ends(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "dks")
    desk.page.clock.install()
    desk.open("/indbakke/")
    warning = desk.page.get_by_role("dialog", name="Du bliver snart logget af")
    desk.page.clock.fast_forward("27:00")
    expect(warning).to_be_hidden()
    desk.page.clock.fast_forward("01:05")
    expect(warning).to_be_visible()
    desk.assert_accessible()
    with desk.page.expect_response("**/konto/session/") as kept:
        warning.get_by_role("button", name="Bliv logget på").click()
    assert kept.value.status == 204
    expect(warning).to_be_hidden()
    desk.page.context.clear_cookies(name="forebyg")
    with desk.page.expect_navigation():
        desk.page.clock.fast_forward("31:00")
    expect(desk.heading).to_have_text("Log på Forebyg")


def test_back_and_forward_turn_the_tabs_of_a_case(empty_site: Site, sit: Sit) -> None:
    desk = sit(empty_site, "vink")
    case = take_in(desk, seen=SEEN)
    case.look_at("Tidslinje")
    assert desk.path == f"/sager/{case.reference}/tidslinje/"
    case.page.get_by_role("navigation", name="Sagens sider").get_by_role("link", name=re.compile("^Personer")).click()
    expect(desk.page.get_by_role("heading", level=2, name="Personer")).to_be_visible()
    desk.page.go_back()
    expect(desk.page.locator(".app-side [aria-current=page]")).to_contain_text("Tidslinje")
    desk.page.go_forward()
    expect(desk.page.get_by_role("heading", level=2, name="Personer")).to_be_visible()


def sign_in(desk: Desk, role: str) -> None:
    desk.page.get_by_label("E-mailadresse").fill(f"{role}@forebyg.example")
    desk.page.get_by_label("Adgangskode").fill(DEMO_PASSWORD)
    with desk.page.expect_navigation():
        desk.page.get_by_label("Adgangskode").press("Enter")


def number_of_cases(desk: Desk) -> int:
    desk.open("/sager/")
    return desk.page.get_by_role("main").locator("tbody tr").count()
