"""Accounts: made by an administrator of the unit, taken into use by a link, suspended and let back in.

Nobody signs up. The link is told once, to the one who made it; the database keeps its hash.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency, FirstUseLink, RoleHolding, Unit, Worker
from forebyg.access.notices import Notice, tell_worker
from forebyg.access.permissions import PERMISSIONS_OF, ROLES_OF_THE_OPERATOR, Permission, Role
from forebyg.access.queries import fetch_account, require
from forebyg.audit.record import Codes, record
from forebyg.core.errors import RuleBroken
from forebyg.store.identity import act_as

LINK_LASTS = datetime.timedelta(days=7)


class AddressTaken(RuleBroken):
    """Another account signs in with this e-mail address."""

    code = "address-taken"


class RolesDoNotMix(RuleBroken):
    """Who sets accounts up, who sees cases and who oversees or reviews the law are three: no account may do two of it."""

    code = "roles-do-not-mix"


class RoleOfTheOperator(RuleBroken):
    """Whoever oversees or reviews the law reaches beyond the administrator's unit, so the operator makes that account."""

    code = "role-of-the-operator"


class NoRole(RuleBroken):
    """An account without a role is closed, not emptied."""

    code = "no-role"


class RolesHaveChanged(RuleBroken):
    """Somebody else changed the roles since the page was opened."""

    code = "roles-have-changed"


class LinkNotOpen(RuleBroken):
    """The link was used, replaced or is too old, or never existed. Nobody is told which."""

    code = "link-not-open"


@dataclass(frozen=True)
class Invited:
    """An account, and the token of its link of first use: the only time that anybody sees it."""

    account: Worker
    token: str
    expires_at: datetime.datetime


def check_roles(roles: Collection[Role]) -> None:
    """Who sets accounts up sees no case (R-216), and who oversees or reviews the law does neither, so no two meet in one account.

    Raises `RolesDoNotMix`.
    """
    permissions = frozenset[Permission]().union(*(PERMISSIONS_OF[role] for role in roles))
    if {Permission.ADMINISTER, Permission.SEE_CASES} <= permissions:
        raise RolesDoNotMix(_("En administrator må ikke også kunne se sager. Opret to konti, eller vælg andre roller."))
    if Permission.OVERSEE in permissions and not permissions.isdisjoint({Permission.SEE_CASES, Permission.ADMINISTER}):
        raise RolesDoNotMix(
            _(
                "En databeskyttelsesrådgiver må hverken kunne se sager eller være administrator. Opret to konti, eller vælg andre roller."
            )
        )
    if Permission.REVIEW_LAW in permissions and not permissions.isdisjoint({Permission.SEE_CASES, Permission.ADMINISTER}):
        raise RolesDoNotMix(
            _(
                "En juridisk godkender må hverken kunne se sager eller være administrator. Opret to konti, eller vælg andre roller."
            )
        )


def make_account(
    *, worker: Worker, address: str, name: str, agency: Agency, roles: Collection[Role], now: datetime.datetime
) -> Invited:
    """An account in the administrator's own unit, with its link.

    Raises `NotPermitted`, `AddressTaken`, `RolesDoNotMix`, `RoleOfTheOperator`.
    """
    require(worker, Permission.ADMINISTER)
    if not ROLES_OF_THE_OPERATOR.isdisjoint(roles):
        raise RoleOfTheOperator(
            _(
                "Konti til databeskyttelsesrådgivere og juridiske godkendere oprettes af dem, der driver Forebyg. Bed dem om det."
            )
        )
    account = _write_account(unit=worker.unit, address=address, name=name, agency=agency, roles=roles)
    record(
        "account-made",
        actor=worker,
        at=now,
        records=[account.id],
        codes={"agency": str(agency.id), "roles": sorted(role.value for role in roles)},
    )
    return _link(account, made_by=worker, now=now)


def invite_by_operator(*, unit: Unit, agency: Agency, address: str, name: str, role: Role, now: datetime.datetime) -> Invited:
    """A link for the first administrator, or for one who oversees or reviews the law, as the owner role; the account is made when it is not there.

    Raises `AddressTaken` when the address is another worker's, and `RuleBroken` when an administrator is already at work.
    """
    account = Worker.objects.filter(email__iexact=address.strip()).first()
    if account is None:
        account = _write_account(unit=unit, address=address, name=name, agency=agency, roles=[role])
        codes: Codes = {"agency": str(agency.id), "roles": [role.value], "by": "operator"}
        record("account-made", actor=None, at=now, records=[account.id], codes=codes)
    elif role not in account.roles:
        raise _address_taken()
    elif account.last_login is not None and role not in ROLES_OF_THE_OPERATOR:
        raise RuleBroken(_("Administratoren har taget sin konto i brug. En anden administrator kan lave et nyt link."))
    else:
        _end_open_links(account, now)
        record("link-renewed", actor=None, at=now, records=[account.id], codes={"by": "operator"})
    return _link(account, made_by=None, now=now)


def renew_link(*, worker: Worker, account_id: uuid.UUID, now: datetime.datetime) -> Invited:
    """A new link for an account whose link is gone, or whose worker lost the second factor; older links end.

    Using it also removes the account's second factors.

    Raises `NotPermitted`, `NotVisible`, `RoleOfTheOperator`, `RuleBroken` when suspended.
    """
    account = fetch_account(administrator=worker, account_id=account_id)
    if not account.is_active:
        raise RuleBroken(_("Kontoen er lukket. Åbn den først."))
    if not ROLES_OF_THE_OPERATOR.isdisjoint(account.roles):
        raise RoleOfTheOperator(
            _("Databeskyttelsesrådgivere og juridiske godkendere får deres link af dem, der driver Forebyg. Bed dem om det.")
        )
    _end_open_links(account, now)
    record("link-renewed", actor=worker, at=now, records=[account.id])
    return _link(account, made_by=worker, now=now)


def suspend_account(*, worker: Worker, account_id: uuid.UUID, now: datetime.datetime) -> Worker:
    """Close an account; its sessions end at once. Raises `NotPermitted`, `NotVisible`, `RuleBroken` when already closed."""
    return _set_active(worker, account_id, now, active=False)


def reactivate_account(*, worker: Worker, account_id: uuid.UUID, now: datetime.datetime) -> Worker:
    """Let an account back in, with its password and second factor. Raises as `suspend_account` does."""
    return _set_active(worker, account_id, now, active=True)


def change_roles(
    *, worker: Worker, account_id: uuid.UUID, roles: Collection[Role], seen: Collection[Role], now: datetime.datetime
) -> Worker:
    """Let an account of the unit have these roles and no others. `seen` are those that the page showed. Where one is taken the
    account is signed out everywhere, and each access to a case that hung on the role ends at once.

    Raises `NotPermitted`, `NotVisible` (also for the own account), `RoleOfTheOperator`, `RolesHaveChanged`, `NoRole`, `RolesDoNotMix`.
    """
    account = fetch_account(administrator=worker, account_id=account_id)
    if not ROLES_OF_THE_OPERATOR.isdisjoint({*roles, *account.roles}):
        raise RoleOfTheOperator(
            _("Databeskyttelsesrådgiveres og juridiske godkenderes roller ændres af dem, der driver Forebyg. Bed dem om det.")
        )
    if account.roles != frozenset(seen):
        raise RolesHaveChanged(_("En anden har ændret rollerne, siden du åbnede siden. Se dem igen, og vælg så."))
    if not roles:
        raise NoRole(_("Vælg mindst én rolle. Skal medarbejderen slet ikke ind, så luk kontoen."))
    check_roles(roles)
    given, taken = sorted({*roles} - account.roles, key=_by_word), sorted(account.roles - {*roles}, key=_by_word)
    for role in taken:
        _take(account, role)
    holdings = [RoleHolding(worker=account, role=role.value) for role in given]
    RoleHolding.objects.bulk_create(holdings, ignore_conflicts=True)  # somebody may give the same at the same moment
    if taken:
        record("roles-taken", actor=worker, at=now, records=[account.id], codes={"roles": [role.value for role in taken]})
    if given:
        record("roles-given", actor=worker, at=now, records=[account.id], codes={"roles": [role.value for role in given]})
    if given or taken:
        tell_worker(account, Notice.ROLES_CHANGED)
    return account


def _by_word(role: Role) -> str:
    return str(role.value)


def _take(account: Worker, role: Role) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.take_role(%s, %s)", [account.id, role.value])


def worker_of_link(token: str) -> Worker | None:
    """The worker whose open link this is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.worker_of_link(%s)", [_hash(token)])
        (holder,) = cursor.fetchone()
    return Worker.objects.filter(pk=holder).first() if holder else None


def use_link(*, token: str, password: str) -> Worker:
    """Set the first password; from here on in this transaction the worker acts. Raises `LinkNotOpen`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.use_link(%s)", [_hash(token)])
        (holder,) = cursor.fetchone()
    if holder is None:
        raise LinkNotOpen(_("Linket virker ikke længere. Bed jeres administrator om et nyt."))
    worker = Worker.objects.get(pk=holder)
    at = act_as(worker.id)
    worker.set_password(password)
    worker.save(update_fields=["password"])
    record("link-used", actor=worker, at=at)
    tell_worker(worker, Notice.LINK_USED)
    return worker


def _write_account(*, unit: Unit, address: str, name: str, agency: Agency, roles: Collection[Role]) -> Worker:
    check_roles(roles)
    account = Worker(unit=unit, agency=agency, email=address.strip().lower(), name=name)
    account.set_unusable_password()
    if Worker.objects.filter(email__iexact=account.email).exists():
        raise _address_taken()
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise _address_taken() from None
    RoleHolding.objects.bulk_create([RoleHolding(worker=account, role=role.value) for role in roles])
    return account


def _address_taken() -> AddressTaken:
    return AddressTaken(_("Der er allerede en konto med den e-mailadresse."))


def _end_open_links(account: Worker, now: datetime.datetime) -> None:
    FirstUseLink.objects.filter(worker=account, used_at=None, ended_at=None).update(ended_at=now)


def _link(account: Worker, *, made_by: Worker | None, now: datetime.datetime) -> Invited:
    token, expires_at = secrets.token_urlsafe(32), now + LINK_LASTS
    FirstUseLink.objects.create(worker=account, token_hash=_hash(token), made_by=made_by, made_at=now, expires_at=expires_at)
    return Invited(account, token, expires_at)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _set_active(worker: Worker, account_id: uuid.UUID, now: datetime.datetime, *, active: bool) -> Worker:
    account = fetch_account(administrator=worker, account_id=account_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.set_active(%s, %s)", [account.id, active])
        (changed,) = cursor.fetchone()
    if not changed:
        raise RuleBroken(_("Kontoen er allerede åben.") if active else _("Kontoen er allerede lukket."))
    record("account-reactivated" if active else "account-suspended", actor=worker, at=now, records=[account.id])
    return account
