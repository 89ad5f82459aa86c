"""Accounts: made by administrators, taken into use by a link, closed and opened; and what PostgreSQL itself refuses."""

from __future__ import annotations

import datetime
import hashlib
import re
from typing import Any

import pytest
from conftest import as_owner, set_clock
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from forebyg.access import accounts
from forebyg.access.models import FirstUseLink, RoleHolding, Unit, Worker
from forebyg.access.permissions import PERMISSIONS_OF, ROLES_OF_THE_OPERATOR, Permission, Role
from forebyg.access.queries import accounts_of
from forebyg.access.tests.rows import refused, rows, run
from forebyg.access.tests.signing_in import actions, events, set_up_app, sign_in
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.store.identity import act_as, now

NEW, PASSWORD = "ny@example.dk", "fire-heste-i-en-ladcykel"


@pytest.fixture
def administrator(cast: dict[str, Worker]) -> Worker:
    act_as(cast["administrator"].id)
    return cast["administrator"]


def invite(administrator: Worker, *roles: Role, address: str = NEW) -> accounts.Invited:
    return accounts.make_account(
        worker=administrator,
        address=address,
        name="Ny Medarbejder",
        agency=administrator.unit.members.get(name="VINK"),
        roles=roles or [Role.VINK],
        now=now(),
    )


def use(token: str, client: Client | None = None, password: str = PASSWORD) -> Any:
    client = client or Client()
    client.get(f"/konto/foerste-gang/{token}/")
    return client.post("/konto/foerste-gang/", {"password1": password, "password2": password})


def address_in(page: str) -> str:
    found = re.search(r"http://testserver(/konto/foerste-gang/[\w-]+/)", page)
    assert found, page
    return found[1]


# Making one


@pytest.mark.req("R-207", part="accounts with their roles are made by an administrator")
def test_an_administrator_makes_an_account_and_it_is_kept(administrator: Worker) -> None:
    invited = invite(administrator, Role.VINK, Role.SSP, address=" Ny@Example.dk ")
    account = Worker.objects.get(email=NEW)
    assert (account.name, account.agency.name, account.unit_id) == ("Ny Medarbejder", "VINK", administrator.unit_id)
    assert account.roles == {Role.VINK, Role.SSP}
    assert not account.has_usable_password()
    (event,) = events()
    assert (event["action"], event["worker_id"]) == ("account-made", administrator.id)
    assert event["codes"] == {"agency": str(account.agency_id), "roles": ["ssp", "vink"]}
    assert invited.expires_at - now() == datetime.timedelta(days=7)


def test_the_link_is_kept_as_a_hash_only(administrator: Worker) -> None:
    token = invite(administrator).token
    (kept,) = FirstUseLink.objects.all()
    assert bytes(kept.token_hash) == hashlib.sha256(token.encode()).digest()
    with as_owner():
        assert rows("SELECT count(*) FROM access_firstuselink l WHERE strpos(l::text, %s) > 0", token) == [(0,)]


@pytest.mark.parametrize("key", ["vink", "sekretariat", "dpo", "politiker"])
def test_nobody_else_makes_closes_or_sees_accounts(cast: dict[str, Worker], key: str) -> None:
    act_as(cast[key].id)
    for deed in (
        lambda: invite(cast[key]),
        lambda: accounts_of(cast[key]),
        lambda: accounts.renew_link(worker=cast[key], account_id=cast["ssp"].id, now=now()),
        lambda: accounts.suspend_account(worker=cast[key], account_id=cast["ssp"].id, now=now()),
    ):
        with pytest.raises(NotPermitted):
            deed()
    assert events() == []


def test_an_address_has_one_account_however_it_is_written(administrator: Worker) -> None:
    with pytest.raises(accounts.AddressTaken):
        invite(administrator, address="VINK@forebyg.example")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR], ids=lambda role: role.value)
def test_no_account_both_sets_up_accounts_and_sees_cases(role: Role) -> None:
    worker = Worker()
    worker.__dict__["roles"] = frozenset({role})
    if any(worker.may(one) for one in (Permission.SEE_CASES, Permission.OVERSEE, Permission.REVIEW_LAW)):
        with pytest.raises(accounts.RolesDoNotMix):
            accounts.check_roles([Role.ADMINISTRATOR, role])
    else:
        accounts.check_roles([Role.ADMINISTRATOR, role])


@pytest.mark.parametrize("held", [Role.DPO, Role.LEGAL_REVIEWER], ids=lambda role: role.value)
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_no_account_both_oversees_or_reviews_the_law_and_does_what_that_is_about(held: Role, role: Role) -> None:
    if PERMISSIONS_OF[role].isdisjoint({Permission.SEE_CASES, Permission.ADMINISTER}):
        accounts.check_roles([held, role])
    else:
        with pytest.raises(accounts.RolesDoNotMix):
            accounts.check_roles([held, role])


@pytest.mark.req("B-028", part="an administrator lets nobody in to sign off the law")
@pytest.mark.parametrize(("key", "role"), [("dpo", Role.DPO), ("jurist", Role.LEGAL_REVIEWER)])
def test_who_oversees_or_reviews_the_law_is_the_operators_to_let_in(
    administrator: Worker, cast: dict[str, Worker], key: str, role: Role
) -> None:
    with pytest.raises(accounts.RoleOfTheOperator):
        invite(administrator, role)
    with pytest.raises(accounts.RoleOfTheOperator):
        accounts.renew_link(worker=administrator, account_id=cast[key].id, now=now())
    assert not Worker.objects.filter(email=NEW).exists()
    assert not FirstUseLink.objects.exists()
    assert events() == []


def test_another_unit_is_none_of_the_administrators_business(administrator: Worker, cast: dict[str, Worker]) -> None:
    with as_owner():
        elsewhere = Unit.objects.create(name="En anden enhed", pack="copenhagen-2016")
        Worker.objects.filter(pk=cast["ssp"].pk).update(unit=elsewhere)
    assert cast["ssp"].id not in accounts_of(administrator).values_list("id", flat=True)
    for account_id in (cast["ssp"].id, administrator.id, cast["systemet"].id, new_id()):
        with pytest.raises(NotVisible):
            accounts.suspend_account(worker=administrator, account_id=account_id, now=now())


# What PostgreSQL refuses, whatever the application asks


def _insert_worker(**changes: object) -> None:
    values = {"id": new_id(), "email": NEW, "name": "N", "password": "!x", "is_active": True, "is_system": False, **changes}
    run(
        "INSERT INTO access_worker (id, agency_id, unit_id, email, name, password, is_active, is_system, last_login)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *(
            values.get(name)
            for name in ("id", "agency_id", "unit_id", "email", "name", "password", "is_active", "is_system", "last_login")
        ),
    )


@pytest.mark.req("R-216", part="who may make accounts and give roles is PostgreSQL's to check")
def test_only_an_administrator_makes_accounts_and_only_plain_ones(cast: dict[str, Worker]) -> None:
    own = {"agency_id": cast["vink"].agency_id, "unit_id": cast["vink"].unit_id}
    with as_owner():
        elsewhere = Unit.objects.create(name="En anden enhed", pack="copenhagen-2016")
    for key in ("vink", "sekretariat"):
        act_as(cast[key].id)
        with refused():
            _insert_worker(**own)
    act_as(None)
    with refused():
        _insert_worker(**own)
    act_as(cast["administrator"].id)
    for wrong in (
        {"unit_id": elsewhere.id},
        {"is_system": True},
        {"password": "argon2$known"},
        {"last_login": timezone.now()},
    ):
        with refused():
            _insert_worker(**{**own, **wrong})
    with as_owner():
        run("DELETE FROM access_membership WHERE agency_id = %s", cast["skole"].agency_id)
    with refused():
        _insert_worker(**{**own, "agency_id": cast["skole"].agency_id})
    _insert_worker(**own)


def test_nobody_gives_roles_to_oneself_and_only_an_administrator_to_others(cast: dict[str, Worker]) -> None:
    for giver, receiver in (("vink", "vink-kollega"), ("administrator", "administrator"), ("administrator", "systemet")):
        act_as(cast[giver].id)
        with refused():
            RoleHolding.objects.create(worker=cast[receiver], role=Role.VINK.value)
    act_as(cast["administrator"].id)
    RoleHolding.objects.create(worker=cast["politiker"], role=Role.REPORTING.value)


@pytest.mark.req("R-216", part="no administrator makes, takes over or adds to an account that oversees or reviews the law")
@pytest.mark.parametrize(("key", "own"), [("dpo", Role.DPO), ("jurist", Role.LEGAL_REVIEWER)])
def test_postgresql_leaves_who_oversees_or_reviews_the_law_to_the_operator(
    cast: dict[str, Worker], key: str, own: Role
) -> None:
    act_as(cast["administrator"].id)
    for receiver, role in (("politiker", own), (key, Role.VINK), (key, Role.ADMINISTRATOR)):
        with refused():
            RoleHolding.objects.create(worker=cast[receiver], role=role.value)
    with refused():
        FirstUseLink.objects.create(
            worker=cast[key],
            made_by=cast["administrator"],
            made_at=now(),
            expires_at=now(),
            token_hash=new_id().bytes,
        )


def test_the_roles_left_to_the_operator_are_the_same_in_python_and_in_sql(cast: dict[str, Worker]) -> None:
    for role in Role:
        with as_owner():
            RoleHolding.objects.filter(worker=cast["politiker"]).delete()
            RoleHolding.objects.create(worker=cast["politiker"], role=role.value)
        act_as(cast["administrator"].id)
        assert rows("SELECT access.oversees(%s)", cast["politiker"].id) == [(role in ROLES_OF_THE_OPERATOR,)], role


def test_only_an_administrator_closes_accounts_and_never_the_own(cast: dict[str, Worker]) -> None:
    for key, target in (("vink", "dks"), ("administrator", "administrator"), ("administrator", "systemet")):
        act_as(cast[key].id)
        with refused():
            rows("SELECT access.set_active(%s, false)", cast[target].id)


def test_links_are_made_for_others_in_the_unit_for_at_most_a_week(cast: dict[str, Worker]) -> None:
    def make(**changes: object) -> None:
        values = {"worker": cast["ssp"], "made_by": cast["administrator"], "made_at": now(), "expires_at": now(), **changes}
        FirstUseLink.objects.create(token_hash=new_id().bytes, **values)

    act_as(cast["vink"].id)
    with refused():
        make(made_by=cast["vink"])
    act_as(cast["administrator"].id)
    for wrong in (
        {"worker": cast["administrator"]},
        {"made_by": cast["vink"]},
        {"made_by": None},
        {"expires_at": now() + datetime.timedelta(days=8)},
        {"used_at": now()},
        {"ended_at": now()},
    ):
        with refused():
            make(**wrong)
    make()
    act_as(cast["vink"].id)
    assert not FirstUseLink.objects.exists()
    assert FirstUseLink.objects.update(ended_at=now()) == 0


def test_a_used_link_is_not_opened_again(administrator: Worker) -> None:
    invite(administrator)
    with refused():
        FirstUseLink.objects.update(ended_at=None)
    assert FirstUseLink.objects.update(ended_at=now()) == 1
    assert FirstUseLink.objects.update(ended_at=now()) == 0


# Taking it into use


def test_a_link_sets_the_password_signs_in_and_works_once(administrator: Worker) -> None:
    token = invite(administrator).token
    act_as(None)
    client = Client()
    answer = client.get(f"/konto/foerste-gang/{token}/")
    assert (answer.status_code, answer["Location"]) == (302, "/konto/foerste-gang/")
    page = client.get("/konto/foerste-gang/").content.decode()
    assert "Tag din konto i brug" in page and token not in page and NEW not in page
    assert use(token, client)["Location"] == "/"
    assert SESSION_KEY in client.session
    assert "first_use" not in client.session
    assert [action for action in actions() if action != "account-made"] == ["link-used", "signed-in"]
    late = use(token)
    assert late.status_code == 409
    assert "Linket virker ikke længere. Bed jeres administrator om et nyt." in late.content.decode()
    fresh = Client()
    assert fresh.post("/konto/log-paa/", {"login": NEW, "password": PASSWORD})["Location"] == "/"


def test_the_session_of_the_link_is_not_the_session_of_the_worker(administrator: Worker) -> None:
    token = invite(administrator).token
    act_as(None)
    client = Client()
    client.get(f"/konto/foerste-gang/{token}/")
    before = client.session.session_key
    use(token, client)
    assert client.session.session_key != before


@pytest.mark.usefixtures("second_factor_required")
def test_after_the_password_comes_the_second_factor_at_once(administrator: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    token = invite(administrator).token
    act_as(None)
    client = Client()
    use(token, client)
    assert client.get("/indbakke/")["Location"] == "/konto/to-trin/"
    set_up_app(client, monkeypatch)
    assert client.get("/indbakke/").status_code == 200


@pytest.mark.parametrize("password", ["kort", "forebyg-demo-2016", "ny-medarbejder", "1234567890123"])
def test_a_weak_password_is_not_taken_and_the_link_stays_open(administrator: Worker, password: str) -> None:
    token = invite(administrator).token
    act_as(None)
    assert use(token, password=password).status_code == 422
    assert use(token).status_code == 302


def test_two_different_passwords_are_not_taken(administrator: Worker) -> None:
    token = invite(administrator).token
    act_as(None)
    client = Client()
    client.get(f"/konto/foerste-gang/{token}/")
    answer = client.post("/konto/foerste-gang/", {"password1": PASSWORD, "password2": PASSWORD + "x"})
    assert answer.status_code == 422
    assert "De to adgangskoder er ikke ens." in answer.content.decode()


@pytest.mark.parametrize("why", ["old", "renewed", "closed", "unknown"])
def test_a_link_that_is_not_open_says_the_same_whyever(administrator: Worker, why: str) -> None:
    invited = invite(administrator)
    token = "unknown" if why == "unknown" else invited.token
    if why == "old":
        set_clock("7 days 1 second")
    elif why == "renewed":
        accounts.renew_link(worker=administrator, account_id=invited.account.id, now=now())
    elif why == "closed":
        accounts.suspend_account(worker=administrator, account_id=invited.account.id, now=now())
    act_as(None)
    answer = use(token)
    assert answer.status_code == 409
    assert "Linket virker ikke længere." in answer.content.decode()


def test_whoever_is_signed_in_keeps_the_own_session(administrator: Worker, client: Client, cast: dict[str, Worker]) -> None:
    token = invite(administrator).token
    client.force_login(cast["vink"])
    assert client.get(f"/konto/foerste-gang/{token}/")["Location"] == "/konto/"
    assert accounts.worker_of_link(token) is not None


def test_a_new_link_is_the_way_back_for_one_who_lost_the_phone(
    administrator: Worker, cast: dict[str, Worker], password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act_as(None)
    before = Client()
    sign_in(before, "vink")
    set_up_app(before, monkeypatch)
    act_as(administrator.id)
    token = accounts.renew_link(worker=administrator, account_id=cast["vink"].id, now=now()).token
    act_as(None)
    assert before.get("/indbakke/").status_code == 200  # a link alone takes nothing away
    act_as(None)
    use(token)
    assert before.get("/indbakke/").status_code == 302
    again = Client()
    answer = again.post("/konto/log-paa/", {"login": "vink@forebyg.example", "password": PASSWORD})
    assert answer["Location"] == "/"  # the old app is asked for no more
    assert sign_in(Client(), "vink").status_code == 422  # nor does the old password open


# Closing and opening


def test_a_closed_account_is_out_at_once_and_its_sessions_do_not_come_back(
    administrator: Worker, cast: dict[str, Worker], password: str
) -> None:
    act_as(None)
    browser = Client()
    sign_in(browser, "vink")
    assert browser.get("/indbakke/").status_code == 200
    act_as(administrator.id)
    accounts.suspend_account(worker=administrator, account_id=cast["vink"].id, now=now())
    assert browser.get("/indbakke/").status_code == 302
    assert sign_in(Client(), "vink").status_code == 422
    act_as(administrator.id)
    accounts.reactivate_account(worker=administrator, account_id=cast["vink"].id, now=now())
    assert browser.get("/indbakke/").status_code == 302
    act_as(None)
    assert sign_in(Client(), "vink").status_code == 302
    kept = [event for event in events() if event["action"].startswith("account-")]
    assert [(event["action"], event["worker_id"]) for event in kept] == [
        ("account-suspended", administrator.id),
        ("account-reactivated", administrator.id),
    ]


def test_a_link_does_not_outlive_the_closing_of_its_account(administrator: Worker) -> None:
    invited = invite(administrator)
    accounts.suspend_account(worker=administrator, account_id=invited.account.id, now=now())
    accounts.reactivate_account(worker=administrator, account_id=invited.account.id, now=now())
    act_as(None)
    assert accounts.worker_of_link(invited.token) is None
    assert use(invited.token).status_code == 409


def test_what_is_closed_is_not_closed_again(administrator: Worker, cast: dict[str, Worker]) -> None:
    with pytest.raises(RuleBroken):
        accounts.reactivate_account(worker=administrator, account_id=cast["vink"].id, now=now())
    accounts.suspend_account(worker=administrator, account_id=cast["vink"].id, now=now())
    for deed in (accounts.suspend_account, accounts.renew_link):
        with pytest.raises(RuleBroken):
            deed(worker=administrator, account_id=cast["vink"].id, now=now())


# The pages


@pytest.fixture
def desk(client: Client, password: str, cast: dict[str, Worker]) -> Client:
    """An administrator's browser, with the password confirmed."""
    sign_in(client, "administrator")
    client.post("/konto/bekraeft/", {"password": password, "next": "/"})
    return client


def test_the_page_makes_an_account_and_shows_its_link_once(desk: Client, cast: dict[str, Worker]) -> None:
    sent = {"name": "Ny Medarbejder", "address": NEW, "agency": str(cast["vink"].agency_id), "roles": ["vink"]}
    answer = desk.post("/medarbejdere/ny/", sent)
    token_address = address_in(answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    row = next(part for part in desk.get("/medarbejdere/").content.decode().split("<tr>") if NEW in part)
    assert "Ikke taget i brug. Linket virker til" in row
    assert token_address not in row
    assert use(token_address.split("/")[-2])["Location"] == "/"
    row = next(part for part in desk.get("/medarbejdere/").content.decode().split("<tr>") if NEW in part)
    assert ">I brug<" in row
    assert desk.post("/medarbejdere/ny/", sent).status_code == 422


def test_the_page_refuses_an_administrator_who_sees_cases(desk: Client, cast: dict[str, Worker]) -> None:
    sent = {"name": "N", "address": NEW, "agency": str(cast["vink"].agency_id), "roles": ["vink", "administrator"]}
    answer = desk.post("/medarbejdere/ny/", sent)
    assert answer.status_code == 422
    assert "En administrator må ikke også kunne se sager." in answer.content.decode()
    assert not Worker.objects.filter(email=NEW).exists()


@pytest.mark.parametrize(("key", "role"), [("dpo", "dpo"), ("jurist", "legal-reviewer")])
def test_the_page_offers_nothing_that_is_the_operators(desk: Client, cast: dict[str, Worker], key: str, role: str) -> None:
    page = desk.get("/medarbejdere/ny/").content.decode()
    assert 'value="vink"' in page and f'value="{role}"' not in page
    sent = {"name": "N", "address": NEW, "agency": str(cast["vink"].agency_id), "roles": [role]}
    assert desk.post("/medarbejdere/ny/", sent).status_code == 422
    shown = desk.get("/medarbejdere/").content.decode()
    assert f"/medarbejdere/{cast['vink'].id}/link/" in shown
    assert f"/medarbejdere/{cast[key].id}/link/" not in shown
    assert f"/medarbejdere/{cast[key].id}/luk/" in shown
    assert desk.post(f"/medarbejdere/{cast[key].id}/link/").status_code == 409


def test_every_change_of_an_account_asks_again_who_it_is(client: Client, cast: dict[str, Worker], password: str) -> None:
    sign_in(client, "administrator")
    assert client.get("/medarbejdere/ny/")["Location"] == "/konto/bekraeft/?next=%2Fmedarbejdere%2Fny%2F"
    for change in ("link", "luk", "aabn"):
        answer = client.post(f"/medarbejdere/{cast['vink'].id}/{change}/")
        assert answer["Location"] == "/konto/bekraeft/?next=%2Fmedarbejdere%2F"
    assert not FirstUseLink.objects.exists()
    with as_owner():
        assert Worker.objects.get(pk=cast["vink"].pk).is_active


def test_the_page_renews_closes_and_opens(desk: Client, cast: dict[str, Worker]) -> None:
    with as_owner():
        Worker.objects.filter(pk=cast["vink"].pk).update(last_login=now())
    address_in(desk.post(f"/medarbejdere/{cast['vink'].id}/link/").content.decode())
    assert "I brug. Et nyt link virker til" in desk.get("/medarbejdere/").content.decode()
    assert desk.post(f"/medarbejdere/{cast['vink'].id}/luk/").status_code == 302
    assert "lukket ude" in desk.get("/medarbejdere/").content.decode()
    assert desk.post(f"/medarbejdere/{cast['vink'].id}/luk/").status_code == 409
    assert desk.post(f"/medarbejdere/{cast['vink'].id}/aabn/").status_code == 302


def test_the_list_asks_as_much_of_the_database_for_many_as_for_few(desk: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(16):
        desk.get("/medarbejdere/")


@pytest.mark.req("R-216", part="who sets accounts up sees no case at any address")
def test_an_administrator_reaches_no_case(desk: Client) -> None:
    for path in ("/sager/", "/indbakke/", "/tavle/", "/henvendelser/ny/"):
        assert desk.get(path).status_code == 403, path
