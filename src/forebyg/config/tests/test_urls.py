"""Which addresses are open to one who is signed out, and what happens at those that do not exist."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from forebyg.access.models import Worker

PUBLIC = {
    *("account_login", "account_logout", "language"),
    *("mfa_authenticate", "mfa_login_webauthn"),  # the second step of sign-in, and sign-in by passkey
    *("first-use", "first-use-link"),  # who holds the link
    *("health-live", "health-ready"),  # machines
}
SAMPLES = {"uuid": str(uuid.uuid4()), "int": "1", "slug": "noget", "str": "noget"}

Found = tuple[str, URLPattern]


def _walk(resolver: URLResolver, before: str = "", namespace: str = "") -> Iterator[Found]:
    for entry in resolver.url_patterns:
        written = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, written, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            assert entry.name, f"an address without a name: {written}"
            yield f"{namespace}{entry.name}", entry


ADDRESSES = dict(_walk(get_resolver()))


def test_only_sign_in_sign_out_and_language_are_open() -> None:
    assert {name for name, entry in ADDRESSES.items() if not getattr(entry.callback, "login_required", True)} == PUBLIC


@pytest.mark.django_db
@pytest.mark.req("R-214", part="sign-in")
@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - PUBLIC))
@pytest.mark.parametrize("method", ["get", "post"])
def test_everything_else_asks_for_sign_in(client: Client, name: str, method: str) -> None:
    converters = ADDRESSES[name].pattern.converters
    path = reverse(name, kwargs={key: SAMPLES.get(_kind(converter), "1") for key, converter in converters.items()})
    response = getattr(client, method)(path)
    assert response.status_code == 302
    assert response["Location"] == f"/konto/log-paa/?next={path}"


def _kind(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


@pytest.mark.django_db
def test_an_unknown_address_is_a_whole_page(client: Client) -> None:
    response = client.get("/findes-ikke/")
    assert response.status_code == 404
    assert ">Siden findes ikke</h1>" in response.content.decode()


@pytest.mark.django_db
def test_a_form_from_a_page_that_stood_open_too_long_says_so() -> None:
    response = Client(enforce_csrf_checks=True).post("/konto/log-paa/", {})
    assert response.status_code == 403
    assert "Formularen kunne ikke sendes" in response.content.decode()


@pytest.mark.django_db
def test_what_cannot_be_read_is_a_whole_page(client: Client) -> None:
    response = client.get("/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "kunne ikke læses" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.req("R-186", part="choice of language")
def test_the_language_is_danish_until_another_is_chosen_and_the_page_stays(client: Client, cast: dict[str, Worker]) -> None:
    client.force_login(cast["vink"])
    page = client.get("/konto/adgangskode/").content.decode()
    assert '<html lang="da">' in page
    assert 'action="/sprog/"' in page
    assert 'name="next" value="/konto/adgangskode/"' in page
    response = client.post("/sprog/", {"language": "en", "next": "/konto/adgangskode/"})
    assert response["Location"] == "/konto/adgangskode/"
    assert '<html lang="en">' in client.get("/konto/adgangskode/").content.decode()


@pytest.mark.django_db
def test_the_language_can_be_chosen_before_sign_in_and_leads_to_no_other_site(client: Client) -> None:
    response = client.post("/sprog/", {"language": "en", "next": "https://elsewhere.example/"})
    assert response["Location"] == "/"
    assert '<html lang="en">' in client.get("/konto/log-paa/").content.decode()
