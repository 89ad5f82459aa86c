"""One contact coordinates for the citizen, so that the citizen need not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.models import Case
from forebyg.cli.scenarios.play import Played
from forebyg.store.identity import acting


@pytest.mark.req("R-067")
@pytest.mark.parametrize("person", ["far", "soen", "datter"])
def test_each_citizens_page_names_the_one_contact(example: Played, person: str) -> None:
    worker = Worker.objects.get(email="vink@forebyg.example")
    with acting(worker.id):
        reference = Case.objects.select_related("matter").get(id=example.case_id).matter.reference
    client = Client()
    client.force_login(worker)
    page = client.get(reverse("cases:person", args=[reference, example.persons[person]])).content.decode()
    _, _, after = page.partition("Ansvarlig kontakt")
    assert "Socialrådgiver" in after[:200]
