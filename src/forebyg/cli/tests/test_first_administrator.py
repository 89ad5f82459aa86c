"""The way in for the first administrator of a fresh installation, and for whoever oversees or reviews the law."""

from __future__ import annotations

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse
from pydantic import SecretStr

from forebyg.access.accounts import AddressTaken
from forebyg.access.models import Unit, Worker
from forebyg.access.permissions import Role
from forebyg.audit.models import Event
from forebyg.cli.first_administrator import invite_worker
from forebyg.config.installation import Installation
from forebyg.core.errors import RuleBroken

INSTALLATION = Installation(secret_key=SecretStr("x"), hosts=["forebyg.kommune.dk"], https=True)
PASSWORD = "fire-heste-i-en-ladcykel"


def invite(address: str = "leder@kommune.example", role: Role = Role.ADMINISTRATOR) -> str:
    with as_owner():
        link, _ = invite_worker(
            INSTALLATION,
            address=address,
            name="Leder",
            role=role,
            unit_name="Ny enhed",
            agency_name="Ny myndighed",
            controller_name="Ny forvaltning",
        )
    assert link.startswith("https://forebyg.kommune.dk/konto/foerste-gang/")
    return link.removeprefix("https://forebyg.kommune.dk")


def use(path: str) -> Client:
    client = Client()
    client.get(path)
    client.post("/konto/foerste-gang/", {"password1": PASSWORD, "password2": PASSWORD})
    return client


def test_the_link_lets_the_first_administrator_in_to_make_the_others(db: None) -> None:
    client = use(invite())
    assert client.get("/medarbejdere/").status_code == 200
    worker = Worker.objects.get(email="leder@kommune.example")
    assert worker.roles == {Role.ADMINISTRATOR}
    assert (worker.unit.name, worker.agency.name, worker.agency.controller.name) == (
        "Ny enhed",
        "Ny myndighed",
        "Ny forvaltning",
    )
    assert Worker.objects.filter(unit=worker.unit, is_system=True).count() == 1
    with as_owner():
        made = Event.objects.filter(action="account-made").get()
    assert (made.worker_id, made.codes["by"]) == (None, "operator")


def test_asked_again_it_gives_a_new_link_until_one_is_used(db: None) -> None:
    first, second = invite(), invite()
    assert use(first).get("/medarbejdere/").status_code == 302
    assert use(second).get("/medarbejdere/").status_code == 200
    assert Unit.objects.filter(name="Ny enhed").count() == 1
    with pytest.raises(RuleBroken):
        invite()


def test_another_workers_account_is_not_taken_over(cast: dict[str, Worker]) -> None:
    with pytest.raises(AddressTaken):
        invite("vink@forebyg.example")


def test_the_operator_lets_in_who_oversees_also_after_the_phone_is_lost(db: None) -> None:
    address = "dpo@kommune.example"
    client = use(invite(address, Role.DPO))
    assert client.get("/tilsyn/").status_code == 200
    assert client.get("/medarbejdere/").status_code == 403
    assert Worker.objects.get(email=address).roles == {Role.DPO}
    assert use(invite(address, Role.DPO)).get("/tilsyn/").status_code == 200


def test_the_operator_lets_in_who_reviews_the_law(db: None) -> None:
    client = use(invite("jurist@kommune.example", Role.LEGAL_REVIEWER))
    assert client.get(reverse("sharing:law")).status_code == 200
    assert client.get("/medarbejdere/").status_code == 403
    assert Worker.objects.get(email="jurist@kommune.example").roles == {Role.LEGAL_REVIEWER}


def test_an_administrator_does_not_come_to_oversee(db: None) -> None:
    invite()
    with pytest.raises(AddressTaken):
        invite(role=Role.DPO)
