"""Roles of an account that exists: given and taken, by whom, and what ends with them."""

from __future__ import annotations

import re
import uuid

import pytest
from conftest import as_owner
from django.test import Client

from forebyg.access import accounts
from forebyg.access.models import Grant, RoleHolding, Worker
from forebyg.access.permissions import BREAK_GLASS_ROLES, PERMISSIONS_OF, ROLES_OF_THE_OPERATOR, Permission, Role
from forebyg.access.tests.rows import begin_matter, insert, insert_grant, refused, rows
from forebyg.access.tests.signing_in import events, notices
from forebyg.audit.models import Event
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.store.identity import act_as, now

pytestmark = pytest.mark.django_db


def change(cast: dict[str, Worker], key: str, *roles: Role, by: str = "administrator", seen: set[Role] | None = None) -> Worker:
    """Let a worker of the cast have these roles and no others."""
    act_as(cast[by].id)
    fresh = Worker.objects.get(pk=cast[key].pk)
    return accounts.change_roles(
        worker=cast[by], account_id=fresh.id, roles=roles, seen=fresh.roles if seen is None else seen, now=now()
    )


def held(cast: dict[str, Worker], key: str) -> set[str]:
    """The roles of a worker as they stand in the database."""
    return set(RoleHolding.objects.filter(worker=cast[key]).values_list("role", flat=True))


def second_administrator(cast: dict[str, Worker]) -> Worker:
    """A colleague of the administrator with the same role."""
    with as_owner():
        worker = insert(
            "access_worker",
            unit_id=cast["administrator"].unit_id,
            agency_id=cast["administrator"].agency_id,
            email="administrator-to@forebyg.example",
            is_active=True,
        )
        insert("access_roleholding", worker_id=worker, role="administrator")
    return Worker.objects.select_related("agency", "unit").get(pk=worker)


def a_grant(cast: dict[str, Worker], key: str, *, participant: uuid.UUID | None = None) -> uuid.UUID:
    """A running grant of a worker in a new matter of VINK's."""
    matter, _case = begin_matter(cast["vink"])
    if cast[key].agency_id != cast["vink"].agency_id:
        insert("access_admission", matter_id=matter, agency_id=cast[key].agency_id, admitted_by_id=cast["vink"].id)
    return insert_grant(matter, worker=cast[key], given_by=cast["vink"], participant=participant)


def has_ended(grant: uuid.UUID) -> bool:
    """Whether a grant was ended before its time."""
    with as_owner():
        return Grant.objects.get(id=grant).ended_at is not None


@pytest.mark.req("R-207", part="roles of an account are given and taken, by an administrator, each time as an event")
def test_roles_are_given_and_taken_and_kept_in_the_ledger(cast: dict[str, Worker]) -> None:
    change(cast, "ssp", Role.SSP, Role.KEY_STAFF)
    assert held(cast, "ssp") == {"ssp", "key-staff"}
    change(cast, "ssp", Role.KEY_STAFF)
    assert held(cast, "ssp") == {"key-staff"}
    given, taken = [one for one in events() if one["action"].startswith("roles-")]
    assert (given["action"], given["codes"]) == ("roles-given", {"roles": ["key-staff"]})
    assert (taken["action"], taken["codes"]) == ("roles-taken", {"roles": ["ssp"]})
    assert notices() == [(str(cast["ssp"].id), "roles-changed")] * 2


def test_who_loses_a_role_is_signed_out_everywhere_and_can_do_nothing_by_it(cast: dict[str, Worker], client: Client) -> None:
    client.force_login(cast["vink"])
    assert client.get("/indbakke/").status_code == 200
    change(cast, "vink", Role.REPORTING)
    assert client.get("/indbakke/").status_code in (302, 403)
    client.force_login(Worker.objects.get(pk=cast["vink"].pk))
    assert client.get("/indbakke/").status_code == 403


@pytest.mark.req("R-208", part="an access ends with the role it hung on")
@pytest.mark.parametrize(
    "role", [one for one in Role if one not in ROLES_OF_THE_OPERATOR | {Role.ADMINISTRATOR}], ids=lambda one: one.value
)
def test_access_to_cases_ends_with_the_last_role_that_sees_them(cast: dict[str, Worker], role: Role) -> None:
    change(cast, "vink-kollega", role, Role.VINK, Role.CUSTODIAN)
    grant = a_grant(cast, "vink-kollega")
    if role != Role.VINK:
        change(cast, "vink-kollega", role, Role.CUSTODIAN)
        assert has_ended(grant) == (Permission.SEE_CASES not in PERMISSIONS_OF[role])
    change(cast, "vink-kollega", Role.CUSTODIAN)
    assert has_ended(grant)
    with as_owner():
        ended = Event.objects.filter(action="access.ended", worker_id=cast["administrator"].id)
        assert [one.codes["grant"] for one in ended] == [str(grant)]


def test_access_to_a_course_ends_with_the_role_of_a_mentor(cast: dict[str, Worker]) -> None:
    change(cast, "mentor", Role.MENTOR, Role.AD_HOC)
    course, whole = a_grant(cast, "mentor", participant=uuid.uuid4()), a_grant(cast, "mentor")
    change(cast, "mentor", Role.AD_HOC)
    assert (has_ended(course), has_ended(whole)) == (True, False)


@pytest.mark.parametrize(
    "role",
    [one for one in Role if one not in ROLES_OF_THE_OPERATOR | {Role.ADMINISTRATOR, Role.VINK}],
    ids=lambda one: one.value,
)
def test_an_emergency_access_ends_with_the_last_role_that_breaks_the_glass(cast: dict[str, Worker], role: Role) -> None:
    change(cast, "vink-kollega", role, Role.VINK)
    matter, _case = begin_matter(cast["vink"])
    act_as(cast["vink-kollega"].id)
    [(starts, ends)] = rows("SELECT store.now(), store.now() + interval '1 hour'")
    own = {"worker_id": cast["vink-kollega"].id, "given_by_id": cast["vink-kollega"].id}
    with as_owner():
        grant = insert("access_grant", matter_id=matter, reason="break-glass", starts_at=starts, ends_at=ends, **own)
    change(cast, "vink-kollega", role)
    assert has_ended(grant) == (role not in BREAK_GLASS_ROLES)


def test_nobody_changes_the_own_roles(cast: dict[str, Worker]) -> None:
    with pytest.raises(NotVisible):
        change(cast, "administrator", Role.ADMINISTRATOR, Role.REPORTING)
    for role in ("administrator", "reporting"):
        with refused():
            rows("SELECT access.take_role(%s, %s)", cast["administrator"].id, role)


@pytest.mark.req("R-207", part="a unit never loses its last administrator")
def test_the_last_administrator_keeps_the_role(cast: dict[str, Worker]) -> None:
    other = second_administrator(cast)
    cast = {**cast, "administrator-to": other}
    change(cast, "administrator", Role.REPORTING, by="administrator-to")
    act_as(cast["administrator"].id)
    with refused():
        rows("SELECT access.take_role(%s, 'administrator')", other.id)
    with refused():
        rows("SELECT access.set_active(%s, false)", other.id)
    with pytest.raises(NotPermitted):
        change({**cast, "administrator": Worker.objects.get(pk=cast["administrator"].pk)}, "administrator-to", Role.REPORTING)
    assert held(cast, "administrator-to") == {"administrator"}


def test_the_other_rules_of_roles_hold_here_too(cast: dict[str, Worker]) -> None:
    for key, roles, error in (
        ("ssp", [Role.SSP, Role.ADMINISTRATOR], accounts.RolesDoNotMix),
        ("ssp", [Role.DPO], accounts.RoleOfTheOperator),
        ("dpo", [Role.REPORTING], accounts.RoleOfTheOperator),
        ("ssp", [], accounts.NoRole),
    ):
        with pytest.raises(error):
            change(cast, key, *roles)
    with pytest.raises(accounts.RolesHaveChanged):
        change(cast, "ssp", Role.VINK, seen={Role.DKS})
    for key in ("vink", "sekretariat", "dpo"):
        with pytest.raises(NotPermitted):
            change(cast, "ssp", Role.VINK, by=key)
        act_as(cast[key].id)
        with refused():
            rows("SELECT access.take_role(%s, 'ssp')", cast["ssp"].id)
    act_as(cast["administrator"].id)
    with refused():
        rows("SELECT access.take_role(%s, 'dpo')", cast["dpo"].id)
    assert (held(cast, "ssp"), held(cast, "dpo")) == ({"ssp"}, {"dpo"})


def test_the_page_shows_what_is_held_changes_it_and_says_what_is_wrong(
    cast: dict[str, Worker], client: Client, recently: None
) -> None:
    client.force_login(cast["administrator"])
    address = f"/medarbejdere/{cast['ssp'].id}/roller/"
    shown = client.get(address).content.decode()
    [held_now] = re.findall(r'<input type="checkbox"[^>]*value="(\w+)"[^>]*checked', shown)
    [seen] = re.findall(r'<input type="hidden"[^>]* name="seen" value="(\w+)"', shown)
    assert held_now == seen == "ssp"
    assert "logget af alle steder" in shown
    wrong = client.post(address, {"roles": ["ssp", "administrator"], "seen": ["ssp"]})
    assert wrong.status_code == 422 and "Opret to konti" in wrong.content.decode()
    assert client.post(address, {"seen": ["ssp"]}).status_code == 422
    assert client.post(address, {"roles": ["nobody"], "seen": ["ssp"]}).status_code == 422
    stale = client.post(address, {"roles": ["vink"], "seen": ["dks"]}, follow=True)
    assert "siden du åbnede siden" in stale.content.decode()
    assert client.post(address, {"roles": ["ssp", "key-staff"], "seen": ["ssp"]}).status_code == 302
    assert held(cast, "ssp") == {"ssp", "key-staff"}
    assert client.get(f"/medarbejdere/{cast['administrator'].id}/roller/").status_code == 404
