"""Fixtures of the browser tests: chromium, the real web process on a database for each module, workers at their screens."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from tests.browser.desk import Desk
from tests.browser.server import serving
from tests.browser.site import Sit, Site
from tests.browser.watch import Watch
from tests.database import clone, database_of_this_process, superuser

from forebyg.cli.scenarios.play import Played

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_PICTURES = Path("var/screenshots/failed")
_HAS_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.fail("The browser tests need Chromium: make browser")
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would refuse its own queries because of it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser
        browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def empty_site(django_db_setup: None, chromium: Browser) -> Iterator[Site]:
    """The site with the cast and no case."""
    name = f"{database_of_this_process()}_site"
    clone(name)
    with serving(name) as address:
        yield Site(address, chromium)


@pytest.fixture(scope="module")
def example_site(example: Played, chromium: Browser) -> Iterator[Site]:
    """The site with the strategy's example case on day 130."""
    with serving(str(connection.settings_dict["NAME"])) as address:
        yield Site(address, chromium)


@pytest.fixture(scope="module")
def reference(example: Played) -> str:
    """The example case's number."""
    asked = "SELECT reference FROM matters_matter JOIN cases_case ON cases_case.matter_id = matters_matter.id WHERE cases_case.id = %s"
    with superuser(str(connection.settings_dict["NAME"])) as owner:
        row = owner.execute(asked, [example.case_id]).fetchone()
    assert row is not None
    return str(row[0])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the desks know whether their test failed."""
    report = yield
    if report.when == "call":
        item.stash[_HAS_FAILED] = report.failed
    return report


@pytest.fixture
def sit(request: pytest.FixtureRequest) -> Iterator[Sit]:
    """Seats a worker: `sit(site, "vink", width=390)`. When the test ends, nothing unexpected has happened at any desk; of a
    test that failed, each desk leaves a picture."""
    with ExitStack() as contexts:
        desks: list[Desk] = []

        def seat(site: Site, role: str = "", *, width: int = 1280, **options: Any) -> Desk:
            context = contexts.enter_context(site.context(role=role, width=width, **options))
            watch = Watch(context, site.address)
            runs_scripts = options.get("java_script_enabled", True)
            desks.append(Desk(context.new_page(), watch, role=role, runs_scripts=runs_scripts))
            return desks[-1]

        yield seat
        if request.node.stash.get(_HAS_FAILED, False):
            for number, desk in enumerate(desks):
                desk.take_picture(_PICTURES / request.node.name / f"{number}-{desk.role}.png")
        for desk in desks:
            desk.watch.assert_nothing_happened()
