"""Each role of the document, held by a worker of its own: what the worker may do, and which pages open."""

from __future__ import annotations

import uuid

import pytest
from conftest import as_owner
from django.db import connection
from django.test import Client
from django.urls import reverse

from forebyg.access.models import RoleHolding, Worker
from forebyg.access.permissions import PERMISSIONS_OF, Permission, Role
from forebyg.access.tests.test_permissions import MAY
from forebyg.store.identity import act_as

OF_THE_DOCUMENT = [
    Role.SECRETARIAT,
    Role.VINK,
    Role.SSP,
    Role.DKS,
    Role.POLICE,
    Role.PRISON_SERVICE,
    Role.SPECIALIST,
    Role.EKP,
    Role.AD_HOC,
    Role.KEY_STAFF,
    Role.MENTOR,
    Role.COACH,
    Role.REPORTING,
    Role.POLITICIAN,
    Role.ADMINISTRATOR,
]
NEEDS = {
    "strategy:interventions": Permission.READ_STRATEGY,
    "cases:list": Permission.SEE_CASES,
    "cases:inbox": Permission.SEE_CASES,
    "cases:board": Permission.SEE_BOARD,
    "intake:new": Permission.TAKE_IN_CONCERN,
}


def _worker_with(role: Role, like: Worker) -> Worker:
    with as_owner():
        worker = Worker.objects.create(
            agency=like.agency, unit_id=like.unit_id, email=f"{uuid.uuid4()}@forebyg.example", name=f"Ny {role.value}"
        )
        RoleHolding.objects.create(worker=worker, role=role.value)
    return worker


@pytest.mark.req("R-207")
def test_each_role_of_the_document_opens_its_own_pages_and_no_others(cast: dict[str, Worker], client: Client) -> None:
    assert len(OF_THE_DOCUMENT) == 15
    for role in OF_THE_DOCUMENT:
        worker = _worker_with(role, cast["vink"])
        expected = {permission for permission, roles in MAY.items() if role in roles}
        assert worker.permissions == PERMISSIONS_OF[role] == expected, role
        assert str(role.label) and str(role.label) != role.value, "it has a name on screen"
        client.force_login(worker)
        for view, permission in NEEDS.items():
            assert client.get(reverse(view)).status_code == (200 if permission in expected else 403), (role, view)
        act_as(worker.id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT access.my_board_units() = ARRAY[%s]::uuid[]", [worker.unit_id])
            assert cursor.fetchone() == (role is Role.SECRETARIAT,), role


def test_who_holds_two_roles_may_do_what_either_may(cast: dict[str, Worker]) -> None:
    worker = _worker_with(Role.MENTOR, cast["vink"])
    with as_owner():
        RoleHolding.objects.create(worker=worker, role=Role.REPORTING.value)
    assert Worker.objects.get(id=worker.id).permissions == PERMISSIONS_OF[Role.MENTOR] | PERMISSIONS_OF[Role.REPORTING]
