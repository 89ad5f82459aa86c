"""Signing in with a key: alone only where it was set up to, asked who holds it, and for the challenge of that purpose."""

from __future__ import annotations

import pytest
from allauth.account.internal.flows import reauthentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY
from conftest import as_owner
from django.contrib.auth import SESSION_KEY
from django.test import Client

from forebyg.access.factor_forms import NewPasskeyForm
from forebyg.access.models import Worker
from forebyg.access.tests.signing_in import events, notices, sign_in
from forebyg.access.tests.software_key import SoftwareKey

pytestmark = pytest.mark.usefixtures("password", "second_factor_required")

CODE, ALONE = "/konto/log-paa/kode/", "/konto/log-paa/adgangsnoegle/"


def challenge_for_a_key_alone(client: Client) -> str:
    answer = client.get(ALONE, headers={"X-Requested-With": "XMLHttpRequest"})
    return str(answer.json()["request_options"]["publicKey"]["challenge"])


def challenge_in(client: Client) -> str:
    return str(client.session[STATE_SESSION_KEY]["challenge"])


@pytest.fixture
def key(cast: dict[str, Worker]) -> SoftwareKey:
    """VINK's, set up to sign in alone."""
    return SoftwareKey(cast["vink"], signs_in_alone=True)


def test_a_key_that_asked_who_holds_it_signs_in_alone(client: Client, key: SoftwareKey) -> None:
    challenge = challenge_for_a_key_alone(client)
    assert client.post(ALONE, {"credential": key.answer(challenge, verified=True)})["Location"] == "/"
    assert SESSION_KEY in client.session


def test_a_key_by_touch_alone_is_the_second_step(client: Client, key: SoftwareKey) -> None:
    sign_in(client, "vink")
    client.get(CODE)
    assert client.post(CODE, {"credential": key.answer(challenge_in(client), verified=False)})["Location"] == "/"
    assert SESSION_KEY in client.session


@pytest.mark.req("R-214", part="a key signs in alone only when it asked for PIN, face or finger")
@pytest.mark.parametrize("other", ["vink", "ssp"], ids=["the own password", "another's password"])
def test_a_challenge_of_the_second_step_signs_nobody_in_alone(
    client: Client, key: SoftwareKey, cast: dict[str, Worker], other: str
) -> None:
    if other != "vink":
        SoftwareKey(cast[other], signs_in_alone=False)
    sign_in(client, other)
    client.get(CODE)
    kept = client.session[STATE_SESSION_KEY]
    client.post("/konto/log-af/")
    assert STATE_SESSION_KEY not in client.session
    session = client.session
    session[STATE_SESSION_KEY] = kept  # whatever other way leaves it there
    session.save()
    client.post(ALONE, {"credential": key.answer(kept["challenge"], verified=False)})
    assert SESSION_KEY not in client.session


def test_touch_alone_does_not_answer_the_challenge_of_a_key_alone(client: Client, key: SoftwareKey) -> None:
    challenge = challenge_for_a_key_alone(client)
    client.post(ALONE, {"credential": key.answer(challenge, verified=False)})
    assert SESSION_KEY not in client.session


def test_a_key_that_was_not_set_up_to_signs_nobody_in_alone(client: Client, cast: dict[str, Worker]) -> None:
    key = SoftwareKey(cast["vink"], signs_in_alone=False)
    challenge = challenge_for_a_key_alone(client)
    client.post(ALONE, {"credential": key.answer(challenge, verified=True)})
    assert SESSION_KEY not in client.session


def test_a_new_sign_in_forgets_the_challenge_of_the_one_before(client: Client, key: SoftwareKey) -> None:
    challenge_for_a_key_alone(client)
    sign_in(client, "vink", password="forkert")
    assert STATE_SESSION_KEY not in client.session


def test_a_wrong_key_after_the_password_is_kept_for_the_accounts_overseers(
    client: Client, key: SoftwareKey, cast: dict[str, Worker]
) -> None:
    sign_in(client, "vink")
    client.get(CODE)
    strange = SoftwareKey(cast["ssp"], signs_in_alone=True)
    answer = client.post(CODE, {"credential": strange.answer(challenge_in(client), verified=True)})
    assert answer.status_code == 422
    failed = events()[-1]
    assert (failed["action"], failed["worker_id"], failed["agency_id"]) == (
        "second-factor-failed",
        None,
        cast["vink"].agency_id,
    )
    assert failed["codes"] == {"type": "webauthn", "worker": str(cast["vink"].id)}
    assert notices() == [(str(cast["vink"].id), "factor-failed")]


def test_a_wrong_key_alone_is_kept_and_believed_of_nobody(client: Client, key: SoftwareKey) -> None:
    challenge_for_a_key_alone(client)
    client.post(ALONE, {"credential": key.answer("AAAA", verified=True)})
    assert events()[-1] == {
        "action": "second-factor-failed",
        "worker_id": None,
        "agency_id": None,
        "codes": {"type": "webauthn"},
    }
    assert notices() == []


@pytest.mark.req("R-214", part="a worker names the own keys, and renames them")
def test_a_key_is_renamed_by_its_worker_and_nobody_else(
    client: Client, key: SoftwareKey, cast: dict[str, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reauthentication, "did_recently_reauthenticate", lambda request: True)
    SoftwareKey(cast["ssp"], signs_in_alone=False)
    challenge = challenge_for_a_key_alone(client)
    client.post(ALONE, {"credential": key.answer(challenge, verified=True)})
    with as_owner():
        own, other = (Authenticator.objects.get(user=cast[one]).pk for one in ("vink", "ssp"))
    address = f"/konto/to-trin/adgangsnoegle/{own}/navn/"
    assert 'value="Nøgle"' in client.get(address).content.decode()
    for wrong in ("", " ", "x" * 61):
        assert client.post(address, {"name": wrong}).status_code == 422
    assert client.post(address, {"name": "Arbejdsmobil"})["Location"] == "/konto/to-trin/"
    assert "Arbejdsmobil" in client.get("/konto/to-trin/").content.decode()
    assert events()[-1]["action"] == "second-factor-renamed" and "Arbejdsmobil" not in str(events())
    assert client.post(f"/konto/to-trin/adgangsnoegle/{other}/navn/", {"name": "Min"}).status_code == 404
    challenge = challenge_for_a_key_alone(fresh := Client())
    assert fresh.post(ALONE, {"credential": key.answer(challenge, verified=True)})["Location"] == "/", "it still opens"


def test_a_name_that_is_too_long_is_refused_when_a_key_is_made(cast: dict[str, Worker]) -> None:
    form = NewPasskeyForm({"name": "x" * 61, "credential": ""}, user=cast["vink"], initial={"name": ""})
    assert "name" in form.errors
