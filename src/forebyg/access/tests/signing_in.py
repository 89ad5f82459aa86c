"""Signing in as a person would, for tests: password, codes of an app, and what the ledger says of it."""

from __future__ import annotations

import itertools
import re
import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from conftest import as_owner
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from forebyg.access.sign_in import DEMO_PASSWORD
from forebyg.audit.models import Event

_moments = itertools.count(1)


class App:
    """An authenticator app. Each code is of a later half minute, in which the server then lives too: a code is used once."""

    def __init__(self, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secret = secret
        self._monkeypatch = monkeypatch

    def code(self) -> str:
        moment = time.time() + 30 * next(_moments)
        self._monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: moment))
        return format_hotp_value(hotp_value(self.secret, int(moment) // 30))


def sign_in(client: Client, key: str, password: str = DEMO_PASSWORD) -> Any:
    return client.post("/konto/log-paa/", {"login": f"{key}@forebyg.example", "password": password})


def set_up_app(client: Client, monkeypatch: pytest.MonkeyPatch) -> App:
    """Set an app up on the page, and read the recovery codes away."""
    app, offer = app_on_page(client, monkeypatch)
    answer = client.post("/konto/to-trin/app/", {"code": app.code(), "offer": offer})
    assert answer.status_code == 302, answer.content.decode()
    return app


def app_on_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> tuple[App, str]:
    """The app that scanned the page, and the page's own offer."""
    page = client.get("/konto/to-trin/app/").content.decode()
    secret, offer = re.search(r'class="app-secret"[^>]*>([A-Z2-7 ]+)<', page), re.search(r'name="offer" value="([^"]+)"', page)
    assert secret and offer, page
    return App(secret[1].replace(" ", ""), monkeypatch), offer[1]


def events() -> list[dict[str, Any]]:
    """What the ledger holds, without the sealed part."""
    with as_owner():
        return list(Event.objects.order_by("id").values("action", "worker_id", "agency_id", "codes"))


def notices() -> list[tuple[str, str]]:
    """Whom mails are on their way to, and of what."""
    with as_owner():
        jobs = ProcrastinateJob.objects.filter(task_name="access.send_notice").order_by("id").values_list("args", flat=True)
        return [(job["worker_id"], job["notice"]) for job in jobs]


def actions() -> list[str]:
    return [event["action"] for event in events()]
