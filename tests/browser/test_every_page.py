"""Every page that a role can reach by links, at two widths: axe finds nothing, nothing overflows, no title tells of anybody.

Which pages those are stands below by hand; the test walks the links of the example case on day 130 and must meet exactly
these. Pictures of all of them are kept in var/screenshots for people to look at.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from tests.browser.desk import Desk
from tests.browser.site import Sit, Site
from tests.database import superuser

from forebyg.cli.demo_cast import address_of

pytestmark = pytest.mark.browser

PICTURES = Path("var/screenshots")
WIDTHS = (1280, 390)
PERSONAL = re.compile(r"\b(Far|Søn|Datter|\d{6}-?\d{4})\b")

STRATEGY = {"indsatser/", "indsatser/{id}/", "maal/", "jura/proev/"}
OWN_PAGE = {
    "konto/",
    "konto/adgangskode/",
    "konto/steder/",
    "konto/to-trin/",
    "konto/to-trin/app/",
    "konto/to-trin/adgangsnoegle/",
}
LISTS = {"indbakke/", "sager/", "anmodninger/"}
CASE = {
    "sager/{number}/",
    "sager/{number}/personer/",
    "sager/{number}/tidslinje/",
    "sager/{number}/opgaver/",
    "sager/{number}/vurderinger/",
    "sager/{number}/oplysninger/",
    "sager/{number}/indsatser/",
    "sager/{number}/aftaler/",
    "sager/{number}/videregivelser/",
    "sager/{number}/anmodninger/",
    "sager/{number}/enhedsmoeder/",
}
STATEMENT = {"sager/{number}/videregivelser/{id}/"}
DOCUMENT = {"sager/{number}/dokumenter/{id}/"}
PERSON = {"sager/{number}/personer/{id}/", "sager/{number}/personer/{id}/samtykke/"}
ABOUT = {"sager/{number}/personer/{id}/om-dig/"}
AGREED = {"sager/{number}/personer/{id}/aftalt/"}
NEW_CONCERN = {"henvendelser/ny/"}
MAIL = {"konto/", "konto/mail/"}
SAME_FOR_ALL = STRATEGY | OWN_PAGE | NEW_CONCERN | MAIL | {"noedadgang/"}
FORMS_OF_VINK = {
    "afgoerelse",
    "afslut-deltagelse",
    "afsluttende-vurdering",
    "aftale",
    "aftale-holdt",
    "alarm",
    "alvorlighed",
    "ansvar",
    "beslutning",
    "brev",
    "dagsorden",
    "dokument",
    "foraeldrekontakt",
    "dokument-forkert-sag",
    "forkert-person",
    "forkert-sag",
    "forloeb",
    "giv-adgang",
    "givet-mundtligt",
    "indskaerpelse-svar",
    "klassifikation",
    "kontakt",
    "laas",
    "lokal-indsats",
    "moede",
    "niveau",
    "ny-indsats",
    "opfoelgning",
    "opfoelgning-enhed",
    "opgave",
    "opgave-udfoert",
    "oplysning",
    "optag-myndighed",
    "orientering",
    "person",
    "relation",
    "ret",
    "ret-dokument",
    "sagstype",
    "samme-person",
    "samtykke",
    "samtykke-traek",
    "skift-leder",
    "spoerg",
    "svar",
    "tilbud",
    "traek-tilbage",
    "tvivl",
    "uddrag",
    "videregiv",
    "journal",
}
FORMS = {"vink": FORMS_OF_VINK, "dks": {"pet", "procedure"}, "sof": {"ret-person"}, "mentor": {"log"}}
"""The forms looked at as each role; what several have is looked at once."""

PAGES: dict[str, set[str]] = {
    "vink": LISTS | CASE | STATEMENT | PERSON | ABOUT | AGREED | DOCUMENT | NEW_CONCERN,
    "dks": LISTS | CASE | STATEMENT | PERSON | ABOUT | DOCUMENT,
    "sof": LISTS | CASE | STATEMENT | PERSON | ABOUT,
    "skole": LISTS | CASE | STATEMENT | PERSON | ABOUT | MAIL,
    "sekretariat": LISTS | CASE | {"tavle/", "overskredne-frister/"},
    "mentor": PERSON
    | {"indbakke/", "sager/"}
    | {"sager/{number}/", "sager/{number}/personer/", "sager/{number}/tidslinje/", "sager/{number}/indsatser/"},
    "psykiatri": LISTS,
    "politiker": STRATEGY | OWN_PAGE,
    "dpo": {
        "tilsyn/",
        "tilsyn/log/",
        "tilsyn/log/hent/",
        "tilsyn/sag/{number}/",
        "tilsyn/adgange/",
        "tilsyn/noedadgang/",
        "noedadgang/",
        "indsatser/",
    },
    "jurist": {"myndigheder/", "myndigheder/{id}/", "jura/", "jura/hjemmel/{id}/", "jura/tvivl/{id}/", "indsatser/"},
    "administrator": {"myndigheder/", "myndigheder/{id}/", "indsatser/", "medarbejdere/", "konto/bekraeft/"},
}
"""What is the same for all, such as the strategy, is looked at once."""

WHOLE_LIST = {"dpo": {"tilsyn/log/": "/tilsyn/log/"}}
"""Looked at first, and so not by a link that narrows the list down to nothing."""


@pytest.mark.parametrize("role", PAGES)
def test_every_page_of_a_role(example_site: Site, sit: Sit, role: str) -> None:
    desk = sit(example_site, role)
    expected = PAGES[role] | {f"sager/{{number}}/goer/{form}/" for form in FORMS.get(role, set())}
    others = SAME_FOR_ALL | {f"sager/{{number}}/goer/{form}/" for forms in FORMS.values() for form in forms}
    met: set[str] = set()
    waiting = WHOLE_LIST.get(role, {}) | {"": "/"}
    while waiting:
        desk.open(waiting.pop(next(iter(waiting))))
        page = page_of(desk.path)
        if page in met:
            continue
        met.add(page)
        look_at(desk, page)
        led_to = {page_of(link): link for link in links(desk)}
        waiting |= {page: link for page, link in led_to.items() if page and page not in met and page not in others - expected}
    assert met == expected


@pytest.mark.parametrize("width", WIDTHS)
def test_lists_that_are_narrowed_down(example_site: Site, reference: str, sit: Sit, width: int) -> None:
    desk = sit(example_site, "sekretariat", width=width)
    for address in (
        "/indbakke/?vis=myndighed&frist=overskredet",
        "/sager/?tilstand=alle&sort=frist",
        "/sager/?trin=3",
        "/tavle/?trin=8",
        f"/sager/{reference}/tidslinje/?type=meeting",
    ):
        desk.open(address)
        desk.assert_accessible()
        desk.assert_fits()
    desk.open("/sager/")
    for words, leads_to in (("010180-0001", "/sager/soeg/"), (reference, f"/sager/{reference}/")):
        desk.fill("Sagsnummer eller CPR-nummer", words)
        with desk.page.expect_navigation():
            desk.field("Sagsnummer eller CPR-nummer").press("Enter")
        assert desk.path == leads_to
        desk.assert_accessible()
        desk.assert_fits()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_narrowed_log_and_a_reason_that_is_opened(example_site: Site, reference: str, sit: Sit, width: int) -> None:
    desk = sit(example_site, "dpo", width=width)
    for address in (
        "/tilsyn/log/?sag=1999-0001",
        "/tilsyn/log/?type=laest&til=1999-01-01",
        "/tilsyn/adgange/?vis=gennemgaaet",
        f"/tilsyn/log/?sag={reference}&type=delt",
    ):
        desk.open(address)
        desk.assert_accessible()
        desk.assert_fits()
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Åbn begrundelsen").first.click()
    assert desk.page.get_by_role("heading", name="Begrundelse").is_visible()
    desk.assert_accessible()
    desk.assert_fits()


@pytest.mark.parametrize("width", WIDTHS)
def test_an_old_access_is_listed_and_reviewed(example_site: Site, sit: Sit, width: int) -> None:
    older = (
        "UPDATE access_grant SET starts_at = starts_at - interval '200 days' WHERE id = (SELECT g.id FROM access_grant g"
        " JOIN access_worker w ON w.id = g.worker_id WHERE w.email = %s AND g.ended_at IS NULL AND NOT EXISTS"
        " (SELECT FROM oversight_grantreview r WHERE r.grant_id = g.id) ORDER BY g.id LIMIT 1)"
    )
    with superuser(str(connection.settings_dict["NAME"])) as owner:
        owner.execute(older, [address_of("vink" if width == WIDTHS[0] else "mentor")])
    desk = sit(example_site, "dpo", width=width)
    desk.open("/tilsyn/adgange/")
    desk.assert_accessible()
    desk.assert_fits()
    desk.take_picture(PICTURES / "dpo" / f"tilsyn-adgange-fyldt-{width}.png")
    desk.page.get_by_role("link", name=re.compile(r"^Gennemgå\s*:")).first.click()
    desk.page.wait_for_url("**/tilsyn/adgange/*-*/")
    desk.assert_accessible()
    desk.assert_fits()
    desk.take_picture(PICTURES / "dpo" / f"tilsyn-adgang-{width}.png")
    desk.page.get_by_label("Set: der er brug for adgangen").check()
    desk.page.get_by_label("Hvad har du set?").fill("Leder stadig sagen.")
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Gem gennemgangen").click()
    assert desk.path == "/tilsyn/adgange/"
    desk.assert_accessible()


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_that_say_no(example_site: Site, reference: str, sit: Sit, width: int) -> None:
    desk = sit(example_site, "sekretariat", width=width)
    for address, status in (
        ("/findes-ikke/", 404),
        ("/sager/1999-0001/", 404),
        (f"/sager/{reference}/goer/afsluttende-vurdering/", 403),
        (f"/sager/{reference}/goer/droeftelse/", 409),
        ("/sager/soeg/", 405),
    ):
        with desk.expecting(status):
            desk.open(address)
        desk.assert_accessible()
        desk.assert_fits()
        assert not PERSONAL.search(desk.page.title())


def look_at(desk: Desk, page: str) -> None:
    """One page at both widths and at the narrowest."""
    name = page.replace("{number}/", "").replace("{id}", "en").strip("/").replace("/", "-")
    for width in WIDTHS:
        if width != desk.width:
            desk.page.set_viewport_size({"width": width, "height": 900})
            desk.page.reload()
        desk.assert_accessible()
        desk.take_picture(PICTURES / desk.role / f"{name}-{width}.png")
        title = desk.page.title()
        assert title.endswith("Forebyg"), title
        assert not PERSONAL.search(title), title
    desk.assert_fits()
    desk.page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def links(desk: Desk) -> list[str]:
    """The addresses of pages that the page leads to, within the site."""
    found = desk.page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.getAttribute('href'))")
    return [one for one in found if one.startswith("/") and not one.startswith("/static/")]


def page_of(address: str) -> str:
    """An address without what tells one case, person or intervention from another, and without its query."""
    path = re.sub(r"[?#].*", "", address).lstrip("/")
    path = re.sub(r"^(sager|tilsyn/sag)/\d{4}-\d+/", r"\1/{number}/", path)
    path = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "{id}", path)
    path = re.sub(r"^jura/(hjemmel|tvivl)/.+", r"jura/\1/{id}/", path)
    return re.sub(r"^indsatser/[^/]+/", "indsatser/{id}/", path)
