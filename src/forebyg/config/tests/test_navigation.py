"""The menu by what a worker may do, and where the day begins."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.urls import include, path, reverse

from forebyg.access.models import Worker
from forebyg.config import navigation
from forebyg.config.urls import urlpatterns as product

WITHOUT_CASES = ["Indsatser", "Mål", "Prøv loven"]
PARTNER = ["Min indbakke", "Sager", *WITHOUT_CASES]
ENTRY_POINT = ["Min indbakke", "Sager", "Anmodninger", "Ny henvendelse", "Nødadgang", *WITHOUT_CASES]
BOARD = [
    *("Min indbakke", "Tavlen", "Overskredne frister", "Sager", "Anmodninger", "Ny henvendelse", "Nødadgang"),
    *WITHOUT_CASES,
]


def page(request: HttpRequest, **_: object) -> HttpResponse:
    return render(request, "ui/base.html")


cases = [
    path("indbakke/", page, name="inbox"),
    path("tavle/", page, name="board"),
    path("sager/", page, name="list"),
    path("overskredne-frister/", page, name="breaches"),
    path("sager/soeg/", page, name="search"),
    path("sager/<slug:reference>/", page, name="case"),
]
intake = [path("henvendelser/ny/", page, name="new")]
strategy = [path("indsatser/", page, name="interventions"), path("maal/", page, name="goals")]
urlpatterns = [
    path("", include((cases, "cases"))),
    path("", include((intake, "intake"))),
    path("", include((strategy, "strategy"))),
    *product,
]


def menu_of(html: str) -> list[tuple[str, str | None]]:
    """Label and aria-current of every line of the main menu."""
    lines = re.search(r'<ul class="mainmenu">(.*?)</ul>', html, re.DOTALL)
    assert lines
    found = re.findall(r'<a [^>]*?(?:aria-current="(\w+)")?><span>([^<]+)</span>', lines[1])
    return [(label, current or None) for current, label in found]


@pytest.mark.urls(__name__)
@pytest.mark.req("R-207", part="menu")
@pytest.mark.parametrize(
    ("key", "labels"),
    [
        ("sekretariat", BOARD),
        ("vink", ENTRY_POINT),
        ("skole", ENTRY_POINT),
        ("ekp", ["Min indbakke", "Sager", "Anmodninger", "Nødadgang", *WITHOUT_CASES]),
        ("mentor", PARTNER),
        ("politiker", WITHOUT_CASES),
        ("administrator", [*WITHOUT_CASES, "Myndigheder", "Medarbejdere"]),
        ("jurist", ["Indsatser", "Mål", "Jura", "Prøv loven", "Myndigheder"]),
        ("dpo", ["Tilsyn", "Log", "Adgange", "Nødadgang", *WITHOUT_CASES]),
    ],
)
def test_the_menu_holds_what_the_worker_may_do(client: Client, cast: dict[str, Worker], key: str, labels: list[str]) -> None:
    client.force_login(cast[key])
    menu = menu_of(client.get("/maal/").content.decode())
    assert [label for label, _ in menu] == labels


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/indbakke/", ("Min indbakke", "page")),
        ("/sager/", ("Sager", "page")),
        ("/sager/2026-0001/", ("Sager", "true")),
        ("/henvendelser/ny/", ("Ny henvendelse", "page")),
        ("/maal/", ("Mål", "page")),
    ],
)
def test_the_menu_marks_where_one_is(client: Client, cast: dict[str, Worker], address: str, expected: tuple[str, str]) -> None:
    client.force_login(cast["vink"])
    menu = menu_of(client.get(address).content.decode())
    assert [line for line in menu if line[1]] == [expected]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("key", "address"), [("vink", "/indbakke/"), ("mentor", "/indbakke/"), ("politiker", "/indsatser/"), ("dpo", "/tilsyn/")]
)
def test_the_day_begins_where_the_work_is(client: Client, cast: dict[str, Worker], key: str, address: str) -> None:
    client.force_login(cast[key])
    assert client.get("/")["Location"] == address


@pytest.mark.urls(__name__)
@pytest.mark.req("R-205", part="the home organisation stands on every page")
def test_a_page_says_who_is_signed_in_for_which_agency(client: Client, cast: dict[str, Worker]) -> None:
    client.force_login(cast["dks"])
    html = client.get("/maal/").content.decode()
    assert "DKS-medarbejder</a>, DKS</p>" in html
    assert "Koordineringsenheden" in html
    assert 'action="/konto/log-af/"' in html


@pytest.mark.urls(__name__)
def test_what_stands_around_a_page_asks_the_database_nothing(
    rf: RequestFactory, cast: dict[str, Worker], django_assert_num_queries: Callable[..., object]
) -> None:
    request = rf.get("/maal/")
    request.worker = Worker.objects.select_related("agency", "unit").prefetch_related("holdings").get(pk=cast["vink"].pk)
    with django_assert_num_queries(0):
        navigation.page_context(request)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("is_demo", [True, False])
def test_every_page_of_the_demo_says_that_it_is_one(
    client: Client, cast: dict[str, Worker], settings: LazySettings, is_demo: bool
) -> None:
    settings.FOREBYG = settings.FOREBYG.model_copy(update={"demo": is_demo})
    client.force_login(cast["vink"])
    for address in ("/maal/", "/findes-ikke/"):
        assert ("Alle personer og sager er opdigtede." in client.get(address).content.decode()) == is_demo


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("second_factor", ["skipped", "required"])
def test_a_demo_that_skips_the_second_factor_says_so_on_every_page(
    client: Client, cast: dict[str, Worker], settings: LazySettings, second_factor: str
) -> None:
    settings.FOREBYG = settings.FOREBYG.model_copy(update={"demo": True, "second_factor": second_factor})
    for address in ("/konto/log-paa/", "/findes-ikke/"):
        assert ("To-trinsbekræftelse er slået fra." in client.get(address).content.decode()) == (second_factor == "skipped")
    client.force_login(cast["politiker"])
    assert ("To-trinsbekræftelse er slået fra." in client.get("/maal/").content.decode()) == (second_factor == "skipped")


def test_every_line_of_the_menu_has_its_page() -> None:
    assert all(reverse(entry.view) for entry in navigation._MENU)


@pytest.mark.parametrize(("key", "searches"), [("vink", True), ("politiker", False)])
def test_who_sees_cases_searches_them_from_every_page(
    client: Client, cast: dict[str, Worker], key: str, searches: bool
) -> None:
    client.force_login(cast[key])
    page = client.get("/maal/").content.decode()
    assert ('role="search" method="post" action="/sager/soeg/"' in page) == searches
