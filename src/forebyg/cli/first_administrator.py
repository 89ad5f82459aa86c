"""What only the operator gives: the link of the first administrator, and of whoever oversees or reviews the law, with all that must be there before."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from forebyg.access.accounts import invite_by_operator
from forebyg.access.models import Agency, AgencyKind, Controller, Membership, Unit, Worker
from forebyg.access.permissions import Role
from forebyg.store.identity import now
from forebyg.strategy.actions import load_pack
from forebyg.strategy.reading import PACKS


def invite_worker(
    installation: Any, *, address: str, name: str, role: Role, unit_name: str, agency_name: str, controller_name: str
) -> tuple[str, datetime.datetime]:
    """The link of first use and the local time it ends, in one transaction as the owner role. Raises `RuleBroken`.

    What is there by name is used; what is missing is made. May be repeated while the link is not used: the older one ends.
    An administrator who is at work gets no more links here; the others have no other way back.
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
        invited = invite_by_operator(unit=unit, agency=agency, address=address, name=name, role=role, now=at)
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
