"""Four workers, four case pages of one case: the example case on day 130 as each agency's law lets it be seen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.case_desk import CaseDesk
from tests.browser.site import Sit, Site

pytestmark = pytest.mark.browser

FATHER, SON, DAUGHTER = "Far", "Søn", "Datter"
EVERY_TAB = [
    "Overblik",
    "Personer",
    "Tidslinje",
    "Opgaver og frister",
    "Vurderinger",
    "Oplysninger",
    "Indsatser",
    "Aftaler og opfølgning",
    "Videregivelser",
    "Anmodninger",
    "Enhedsmøder",
]
COURSE_TABS = ["Overblik", "Personer", "Tidslinje", "Indsatser"]

WHO_SEES: dict[str, set[str]] = {
    # SOF's own concern, which it told DKS and VINK
    "Far og søn udtrykker støtte": {"sof", "dks", "vink"},
    # DKS's visit, which VINK was part of
    "Begge fastholder udtalelserne som normale og berettigede": {"dks", "vink"},
    # VINK's own work
    "Sønnen skønnes at gentage faren": {"vink"},
    "Sønnen har en god kontakt til en lærer": {"vink"},
    "Udtaler støtte, men har ikke handlet.": {"vink"},
    "Forældrecoach tilbydes faren.": {"vink"},
    "Livet var for uoverskueligt": {"vink"},
    # VINK's alarm, which DKS can act on
    "Det frygtes, at sønnen er rejst til Syrien": {"vink", "dks"},
    # The school's own meetings, which it told VINK
    "Sønnen aflyser og udebliver fra to aftalte møder": {"skole", "vink"},
    # SOF's own business, told to nobody, and its responsibility, which the school and VINK know of
    "Faren spurgte om hjælp til huslejen.": {"sof"},
    "Socialrådgiveren får ansvaret for møder og skolegang": {"sof", "vink", "skole"},
    "Nyt hjemmebesøg. Sønnen er der ikke": {"sof", "dks", "vink"},
    # The jobcenter's decision about the father, which it told VINK
    "Jobcentret skaffer faren en praktikplads": {"vink"},
    # The mentors' logs
    "Mentorerne skifter fokus til skolefærdigheder": {"mentor", "mentor-to", "vink"},
}
PERSONS = {
    "vink": {FATHER, SON, DAUGHTER},
    "dks": {FATHER, SON, DAUGHTER},
    "sof": {FATHER, SON, DAUGHTER},
    "skole": {SON, DAUGHTER},
    "mentor": {SON},
    "mentor-to": {DAUGHTER},
    "coach": {FATHER},
    "sekretariat": set(),
}


@pytest.mark.req("R-216", "R-205")
@pytest.mark.req("R-048", "R-209", "R-221", part="in the browser")
@pytest.mark.parametrize("role", PERSONS)
def test_each_role_sees_its_own_case(example_site: Site, reference: str, sit: Sit, role: str) -> None:
    desk = sit(example_site, role)
    case = CaseDesk(desk, reference)
    case.stands_at(8, "Opfølgning")
    assert case.tabs() == (COURSE_TABS if role in ("mentor", "mentor-to", "coach") else EVERY_TAB)
    told = all_that_is_told(case)
    assert {words for words in WHO_SEES if words in told} == {words for words, roles in WHO_SEES.items() if role in roles}
    desk.open(f"/sager/{reference}/personer/")
    shown = desk.page.get_by_role("main").get_by_role("heading", level=3).all_inner_texts()
    assert set(shown) & {FATHER, SON, DAUGHTER} == PERSONS[role]


@pytest.mark.req("B-027", part="a person's own page")
def test_a_person_who_is_not_shown_has_no_page_either(example_site: Site, reference: str, sit: Sit) -> None:
    lead = sit(example_site, "vink")
    lead.open(f"/sager/{reference}/personer/")
    father = lead.page.get_by_role("main").get_by_role("heading", name=FATHER).get_by_role("link").get_attribute("href")
    assert father is not None
    lead.open(father)
    expect(lead.page.get_by_role("heading", level=2, name=FATHER)).to_be_visible()
    mentor = sit(example_site, "mentor")
    with mentor.expecting(404):
        mentor.open(father)
    expect(mentor.heading).to_have_text("Siden findes ikke")


@pytest.mark.req("R-209", part="in the browser")
def test_a_mentor_does_what_a_mentor_may_and_no_more(example_site: Site, reference: str, sit: Sit) -> None:
    desk = sit(example_site, "mentor")
    case = CaseDesk(desk, reference)
    case.open()
    expect(case.next).to_have_count(0)
    expect(desk.page.get_by_text("Flere handlinger", exact=True)).to_have_count(0)
    for tab in ("vurderinger", "videregivelser"):
        with desk.expecting(404):
            desk.open(f"/sager/{reference}/{tab}/")
    with desk.expecting(403):
        desk.open(f"/sager/{reference}/goer/oplysning/")
    expect(desk.heading).to_be_visible()


REQUEST_CODE = re.compile(r"(?<=oplys denne kode: )[0-9A-Z]{4}-[0-9A-Z]{4}")
"""What differs on every error page: the code by which support finds the request (the page says the words before it)."""


@pytest.mark.req("R-210", part="in the browser")
@pytest.mark.parametrize(
    ("role", "front", "menu"),
    [
        ("politiker", "/indsatser/", ["Indsatser", "Mål", "Prøv loven"]),
        ("rapport", "/indsatser/", ["Overskredne frister", "Indsatser", "Mål", "Prøv loven"]),
        ("administrator", "/indsatser/", ["Indsatser", "Mål", "Prøv loven", "Myndigheder", "Medarbejdere"]),
        ("jurist", "/jura/", ["Indsatser", "Mål", "Jura", "Prøv loven", "Myndigheder"]),
        ("dpo", "/tilsyn/", ["Tilsyn", "Log", "Adgange", "Nødadgang", "Indsatser", "Mål", "Prøv loven"]),
    ],
)
def test_who_works_in_no_case_has_no_way_to_one(
    example_site: Site, reference: str, sit: Sit, role: str, front: str, menu: list[str]
) -> None:
    desk = sit(example_site, role)
    desk.open("/")
    assert desk.path == front
    expect(desk.page.get_by_role("navigation", name="Hovedmenu", exact=True).get_by_role("link")).to_have_text(menu)
    with desk.expecting(404):
        desk.open(f"/sager/{reference}/")
    with desk.expecting(403):
        desk.open("/indbakke/")


@pytest.mark.req("R-216", part="in the browser")
def test_a_guessed_number_answers_as_a_hidden_one(example_site: Site, reference: str, sit: Sit) -> None:
    desk = sit(example_site, "psykiatri")
    answers = []
    for number in (reference, "2026-9999", "1999-0001"):
        with desk.expecting(404):
            desk.open(f"/sager/{number}/")
        answers.append((desk.page.title(), REQUEST_CODE.sub("", desk.text())))
        assert number not in desk.page.title()
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.req("R-082", "B-022", part="on screen")
def test_the_purpose_mark_follows_the_information(example_site: Site, reference: str, sit: Sit) -> None:
    for role in ("sof", "dks", "vink"):
        desk = sit(example_site, role)
        desk.open(f"/sager/{reference}/oplysninger/")
        concern = desk.page.get_by_role("article").filter(has_text="Far og søn udtrykker støtte")
        expect(concern).to_contain_text("Ikke til efterforskning")


def all_that_is_told(case: CaseDesk) -> str:
    """The words of all tabs of the case, of every page of the timeline."""
    told = []
    for tab in ("", "tidslinje/", "opgaver/", "vurderinger/", "oplysninger/", "indsatser/", "videregivelser/"):
        if tab in ("vurderinger/", "videregivelser/") and "Vurderinger" not in case.tabs():
            continue
        case.desk.open(f"/sager/{case.reference}/{tab}")
        told.append(case.desk.text())
        older = case.page.get_by_role("link", name="Næste side")
        while older.count():
            case.desk.follow("Næste side")
            told.append(case.desk.text())
    return " ".join(told)
