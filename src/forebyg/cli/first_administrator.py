"""What a fresh installation needs before anybody can sign in: its strategy pack, a unit, an agency, an administrator's link."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from forebyg.access.accounts import invite_administrator
from forebyg.access.models import Agency, AgencyKind, Controller, Membership, Unit, Worker
from forebyg.store.identity import now
from forebyg.strategy.actions import load_pack
from forebyg.strategy.reading import PACKS


def invite_first_administrator(
    installation: Any, *, address: str, name: str, unit_name: str, agency_name: str, controller_name: str
) -> tuple[str, datetime.datetime]:
    """The link of first use and the local time it ends, in one transaction as the owner role. Raises `RuleBroken`.

    What is there by name is used; what is missing is made. May be repeated while the link is not used: the older one ends.
    """
    with transaction.atomic():
        at = now()
        load_pack(path=PACKS / f"{installation.pack}.yaml", now=at)
        unit, _ = Unit.objects.get_or_create(name=unit_name, defaults={"pack": installation.pack})
        controller, _ = Controller.objects.get_or_create(name=controller_name)
        agency, _ = Agency.objects.get_or_create(
            name=agency_name, defaults={"controller": controller, "kind": AgencyKind.SECRETARIAT}
        )
        Membership.objects.get_or_create(unit=unit, agency=agency, defaults={"is_permanent": True})
        _make_system_worker(unit, agency)
        invited = invite_administrator(unit=unit, agency=agency, address=address, name=name, now=at)
    path = reverse("first-use-link", args=[invited.token])
    return f"{_own_address(installation)}{path}", timezone.localtime(invited.expires_at)


def _make_system_worker(unit: Unit, agency: Agency) -> None:
    """The worker that the unit's jobs act as; nobody can sign in as it."""
    if not Worker.objects.filter(unit=unit, is_system=True).exists():
        system = Worker(agency=agency, unit=unit, email=f"systemet@{unit.id}.invalid", name="Systemet", is_system=True)
        system.set_unusable_password()
        system.save()


def _own_address(installation: Any) -> str:
    if installation.https:
        return f"https://{installation.hosts[0]}"
    return f"http://{installation.hosts[0]}:{installation.port}"
