from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.test import RequestFactory

from forebyg.ui.middleware import HtmxResponses, SecurityHeaders
from forebyg.ui.responses import problem


def asked(path: str = "/sager/", **headers: str) -> HttpRequest:
    return RequestFactory().get(path, headers=headers)


def test_every_page_has_a_strict_policy_and_is_kept_nowhere() -> None:
    response = SecurityHeaders(lambda request: HttpResponse())(asked())
    assert response["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert {"HX-Request", "HX-Request-Type"} <= {part.strip() for part in response["Vary"].split(",")}


def test_static_files_may_be_kept() -> None:
    assert "Cache-Control" not in SecurityHeaders(lambda request: HttpResponse())(asked("/static/ui/app.js"))


def test_a_lost_sign_in_sends_the_whole_page_to_sign_in_and_back_without_the_query(settings: Any) -> None:
    settings.LOGIN_URL = "/log-ind/"
    middleware = HtmxResponses(lambda request: HttpResponseRedirect(f"{resolve_url('/log-ind/')}?next=/del"))
    response = middleware(asked(**{"HX-Request": "true", "HX-Current-URL": "https://example.org/sager/1/?q=navn"}))
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/log-ind/?next=/sager/1/"


def test_other_redirects_are_left_alone(settings: Any) -> None:
    settings.LOGIN_URL = "/log-ind/"
    assert HtmxResponses(lambda request: HttpResponseRedirect("/sager/2/"))(asked(**{"HX-Request": "true"})).status_code == 302


@pytest.mark.parametrize("status", [403, 404, 409, 500])
def test_htmx_gets_a_short_error_beside_what_is_on_the_page(plain_pages: Any, status: int) -> None:
    response = HtmxResponses(lambda request: HttpResponse("<html>a whole page</html>", status=status))(
        asked(**{"HX-Request": "true"})
    )
    assert isinstance(response, HttpResponse)
    assert response.status_code == status
    assert response["HX-Retarget"] == "#status"
    assert b"<html" not in response.content


def test_a_form_with_errors_is_left_to_its_view() -> None:
    response = HtmxResponses(lambda request: HttpResponse("form", status=422))(asked(**{"HX-Request": "true"}))
    assert isinstance(response, HttpResponse)
    assert response.content == b"form"


@pytest.mark.parametrize("status", [403, 404, 409, 500])
def test_without_htmx_a_problem_is_a_whole_page_with_its_sentence(plain_pages: Any, status: int) -> None:
    response = problem(asked(), status=status, sentence="Bed <lederen> om adgang.")
    assert response.status_code == status
    assert "Bed &lt;lederen&gt; om adgang." in response.content.decode()
    assert response.content.decode().count("<h1") == 1
