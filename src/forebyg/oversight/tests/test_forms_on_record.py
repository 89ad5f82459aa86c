"""A form shows what is in the case, so each time it is shown stands in the ledger: also when it comes back with an error."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.cases.acts import ACTS
from forebyg.cases.tests.cast import Play
from forebyg.oversight.tests.conftest import reference_of

pytestmark = pytest.mark.django_db


@pytest.mark.req("R-217", part="a form that comes back with an error is a reading, and leaves its event")
def test_a_form_that_comes_back_is_in_the_ledger_each_time(play: Play, client: Client) -> None:
    worker, _ = play.become("vink")
    client.force_login(worker)
    shown = 0
    for slug in sorted(ACTS):
        before = len(play.ledger("act.opened"))
        play.become("vink")
        answer = client.post(reverse(f"cases:act-{slug}", args=[reference_of(play)]), {})
        if answer.status_code in (403, 404):
            continue
        assert answer.status_code in (409, 422), slug
        assert len(play.ledger("act.opened")) == before + 1, slug
        shown += 1
    assert shown > 30


def test_a_form_for_a_row_of_the_page_needs_the_row(play: Play, client: Client) -> None:
    worker, _ = play.become("vink")
    client.force_login(worker)
    for slug in (slug for slug, act in ACTS.items() if act.on_row and slug != "procedure"):
        address = reverse(f"cases:act-{slug}", args=[reference_of(play)])
        assert client.post(address, {}).status_code in (403, 404), slug
        assert client.post(address, {"target": "not-an-id"}).status_code in (403, 404), slug
