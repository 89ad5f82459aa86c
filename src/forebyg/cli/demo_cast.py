"""The invented organisation of the demo and of the tests: one unit, its agencies and one worker for each seat.

Actors and their abbreviations are the strategy pack's; the people are role labels. Run as the owner role.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from forebyg.access.models import Agency, AgencyKind, Controller, Membership, RoleHolding, Unit, Worker
from forebyg.access.permissions import Role
from forebyg.cases.finding import DEMO
from forebyg.law import load_law, pack_ids
from forebyg.sharing.models import Clarification, SignOff
from forebyg.store.identity import now

DEMO_PASSWORD = "forebyg-demo-2016"  # noqa: S105 - printed on the first page of the demo
UNIT = "Koordineringsenheden"


@dataclass(frozen=True)
class Seat:
    """An agency of the demo."""

    key: str
    controller: str
    name: str
    kind: AgencyKind
    actor: str
    is_permanent: bool = False
    is_entry_point: bool = False
    forums: tuple[str, ...] = ()
    has_public_task: bool | None = None


@dataclass(frozen=True)
class Person:
    """A worker of the demo: the key is the local part of the e-mail address."""

    key: str
    name: str
    agency: str
    roles: tuple[Role, ...]


_BIF = "Beskæftigelses- og Integrationsforvaltningen"
_SOF = "Socialforvaltningen"
_BUF = "Børne- og Ungdomsforvaltningen"
_POLICE = "Københavns Politi"
_ALL = ("ssp", "psp", "ksp")

SEATS = [
    Seat("sekretariat", _BIF, "Sekretariatet", AgencyKind.SECRETARIAT, "sekretariatet", is_permanent=True, forums=_ALL),
    Seat("vink", _BIF, "VINK", AgencyKind.PREVENTION_UNIT, "vink", is_permanent=True, is_entry_point=True, forums=_ALL),
    Seat("mentorkorps", _BIF, "Mentorkorpset", AgencyKind.MENTORS, "mentorkorpset", has_public_task=True),
    Seat("coaches", _BIF, "Forældrecoaches", AgencyKind.COACHES, "foraeldrecoaches", has_public_task=True),
    Seat("jobcenter", _BIF, "Jobcenteret", AgencyKind.EMPLOYMENT, "jobcenteret"),
    Seat("ssp", _SOF, "SSP København", AgencyKind.SSP, "ssp-koebenhavn", is_permanent=True, is_entry_point=True, forums=_ALL),
    Seat("sof", _SOF, "Socialforvaltningen", AgencyKind.SOCIAL_SERVICES, "sof", is_permanent=True, forums=_ALL),
    Seat("ekp", _SOF, "EKP", AgencyKind.SPECIALIST, "ekp", is_permanent=True, forums=_ALL),
    Seat("skole", _BUF, "Skolesystemet", AgencyKind.SCHOOL, "skolesystemet", forums=("ssp",)),
    Seat("dks", _POLICE, "DKS", AgencyKind.POLICE, "dks", is_permanent=True, is_entry_point=True, forums=_ALL),
    Seat(
        "kriminalforsorg",
        "Kriminalforsorgen",
        "Kriminalforsorgen",
        AgencyKind.PRISON_SERVICE,
        "kriminalforsorgen",
        is_permanent=True,
        forums=("ksp",),
    ),
    Seat("psykiatri", "Region Hovedstaden", "Regionspsykiatrien", AgencyKind.PSYCHIATRY, "regionspsykiatrien", forums=("psp",)),
]

PEOPLE = [
    Person("sekretariat", "Sekretariatets medarbejder", "sekretariat", (Role.SECRETARIAT,)),
    Person("vink", "VINKs medarbejder", "vink", (Role.VINK,)),
    Person("vink-kollega", "VINKs kollega", "vink", (Role.VINK,)),
    Person("mentor", "Mentor for sønnen", "mentorkorps", (Role.MENTOR,)),
    Person("mentor-to", "Mentor for datteren", "mentorkorps", (Role.MENTOR,)),
    Person("coach", "Forældrecoach for faren", "coaches", (Role.COACH,)),
    Person("jobcenter", "Jobcenterets medarbejder", "jobcenter", (Role.KEY_STAFF,)),
    Person("ssp", "SSP-medarbejder", "ssp", (Role.SSP,)),
    Person("sof", "Socialrådgiver", "sof", (Role.KEY_STAFF,)),
    Person("ekp", "EKP-medarbejder", "ekp", (Role.EKP,)),
    Person("skole", "Skolens nøglemedarbejder", "skole", (Role.KEY_STAFF,)),
    Person("dks", "DKS-medarbejder", "dks", (Role.DKS, Role.POLICE)),
    Person("kriminalforsorg", "Kriminalforsorgens medarbejder", "kriminalforsorg", (Role.PRISON_SERVICE,)),
    Person("psykiatri", "Psykiatriens medarbejder", "psykiatri", (Role.AD_HOC,)),
    Person("rapport", "Rapportmedarbejder", "sekretariat", (Role.REPORTING,)),
    Person("politiker", "Udvalgsmedlem", "sekretariat", (Role.POLITICIAN,)),
    Person("administrator", "Administrator", "sekretariat", (Role.ADMINISTRATOR,)),
    Person("dpo", "Databeskyttelsesrådgiver", "sekretariat", (Role.DPO,)),
    Person("jurist", "Juridisk godkender", "sekretariat", (Role.LEGAL_REVIEWER,)),
    Person("dpo-vikar", "Databeskyttelsesrådgiverens stedfortræder", "sekretariat", (Role.DPO,)),
]


def address_of(key: str) -> str:
    """The sign-in address of a demo worker; `.example` reaches nobody."""
    return f"{key}@forebyg.example"


def create_cast(
    *,
    pack: str = "copenhagen-2016",
    unit_name: str = UNIT,
    seats: Sequence[Seat] = SEATS,
    people: Sequence[Person] = PEOPLE,
    password: str = DEMO_PASSWORD,
) -> dict[str, Worker]:
    """Make unit, controllers, agencies and workers; the workers by their keys. All workers share one password hash."""
    unit = Unit.objects.create(name=unit_name, pack=pack)
    controllers = {name: Controller.objects.create(name=name) for name in dict.fromkeys(seat.controller for seat in seats)}
    agencies = {}
    for seat in seats:
        agencies[seat.key] = Agency.objects.create(
            controller=controllers[seat.controller],
            name=seat.name,
            kind=seat.kind,
            actor=seat.actor,
            is_entry_point=seat.is_entry_point,
            forums=list(seat.forums),
            has_public_task=seat.has_public_task,
        )
        Membership.objects.create(unit=unit, agency=agencies[seat.key], is_permanent=seat.is_permanent)
    hashed = make_password(password)
    workers = {}
    for person in people:
        workers[person.key] = Worker.objects.create(
            agency=agencies[person.agency], unit=unit, email=address_of(person.key), name=person.name, password=hashed
        )
        for role in person.roles:
            RoleHolding.objects.create(worker=workers[person.key], role=role.value)
    if unit_name == UNIT:
        _create_system_worker(unit, agencies["sekretariat"])
        sign_as_demo(workers["jurist"])
    return workers


def sign_as_demo(worker: Worker) -> None:
    """Sign every provision of every law pack, and clarify that all in the unit take part in the forums, in the name "demo":
    nobody qualified has looked at it, and every page that shows a finding says so."""
    at = now()
    for pack in pack_ids():
        law = load_law(pack)
        for provision, version in law.versions:
            SignOff(
                pack=pack,
                provision=provision,
                version=version,
                is_signed=True,
                worker=worker,
                name=DEMO,
                at=at,
                note=_DEMO_NOTE,
            ).save(force_insert=True)
    Clarification(
        doubt="bif-in-forums",
        is_in_favour=True,
        clarified_on=at.date(),
        worker=worker,
        at=at,
        clarified_by=DEMO,
        text=_DEMO_NOTE,
    ).save(force_insert=True)


_DEMO_NOTE = "Demo: ingen jurist har set på det."


def _create_system_worker(unit: Unit, agency: Agency) -> None:
    """The one worker of the installation that jobs act as; nobody can sign in as it."""
    system = Worker(agency=agency, unit=unit, email=address_of("systemet"), name="Systemet", is_system=True)
    system.set_unusable_password()
    system.save()
