"""Forms about one record of a case: sent without saying which, they change nothing and break nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.acts import ACTS
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play

pytestmark = pytest.mark.django_db

ON_ROW = sorted(slug for slug, act in ACTS.items() if act.on_row and slug != "procedure")


@pytest.mark.parametrize("target", [{}, {"target": ""}, {"target": "not-an-id"}])
def test_a_form_that_names_no_record_is_answered_as_one_that_is_not_there(
    cast: dict[str, Worker], client: Client, target: dict[str, str]
) -> None:
    play = Play(cast).to(Step.RECEIVED)
    client.force_login(cast["vink"])
    reference = play.case().matter.reference
    typed = {"text": "Tekst.", "reason": "En grund.", "happened_at": "2016-03-01T10:00"}
    answers = {slug: client.post(reverse(f"cases:act-{slug}", args=[reference]), typed | target).status_code for slug in ON_ROW}
    assert {slug for slug, status in answers.items() if status != 404} <= {"log"}
    assert answers["log"] == 403, "VINK's worker runs no course"
