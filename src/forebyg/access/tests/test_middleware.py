"""Who acts in a request, and what stays when its view fails."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import as_owner
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.views.decorators.http import require_POST
from pytest_django import DjangoDbBlocker
from tests.database import clone, database_of_this_process

from forebyg.access.middleware import PublicRequest, WorkerRequest
from forebyg.access.models import Worker
from forebyg.audit.models import Event
from forebyg.audit.record import record
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.store.identity import now

pytestmark = pytest.mark.urls(__name__)

ERRORS: dict[str, Exception] = {
    "hidden": NotVisible("Sagen handler om noget hemmeligt."),
    "forbidden": NotPermitted("Kun sekretariatet kan gøre det."),
    "impossible": RuleBroken("Sagen er afsluttet. Genåbn den først."),
    "missing": Http404(),
    "broken": ZeroDivisionError(),
}


def fail(request: WorkerRequest, kind: str, about: uuid.UUID | None = None) -> HttpResponse:
    record("changed", actor=request.worker, at=request.moment)
    raise ERRORS[kind]


def fail_in_the_database(request: WorkerRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return HttpResponse()


@login_not_required
def who(request: PublicRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('forebyg.worker', true), access.me()")
        setting, me = cursor.fetchone()
    worker = request.worker
    known = {"agency": worker.agency.name, "unit": worker.unit.name, "roles": len(worker.roles)} if worker else None
    return JsonResponse({"setting": setting, "me": me, "known": known, "moment": request.moment == now()})


@require_POST
def only_sent(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("fail/<slug:kind>/", fail, name="fail"),
    path("fail/<slug:kind>/<uuid:about>/", fail, name="fail-about"),
    path("fail-in-the-database/", fail_in_the_database),
    path("who/", who),
    path("only-sent/", only_sent),
    path("", include("forebyg.config.urls")),
]


@pytest.fixture
def signed_in(client: Client, cast: dict[str, Worker]) -> Client:
    client.raise_request_exception = False
    client.force_login(cast["vink"])
    return client


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database really commits; what the test leaves is thrown away with it."""
    with django_db_blocker.unblock():
        connection.close()
        try:
            yield
        finally:
            connection.close()
            clone(database_of_this_process())


def events() -> list[dict[str, Any]]:
    """What the ledger holds, without the sealed part."""
    with as_owner():
        return list(Event.objects.order_by("id").values("action", "worker_id", "agency_id", "record_ids", "codes"))


def without_what_always_differs(response: HttpResponse) -> str:
    """The page but for its tokens, its code, its times, and the address that was asked for."""
    page = response.content.decode().replace(response["X-Request-ID"], "")
    return re.sub(r'(name="(csrfmiddlewaretoken|next)" value|data-session-\w+)="[^"]*"', "", page)


def test_a_request_knows_the_worker_with_agency_unit_and_roles(signed_in: Client, cast: dict[str, Worker]) -> None:
    answer = signed_in.get("/who/").json()
    assert answer["me"] == answer["setting"] == str(cast["vink"].id)
    assert answer["known"] == {"agency": "VINK", "unit": "Koordineringsenheden", "roles": 1}
    assert answer["moment"]


def test_what_a_request_asks_first_does_not_grow_with_the_roles(client: Client, cast: dict[str, Worker]) -> None:
    counts = []
    for key in ("vink", "dks"):
        client.force_login(cast[key])
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/who/").json()["known"]["roles"] == {"vink": 1, "dks": 2}[key]
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.real_commits
@pytest.mark.req("R-216", part="sign-in")
def test_who_acts_ends_with_the_request(committing: None) -> None:
    worker = Worker.objects.get(email__startswith="vink@")
    browser = Client()
    browser.force_login(worker)
    assert browser.get("/who/").json()["me"] == str(worker.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('forebyg.worker', true), ''), access.me()")
        assert cursor.fetchone() == (None, None)
    assert browser.get("/who/").json()["me"] == str(worker.id)
    signed_out = Client().get("/who/").json()
    assert (signed_out["setting"], signed_out["me"], signed_out["known"]) == ("", None, None)


@pytest.mark.real_commits
@pytest.mark.req("R-217", part="refusals")
def test_a_refusal_is_kept_while_the_change_of_the_view_is_undone(committing: None) -> None:
    worker = Worker.objects.get(email__startswith="vink@")
    browser = Client()
    browser.force_login(worker)
    asked_for = uuid.uuid4()
    assert browser.get(f"/fail/forbidden/{asked_for}/").status_code == 403
    connection.close()
    assert events() == [
        {
            "action": "refused",
            "worker_id": worker.id,
            "agency_id": worker.agency_id,
            "record_ids": [asked_for],
            "codes": {"error": "not-permitted", "status": 403, "route": "fail-about"},
        }
    ]


@pytest.mark.real_commits
def test_an_error_of_ours_leaves_nothing_committed(committing: None) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(Worker.objects.get(email__startswith="vink@"))
    assert browser.get("/fail/broken/").status_code == 500
    connection.close()
    assert events() == []


def test_a_failed_query_is_an_error_page_and_the_connection_goes_on(signed_in: Client) -> None:
    response = signed_in.get("/fail-in-the-database/")
    assert response.status_code == 500
    assert "Der er sket en fejl hos os" in response.content.decode()
    assert signed_in.get("/who/").status_code == 200


@pytest.mark.req("R-216", part="refusals")
def test_hidden_looks_like_missing(signed_in: Client) -> None:
    hidden, missing = signed_in.get("/fail/hidden/"), signed_in.get("/fail/missing/")
    assert hidden.status_code == missing.status_code == 404
    assert without_what_always_differs(hidden) == without_what_always_differs(missing)
    assert "hemmeligt" not in hidden.content.decode()
    assert [event["action"] for event in events()] == ["refused"]


@pytest.mark.parametrize(
    ("kind", "status", "title", "next_step"),
    [
        ("hidden", 404, "Siden findes ikke", "spørg den, der leder sagen"),
        ("forbidden", 403, "Det har du ikke ret til", "Kun sekretariatet kan gøre det."),
        ("impossible", 409, "Det kan ikke lade sig gøre lige nu", "Sagen er afsluttet. Genåbn den først."),
        ("broken", 500, "Der er sket en fejl hos os", "prøv igen om lidt"),
    ],
)
def test_an_error_is_a_whole_page_that_says_what_to_do(
    signed_in: Client, kind: str, status: int, title: str, next_step: str
) -> None:
    response = signed_in.get(f"/fail/{kind}/")
    page = response.content.decode()
    assert response.status_code == status
    assert '<html lang="da">' in page
    assert f">{title}</h1>" in page
    assert next_step in page
    assert "Gå til forsiden" in page


@pytest.mark.parametrize(("kind", "status"), [("hidden", 404), ("forbidden", 403), ("impossible", 409), ("broken", 500)])
def test_a_part_of_a_page_gets_a_short_error(signed_in: Client, kind: str, status: int) -> None:
    response = signed_in.get(f"/fail/{kind}/", headers={"HX-Request": "true"})
    assert response.status_code == status
    assert response["HX-Retarget"] == "#status"
    assert "<html" not in response.content.decode()


def test_opening_what_can_only_be_sent_explains_itself(signed_in: Client) -> None:
    response = signed_in.get("/only-sent/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Siden kan ikke åbnes på den måde" in response.content.decode()


def test_a_worker_whose_account_was_closed_is_signed_out(signed_in: Client, cast: dict[str, Worker]) -> None:
    with as_owner():
        Worker.objects.filter(pk=cast["vink"].pk).update(is_active=False)
    assert signed_in.get("/who/").json()["known"] is None
    assert SESSION_KEY not in signed_in.session


def test_a_system_worker_has_no_pages(signed_in: Client, cast: dict[str, Worker]) -> None:
    with as_owner():
        Worker.objects.filter(pk=cast["vink"].pk).update(is_system=True)
    assert signed_in.get("/who/").json()["known"] is None
    assert SESSION_KEY not in signed_in.session
