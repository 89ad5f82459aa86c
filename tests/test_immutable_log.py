"""Reads, changes, exports and disclosures each leave an event that nobody can change or take away (R-217)."""

from __future__ import annotations

import pytest
from conftest import as_owner
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg import sql

from forebyg.access.models import Worker
from forebyg.access.tests.rows import refused, run, session_of
from forebyg.audit.models import Event
from forebyg.audit.tests.test_append_only import EVERYONE, TAKES_AWAY
from forebyg.cases.actions import noting
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, an_item

KINDS = {"read": "case.seen", "change": "item.written", "export": "oversight.log-exported", "disclosure": "record.disclosed"}


@pytest.mark.req("R-217")
@pytest.mark.django_db
def test_each_of_the_four_leaves_an_event_that_no_role_changes_or_removes(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    reference = play.case().matter.reference
    with as_owner():
        before = set(Event.objects.values_list("id", flat=True))
    acting = play.by("vink")
    item = noting.write_item(**acting, item=an_item(), about=play.subjects, happened_at=acting["now"])
    play.disclose(item, to="dks")
    assert _signed_in(cast["dks"]).get(reverse("cases:items", args=[reference])).status_code == 200
    why = {"reason": "Tilsyn for november."}
    assert _signed_in(cast["dpo"]).post(f"{reverse('oversight:export')}?sag={reference}", why).status_code == 200

    with as_owner():
        left = {event.action: event for event in Event.objects.exclude(id__in=before)}
    assert set(KINDS.values()) <= set(left)
    by = {"read": "dks", "change": "vink", "disclosure": "vink", "export": "dpo"}
    for kind, action in KINDS.items():
        event, worker = left[action], cast[by[kind]]
        assert (event.worker_id, event.agency_id, event.matter_ids) == (worker.id, worker.agency_id, [play.matter_id])
    lines = _as_they_lie()
    for role in EVERYONE:
        for statement in TAKES_AWAY:
            with session_of(role), refused():
                run(sql.SQL(statement).format(sql.Identifier("audit_event"), sql.Identifier("action"), sql.Identifier("id")))
    assert _as_they_lie() == lines


def _signed_in(worker: Worker) -> Client:
    client = Client()
    client.force_login(worker)
    return client


def _as_they_lie() -> list[str]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM audit_event e ORDER BY id")
        return [row for (row,) in cursor.fetchall()]
