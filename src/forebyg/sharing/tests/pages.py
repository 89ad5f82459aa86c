"""A form in two pages, as a browser opens and sends it."""

from __future__ import annotations

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from forebyg.cases.tests.cast import Play


class Page:
    """The form as a browser sends it: what stood in it, and what was changed."""

    def __init__(self, client: Client, play: Play, slug: str, key: str = "vink", **query: str) -> None:
        client.force_login(play.cast[key])
        self.client = client
        self.address = reverse(f"cases:act-{slug}", args=[play.case(key).matter.reference])
        self.answer: HttpResponse = client.get(self.address, query)

    @property
    def text(self) -> str:
        """What the page says."""
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", self.answer.content.decode())))

    def hidden(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'<input type="hidden" id="id_{name}" name="{name}" value="([^"]*)"', self.answer.content.decode())
        assert found, name
        return found[1]

    def send(self, **values: Any) -> Page:
        """Send it."""
        given = {name: self.hidden(name) for name in ("token", "seen", "shown")}
        self.answer = self.client.post(self.address, given | values)
        return self
