"""A served database as browsers reach it, and who has signed in to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext
from tests.browser.desk import Desk

from forebyg.access.sign_in import DEMO_PASSWORD
from forebyg.cli.demo_cast import address_of

_HEIGHT = 900
_PATIENCE = 30_000  # milliseconds that an expected thing may take on a busy machine


@dataclass
class Site:
    """A served database, and the sign-ins made so far: one for each role, whatever the width."""

    address: str
    chromium: Browser
    signed_in: dict[str, Any] = field(default_factory=dict, repr=False)

    def context(self, *, role: str = "", width: int = 1280, **options: Any) -> BrowserContext:
        """A browser context, signed in as a worker of the cast if a role is given."""
        context = self._context(width, storage_state=self._sign_in(role) if role else None, **options)
        context.set_default_timeout(_PATIENCE)
        return context

    def _sign_in(self, role: str) -> Any:
        if role not in self.signed_in:
            with self._context(1280) as context:
                page = context.new_page()
                page.goto(f"{self.address}/konto/log-paa/")
                page.get_by_label("E-mailadresse").fill(address_of(role))
                page.get_by_label("Adgangskode").fill(DEMO_PASSWORD)
                with page.expect_navigation():
                    page.get_by_role("main").get_by_role("button", name="Log på", exact=True).first.click()
                self.signed_in[role] = context.storage_state()
        return self.signed_in[role]

    def _context(self, width: int, **options: Any) -> BrowserContext:
        size = {"width": width, "height": _HEIGHT}
        return self.chromium.new_context(
            locale="da-DK", timezone_id="Europe/Copenhagen", viewport=size, reduced_motion="reduce", **options
        )


Sit = Callable[..., Desk]
