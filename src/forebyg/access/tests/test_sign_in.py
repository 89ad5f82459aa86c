"""Signing in and out: who can, what is told, what is kept."""

from __future__ import annotations

import datetime
import re
import time
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import as_owner
from django.conf import LazySettings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.middleware import SESSION_LONGEST
from forebyg.access.models import Worker
from forebyg.access.sign_in import DEMO_PASSWORD
from forebyg.audit.models import Event
from forebyg.cli import demo_cast

SIGN_IN = "/konto/log-paa/"
NEW_PASSWORD = "fire-heste-i-en-ladcykel"


@pytest.fixture(autouse=True)
def _known_password(cast: dict[str, Worker]) -> None:
    """The cast's password, hashed the quick way of the tests."""
    hashed = make_password(DEMO_PASSWORD)
    for worker in cast.values():
        worker.password = hashed
    with as_owner():
        Worker.objects.update(password=hashed)


def attempt(client: Client, key: str, password: str = DEMO_PASSWORD, ip: str = "192.0.2.1", **more: str) -> Any:
    sent = {"login": f"{key}@forebyg.example", "password": password, **more}
    return client.post(SIGN_IN, sent, REMOTE_ADDR=ip)


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def events() -> list[dict[str, Any]]:
    with as_owner():
        return list(Event.objects.order_by("id").values("action", "worker_id", "agency_id", "codes"))


def without_what_was_sent(response: HttpResponse, key: str) -> str:
    page = response.content.decode().replace(f"{key}@forebyg.example", "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


@pytest.mark.req("R-217", part="sign-in")
def test_a_worker_signs_in_and_it_is_kept_without_the_address(client: Client, cast: dict[str, Worker]) -> None:
    response = attempt(client, "vink")
    assert (response.status_code, response["Location"]) == (302, "/")
    vink, codes = cast["vink"], {"by": ["password"], "new_browser": True}
    assert events() == [{"action": "signed-in", "worker_id": vink.id, "agency_id": vink.agency_id, "codes": codes}]
    assert mail.outbox == []


def test_the_address_may_be_written_in_capitals(client: Client) -> None:
    attempt(client, "VINK")
    assert is_signed_in(client)


def test_sign_in_leads_back_to_the_page_but_never_to_another_site(client: Client) -> None:
    assert attempt(client, "vink", next="/maal/")["Location"] == "/maal/"
    assert attempt(Client(), "vink", next="https://elsewhere.example/")["Location"] == "/"


def test_wrong_password_unknown_address_and_closed_account_get_the_same_answer(client: Client, cast: dict[str, Worker]) -> None:
    with as_owner():
        Worker.objects.filter(pk=cast["ssp"].pk).update(is_active=False)
        Worker.objects.filter(pk=cast["ekp"].pk).update(is_system=True)
    answers = {
        "vink": attempt(client, "vink", "wrong"),
        "nobody": attempt(client, "nobody"),
        "ssp": attempt(client, "ssp"),
        "ekp": attempt(client, "ekp"),
    }
    assert {response.status_code for response in answers.values()} == {422}
    assert len({without_what_was_sent(response, key) for key, response in answers.items()}) == 1
    assert "E-mailadressen eller adgangskoden er forkert." in answers["nobody"].content.decode()
    assert not is_signed_in(client)
    failure = {"action": "sign-in-failed", "worker_id": None, "agency_id": None, "codes": {"slowed_down": False}}
    assert events() == [failure] * 4


def test_an_empty_form_says_what_is_missing_with_links_to_the_fields(client: Client) -> None:
    response = client.post(SIGN_IN, {})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="error-summary"' in page
    for field, sentence in (("login", "Skriv din e-mailadresse"), ("password", "Skriv din adgangskode")):
        assert re.search(rf'href="#id_{field}">[^<]* – {sentence}</a>', page)


def test_failures_slow_an_account_down_for_a_time_that_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for count in range(5):
        assert "er forkert" in attempt(client, "vink", "wrong", ip=f"192.0.2.{count}").content.decode()
    response = attempt(client, "vink", ip="192.0.2.99")
    assert response.status_code == 422
    assert "Vent 5 minutter, og prøv så igen." in response.content.decode()
    assert events()[-1]["codes"] == {"slowed_down": True}

    attempt(other := Client(), "dks", ip="192.0.2.99")
    assert is_signed_in(other)

    later = SimpleNamespace(time=lambda: time.time() + 301, monotonic=time.monotonic, sleep=time.sleep)
    monkeypatch.setattr("allauth.core.internal.ratelimit.time", later)
    attempt(client, "vink", ip="192.0.2.99")
    assert is_signed_in(client)


def test_slowing_down_ends_although_attempts_go_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for count in range(8):
        attempt(client, "vink", "wrong", ip=f"192.0.2.{count}")
    later = SimpleNamespace(time=lambda: time.time() + 301, monotonic=time.monotonic, sleep=time.sleep)
    monkeypatch.setattr("allauth.core.internal.ratelimit.time", later)
    attempt(client, "vink")
    assert is_signed_in(client)


def test_failures_slow_a_network_address_down(client: Client) -> None:
    for count in range(10):
        attempt(client, f"nobody-{count}", "wrong")
    assert "Vent 5 minutter" in attempt(client, "vink").content.decode()
    attempt(client, "vink", ip="192.0.2.2")
    assert is_signed_in(client)


def test_a_flood_of_attempts_gets_a_page_that_says_wait(client: Client) -> None:
    for _ in range(30):
        client.post(SIGN_IN, {}, REMOTE_ADDR="192.0.2.7")
    response = client.post(SIGN_IN, {}, REMOTE_ADDR="192.0.2.7")
    assert response.status_code == 429
    assert "Vent et minut" in response.content.decode()


def test_one_who_is_signed_in_is_led_away_from_the_sign_in_page(client: Client, cast: dict[str, Worker]) -> None:
    client.force_login(cast["vink"])
    assert client.get(SIGN_IN)["Location"] == "/"


def test_signing_out_ends_the_session_and_is_kept(client: Client, cast: dict[str, Worker]) -> None:
    attempt(client, "vink")
    key = client.session.session_key
    response = client.post("/konto/log-af/", follow=True)
    assert response.redirect_chain == [(SIGN_IN, 302)]
    assert "Du er logget af." in response.content.decode()
    assert not Session.objects.filter(session_key=key).exists()
    assert [(event["action"], event["worker_id"]) for event in events()][1:] == [("signed-out", cast["vink"].id)]


def test_a_link_cannot_sign_anyone_out(client: Client, cast: dict[str, Worker]) -> None:
    client.force_login(cast["vink"])
    assert client.get("/konto/log-af/").status_code == 405
    assert is_signed_in(client)


def test_signing_up_and_mail_addresses_have_no_page(client: Client) -> None:
    for address in ("signup", "email", "password/reset", "inactive", "tilmeld", "signup/passkey"):
        for place in ("", "konto/", "accounts/"):
            for method in (client.get, client.post):
                assert method(f"/{place}{address}/").status_code == 404


def test_a_worker_changes_the_password_and_other_sessions_end(client: Client, cast: dict[str, Worker]) -> None:
    elsewhere = Client()
    for browser in (client, elsewhere):
        attempt(browser, "vink")
    sent = {"oldpassword": DEMO_PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = client.post("/konto/adgangskode/", sent)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert events()[-1]["action"] == "password-changed"
    assert client.get("/konto/adgangskode/").status_code == 200
    assert elsewhere.get("/konto/adgangskode/")["Location"].startswith(SIGN_IN)
    attempt(fresh := Client(), "vink", NEW_PASSWORD)
    assert is_signed_in(fresh)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"oldpassword": "wrong"}, "Det er ikke din nuværende adgangskode. Skriv den igen."),
        ({"password2": "noget-helt-andet-her"}, "De to nye adgangskoder er ikke ens."),
        ({"password1": "kort", "password2": "kort"}, "Denne adgangskode er for kort. Den skal indeholde mindst 12 tegn."),
    ],
)
def test_a_password_is_not_changed_by_a_wrong_form(
    client: Client, cast: dict[str, Worker], changed: dict[str, str], sentence: str
) -> None:
    client.force_login(cast["vink"])
    sent = {"oldpassword": DEMO_PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = client.post("/konto/adgangskode/", sent | changed)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert events() == []


def test_a_page_tells_when_its_session_ends(client: Client, cast: dict[str, Worker], settings: LazySettings) -> None:
    client.force_login(cast["vink"])
    page = client.get("/konto/adgangskode/").content.decode()
    told = {
        name: datetime.datetime.fromisoformat(value) for name, value in re.findall(r'data-session-(ends|now)="([^"]+)"', page)
    }
    assert told["ends"] - told["now"] == datetime.timedelta(minutes=settings.FOREBYG.session_minutes)
    assert 'data-session-extend="/konto/session/"' in page
    assert '<dialog id="app-session"' in page
    assert "data-session-ends" not in Client().get(SIGN_IN).content.decode()


def test_the_worker_keeps_the_session_alive(client: Client) -> None:
    attempt(client, "vink")
    row = Session.objects.filter(session_key=client.session.session_key)
    row.update(expire_date=timezone.now() + datetime.timedelta(minutes=1))
    assert client.post("/konto/session/").status_code == 204
    assert row.get().expire_date > timezone.now() + datetime.timedelta(minutes=29)


def test_a_session_ends_after_a_working_day_however_much_it_is_used(client: Client, cast: dict[str, Worker]) -> None:
    client.force_login(cast["vink"])
    assert client.get("/maal/").status_code == 200
    for age, status in ((SESSION_LONGEST - 60, 200), (SESSION_LONGEST, 302)):
        session = client.session
        session["began"] = int(time.time()) - age
        session.save()
        assert client.get("/maal/").status_code == status
    assert not is_signed_in(client)


def test_an_ended_session_asks_for_sign_in_and_leads_back(client: Client) -> None:
    attempt(client, "vink")
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    assert client.get("/maal/?trin=2")["Location"] == f"{SIGN_IN}?next=/maal/%3Ftrin%3D2"
    part = client.get("/maal/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/maal/"})
    assert (part.status_code, part["HX-Redirect"]) == (401, f"{SIGN_IN}?next=/maal/")


@pytest.fixture
def demo(settings: LazySettings) -> None:
    settings.FOREBYG = settings.FOREBYG.model_copy(update={"demo": True})


def test_the_demo_names_everyone_who_can_sign_in_and_the_password(demo: None, client: Client, cast: dict[str, Worker]) -> None:
    with as_owner():
        Worker.objects.filter(pk=cast["ekp"].pk).update(is_system=True)
    page = client.get(SIGN_IN).content.decode()
    assert DEMO_PASSWORD in page
    assert demo_cast.DEMO_PASSWORD == DEMO_PASSWORD
    for key, worker in cast.items():
        assert (f">{worker.name}<br>" in page) == (key not in ("ekp", "systemet"))
    assert ">DKS-medarbejder<br>" in page
    assert ">DKS, Politi</td>" in page
    assert "Alle personer og sager er opdigtede." in page


def test_a_button_of_the_demo_signs_in(demo: None, client: Client) -> None:
    page = client.get(f"{SIGN_IN}?next=/maal/").content.decode()
    form = next(part for part in page.split("<form")[1:] if "mentor-to@forebyg.example" in part)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert client.post(reverse("account_login"), sent)["Location"] == "/maal/"
    assert is_signed_in(client)


def test_only_the_demo_names_its_workers(client: Client) -> None:
    page = client.get(SIGN_IN).content.decode()
    assert "forebyg.example" not in page
    assert DEMO_PASSWORD not in page
    assert "opdigtede" not in page


@pytest.mark.parametrize("common", ["q1w2e3r4t5y6", "qwerty123456", "1q2w3e4r5t6y7u8i9o0p", "QWERTYQWERTY"])
def test_a_common_password_is_refused_however_long(common: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_password(common)
    assert [one.code for one in caught.value.error_list] == ["password_too_common"]
