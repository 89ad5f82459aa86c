"""What must not happen while somebody works in a browser, noted as it happens."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

_SAID_OF_EACH_REFUSAL = "Failed to load resource: the server responded with a status of"


class Watch:
    """Everything that goes wrong in one browser context: answers of 400 and above that nobody expected, errors and policy
    violations in the console, errors of scripts, and any request that leaves the site."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.trouble: list[str] = []
        self.refusals: list[tuple[int, str]] = []
        context.on("console", self._heard)
        context.on("weberror", self._failed)
        context.on("response", self._answered)
        context.on("request", self._asked)

    @contextlib.contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """A block in which exactly these statuses of 400 and above are answered."""
        before = len(self.refusals)
        yield
        met = [status for status, _address in self.refusals[before:]]
        assert sorted(met) == sorted(statuses), self.refusals[before:]
        del self.refusals[before:]

    def assert_nothing_happened(self) -> None:
        """Raise AssertionError with all that went wrong and was not expected."""
        assert not self.trouble and not self.refusals, "\n".join([*self.trouble, *map(str, self.refusals)])

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_SAID_OF_EACH_REFUSAL):
            self.trouble.append(f"console: {message.text} {message.location}")

    def _failed(self, error: WebError) -> None:
        self.trouble.append(f"script: {error.error}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.refusals.append((response.status, f"{response.request.method} {response.url}"))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.trouble.append(f"left the site: {request.url}")
