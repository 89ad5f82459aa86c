"""The second factor: who must show one, setting it up, signing in with it, and losing it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from conftest import as_owner
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from forebyg.access.models import FactorSecret, Worker
from forebyg.access.permissions import PERMISSIONS_OF, Permission, Role
from forebyg.access.second_factor import SecondFactorFirst
from forebyg.access.tests.signing_in import App, actions, app_on_page, events, notices, set_up_app, sign_in
from forebyg.audit.models import Event

pytestmark = pytest.mark.usefixtures("password", "second_factor_required")

FACTORS, APP, CODE = "/konto/to-trin/", "/konto/to-trin/app/", "/konto/log-paa/kode/"
SAMPLES = {"uuid": str(uuid.uuid4()), "int": "1", "slug": "noget", "str": "noget"}


def addresses() -> Iterator[tuple[str, str, bool]]:
    """Name, a path, and whether it is open to everyone, of every address."""

    def walk(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, str, bool]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                kinds = {
                    name: type(one).__name__.removesuffix("Converter").lower() for name, one in entry.pattern.converters.items()
                }
                samples = {
                    name: SAMPLES[{"string": "str"}.get(kind, kind)] if kind in (*SAMPLES, "string") else "2026-0001"
                    for name, kind in kinds.items()
                }
                name = f"{namespace}{entry.name}"
                yield name, reverse(name, kwargs=samples), not getattr(entry.callback, "login_required", True)
            else:
                yield from walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)

    yield from walk(get_resolver())


def used_recovery_codes(page: str) -> list[str]:
    return ["".join(pair) for pair in re.findall(r"<li><code>(\d{4}) (\d{4})</code></li>", page)]


@pytest.mark.req("R-214", part="no case content without a second factor, at any address")
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_second_factor_every_address_leads_to_setting_one_up(client: Client, method: str) -> None:
    sign_in(client, "vink")
    reached = set()
    for name, path, is_public in addresses():
        if is_public or name in SecondFactorFirst.OPEN:
            continue
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.headers.get("Location")) == (302, FACTORS), name
        reached.add(name)
    assert {"front", "cases:inbox", "cases:case", "cases:search", "intake:new", "account", "account_change_password"} <= reached


def test_what_stays_open_shows_no_case_and_changes_nothing_but_ones_own_sign_in() -> None:
    assert {name.partition(":")[1] for name in SecondFactorFirst.OPEN} == {""}  # none is of a room with a namespace
    assert (
        not {"front", "account", "account_change_password", "usersessions_list", "mfa_generate_recovery_codes"}
        & SecondFactorFirst.OPEN
    )


def test_a_part_of_a_page_is_led_there_as_a_whole(client: Client) -> None:
    sign_in(client, "vink")
    answer = client.get("/indbakke/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, FACTORS)


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_every_role_that_may_more_than_read_the_strategy_needs_one(cast: dict[str, Worker], role: Role) -> None:
    worker = cast["politiker"]
    worker.__dict__["roles"] = frozenset({role})
    assert worker.needs_second_factor == bool(PERMISSIONS_OF[role] - {Permission.READ_STRATEGY})


def test_who_only_reads_the_strategy_needs_none(client: Client) -> None:
    assert sign_in(client, "politiker")["Location"] == "/"
    assert client.get("/maal/").status_code == 200


def test_setting_up_an_app_opens_the_rest_and_gives_recovery_codes(
    client: Client, cast: dict[str, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "vink")
    assert "før du går videre" in client.get(FACTORS).content.decode()
    app, offer = app_on_page(client, monkeypatch)
    page = client.get(APP).content.decode()
    assert "<svg" in page and "data:image" not in page and "style=" not in page
    assert client.post(APP, {"code": app.code(), "offer": offer})["Location"] == "/konto/to-trin/reservekoder/"
    assert len(used_recovery_codes(client.get("/konto/to-trin/reservekoder/").content.decode())) == 10
    assert client.get("/indbakke/").status_code == 200
    kept = [event for event in events() if event["action"] == "second-factor-added"]
    assert [(event["worker_id"], event["codes"]) for event in kept] == [(cast["vink"].id, {"type": "totp"})]


def test_recovery_codes_are_shown_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, "vink")
    set_up_app(client, monkeypatch)
    codes = used_recovery_codes(client.get("/konto/to-trin/reservekoder/").content.decode())
    again = client.get("/konto/to-trin/reservekoder/").content.decode()
    assert used_recovery_codes(again) == []
    assert not any(code in again for code in codes)
    assert "Du har 10 koder tilbage." in again


@pytest.mark.req("R-220", part="secrets of second factors are sealed at rest")
def test_no_secret_lies_open_in_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, "vink")
    app, offer = app_on_page(client, monkeypatch)
    assert all(app.secret not in str(session.get_decoded()) for session in Session.objects.all())
    client.post(APP, {"code": app.code(), "offer": offer})
    with as_owner():
        stored = [str(one.data) for one in Authenticator.objects.all()]
        sealed = list(FactorSecret.objects.values_list("secret", flat=True))
    assert len(stored) == len(sealed) == 2  # the app and the recovery codes
    assert app.secret not in "".join(stored)
    assert all(app.secret.encode() not in bytes(one) for one in sealed)
    assert all(app.secret not in str(session.get_decoded()) for session in Session.objects.all())


def test_a_wrong_code_sets_nothing_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, "vink")
    _, offer = app_on_page(client, monkeypatch)
    answer = client.post(APP, {"code": "12345", "offer": offer})
    assert answer.status_code == 422
    assert "Koden passer ikke" in answer.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("offer", ["", "forged", "another's"])
def test_a_secret_that_the_page_did_not_offer_to_this_worker_is_not_taken(
    client: Client, monkeypatch: pytest.MonkeyPatch, offer: str
) -> None:
    sign_in(other := Client(), "dks")
    app, of_other = app_on_page(other, monkeypatch)
    sign_in(client, "vink")
    answer = client.post(APP, {"code": app.code(), "offer": of_other if offer == "another's" else offer})
    assert answer.status_code == 422
    assert "Siden har stået åben for længe" in answer.content.decode()
    assert of_other not in answer.content.decode()


@pytest.fixture
def app(client: Client, monkeypatch: pytest.MonkeyPatch) -> App:
    """VINK's app, set up; `client` is signed in."""
    sign_in(client, "vink")
    return set_up_app(client, monkeypatch)


def test_after_the_password_the_code_is_asked_for_before_anybody_is_signed_in(app: App, cast: dict[str, Worker]) -> None:
    browser = Client()
    assert sign_in(browser, "vink")["Location"] == CODE
    assert SESSION_KEY not in browser.session
    assert browser.get("/indbakke/")["Location"].startswith("/konto/log-paa/")
    assert browser.get(CODE).status_code == 200
    assert browser.post(CODE, {"code": app.code()})["Location"] == "/"
    assert browser.get("/indbakke/").status_code == 200
    signed_in = [event for event in events() if event["action"] == "signed-in"][-1]
    assert (signed_in["worker_id"], signed_in["codes"]) == (
        cast["vink"].id,
        {"by": ["password", "totp"], "new_browser": True},
    )


def test_a_code_works_once(app: App) -> None:
    code = app.code()
    for browser, expected in ((Client(), 302), (Client(), 422)):
        sign_in(browser, "vink")
        assert browser.post(CODE, {"code": code}).status_code == expected


@pytest.mark.req("R-217", part="a wrong code after the right password is kept for those who oversee the account")
def test_a_wrong_code_is_kept_for_the_accounts_overseers_and_told_once(app: App, cast: dict[str, Worker]) -> None:
    browser = Client()
    sign_in(browser, "vink")
    answer = browser.post(CODE, {"code": "000"})
    assert answer.status_code == 422
    assert SESSION_KEY not in browser.session
    browser.post(CODE, {"code": "001"})
    vink = cast["vink"]
    with as_owner():
        kept = list(Event.objects.filter(action="second-factor-failed"))
    assert [(one.worker_id, one.agency_id, one.record_ids) for one in kept] == [(None, vink.agency_id, [vink.id])] * 2
    assert kept[0].codes == {"type": "totp", "worker": str(vink.id)}
    assert [notice for notice in notices() if notice[1] == "factor-failed"] == [(str(vink.id), "factor-failed")]


def test_a_wrong_code_of_one_who_is_signed_in_is_the_own(client: Client, app: App, cast: dict[str, Worker]) -> None:
    client.post("/konto/bekraeft/kode/", {"code": "000", "next": "/"})
    failed = events()[-1]
    assert (failed["action"], failed["worker_id"], failed["codes"]) == (
        "second-factor-failed",
        cast["vink"].id,
        {"type": "totp"},
    )
    assert "factor-failed" not in [notice for _, notice in notices()]


def test_wrong_codes_slow_the_account_down(app: App) -> None:
    browser = Client()
    sign_in(browser, "vink")
    for _ in range(5):
        browser.post(CODE, {"code": "000"})
    answer = browser.post(CODE, {"code": app.code()})
    assert answer.status_code == 422
    assert "prøvet for mange gange" in answer.content.decode()


def test_a_recovery_code_stands_in_for_the_app_once(client: Client, app: App) -> None:
    codes = used_recovery_codes(client.get("/konto/to-trin/reservekoder/").content.decode())
    for browser, expected in ((Client(), 302), (Client(), 422)):
        sign_in(browser, "vink")
        assert browser.post(CODE, {"code": codes[0]}).status_code == expected


def test_one_can_begin_anew_between_the_steps(app: App) -> None:
    browser = Client()
    sign_in(browser, "vink")
    assert browser.get("/konto/log-paa/")["Location"] == CODE
    browser.post("/konto/log-af/")
    assert browser.get("/konto/log-paa/").status_code == 200


def test_an_account_closed_between_the_steps_is_not_signed_in(app: App, cast: dict[str, Worker]) -> None:
    browser = Client()
    sign_in(browser, "vink")
    with as_owner():
        Worker.objects.filter(pk=cast["vink"].pk).update(is_active=False)
    browser.post(CODE, {"code": app.code()})
    assert SESSION_KEY not in browser.session


def test_an_older_session_without_a_second_factor_must_show_it(
    cast: dict[str, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = Client(), Client()
    sign_in(older, "vink")
    sign_in(newer, "vink")
    app = set_up_app(newer, monkeypatch)
    assert older.get("/indbakke/?trin=2")["Location"] == "/konto/bekraeft/kode/?next=%2Findbakke%2F%3Ftrin%3D2"
    assert older.post("/konto/bekraeft/kode/", {"code": app.code(), "next": "/indbakke/"})["Location"] == "/indbakke/"
    assert older.get("/indbakke/").status_code == 200


def test_the_password_alone_does_not_confirm_where_there_is_a_second_factor(app: App, password: str) -> None:
    browser = Client()
    sign_in(browser, "vink")
    browser.post(CODE, {"code": app.code()})
    assert browser.get("/konto/to-trin/app/fjern/")["Location"].startswith("/konto/bekraeft/kode/")
    assert browser.post("/konto/bekraeft/", {"password": password})["Location"].startswith("/konto/bekraeft/kode/")
    assert browser.get("/konto/to-trin/app/fjern/").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        APP,
        "/konto/to-trin/app/fjern/",
        "/konto/to-trin/adgangsnoegle/",
        "/konto/to-trin/reservekoder/",
        "/konto/to-trin/reservekoder/nye/",
    ],
)
def test_changing_factors_asks_again_who_it_is(app: App, path: str) -> None:
    browser = Client()
    sign_in(browser, "vink")
    browser.post(CODE, {"code": app.code()})
    for method in (browser.get, browser.post):
        assert method(path)["Location"] == f"/konto/bekraeft/kode/?next={path.replace('/', '%2F')}"
    assert browser.post("/konto/bekraeft/kode/", {"code": app.code(), "next": path})["Location"] == path
    assert browser.get(path).status_code == 200


def test_the_last_factor_of_one_who_needs_it_stays(client: Client, app: App) -> None:
    answer = client.post("/konto/to-trin/app/fjern/")
    assert answer.status_code == 422
    assert "Du skal have mindst én." in answer.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def test_a_new_app_takes_the_place_of_the_old_one(client: Client, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = set_up_app(client, monkeypatch)
    browser = Client()
    sign_in(browser, "vink")
    assert browser.post(CODE, {"code": app.code()}).status_code == 422
    assert browser.post(CODE, {"code": newer.code()}).status_code == 302
    with as_owner():
        assert FactorSecret.objects.count() == 2


def test_who_needs_none_may_remove_it_and_its_secrets_go(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, "politiker")
    set_up_app(client, monkeypatch)
    assert client.post("/konto/to-trin/app/fjern/")["Location"] == FACTORS
    with as_owner():
        assert not Authenticator.objects.exists()
        assert not FactorSecret.objects.exists()
    assert actions()[-1] == "second-factor-removed"


def test_new_recovery_codes_end_the_old_ones(client: Client, app: App) -> None:
    before = used_recovery_codes(client.get("/konto/to-trin/reservekoder/").content.decode())
    assert client.post("/konto/to-trin/reservekoder/nye/")["Location"] == "/konto/to-trin/reservekoder/"
    after = used_recovery_codes(client.get("/konto/to-trin/reservekoder/").content.decode())
    assert len(after) == 10 and not set(before) & set(after)
    assert actions()[-1] == "recovery-codes-renewed"
    browser = Client()
    sign_in(browser, "vink")
    assert browser.post(CODE, {"code": before[0]}).status_code == 422


def test_a_change_is_told_by_mail_and_the_job_holds_no_address(client: Client, app: App, cast: dict[str, Worker]) -> None:
    with as_owner():
        jobs = list(
            ProcrastinateJob.objects.filter(task_name="access.send_notice").order_by("id").values_list("args", flat=True)
        )
    assert [job["notice"] for job in jobs] == ["new-browser", "factor-added"]
    assert all(job == {"worker_id": str(cast["vink"].id), "notice": job["notice"], "language": "da"} for job in jobs)


def test_nobody_reaches_anothers_factors(client: Client, app: App) -> None:
    with as_owner():
        (theirs,) = Authenticator.objects.filter(type="totp")
        Authenticator.objects.filter(pk=theirs.pk).update(type="webauthn", data={"name": "N", "credential": {}})
    sign_in(other := Client(), "politiker")
    assert other.post("/konto/bekraeft/", {"password": "forebyg-demo-2016", "next": "/"}).status_code == 302
    assert other.get(f"/konto/to-trin/adgangsnoegle/{theirs.pk}/fjern/").status_code == 404
