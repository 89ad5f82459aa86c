"""The invented town Lilleby: its cast and its two cases. They show that another municipality brings its own plan."""

from __future__ import annotations

from pathlib import Path

from forebyg.access.models import AgencyKind
from forebyg.access.permissions import Role
from forebyg.cli.demo_cast import Person, Seat
from forebyg.strategy.reading import PACKS, parse_pack
from forebyg.strategy.schema.pack import Pack

PACK = "lilleby-2016"
UNIT = "Lillebygruppen"
_TOWN = "Lilleby Kommune"
_POLICE = "Lokalpolitiet i Lilleby"

SEATS = [
    Seat(
        "lb-team",
        _TOWN,
        "Forebyggelsesteamet",
        AgencyKind.PREVENTION_UNIT,
        "lilleby-forebyggelsesteam",
        is_permanent=True,
        is_entry_point=True,
        forums=("ssp",),
    ),
    Seat(
        "lb-sekretariat",
        _TOWN,
        "Gruppens sekretariat",
        AgencyKind.SECRETARIAT,
        "lilleby-sekretariat",
        is_permanent=True,
        forums=("ssp",),
    ),
    Seat("lb-forvaltning", _TOWN, "Børn og Voksne", AgencyKind.SOCIAL_SERVICES, "lilleby-boern-og-voksne", forums=("ssp",)),
    Seat("lb-skole", _TOWN, "Lilleby Skole", AgencyKind.SCHOOL, "lilleby-skole", forums=("ssp",)),
    Seat("lb-mentorer", _TOWN, "Mentorerne", AgencyKind.MENTORS, "lilleby-mentorer", has_public_task=True),
    Seat(
        "lb-politi",
        _POLICE,
        _POLICE,
        AgencyKind.POLICE,
        "lilleby-politi",
        is_permanent=True,
        is_entry_point=True,
        forums=("ssp",),
    ),
]
PEOPLE = [
    Person("lb-team", "Teamets medarbejder", "lb-team", (Role.VINK,)),
    Person("lb-sekretariat", "Sekretær for gruppen", "lb-sekretariat", (Role.SECRETARIAT,)),
    Person("lb-forvaltning", "Sagsbehandler", "lb-forvaltning", (Role.KEY_STAFF,)),
    Person("lb-skole", "SSP-kontakt på skolen", "lb-skole", (Role.KEY_STAFF,)),
    Person("lb-mentor", "Mentor", "lb-mentorer", (Role.MENTOR,)),
    Person("lb-politi", "Lokalbetjent", "lb-politi", (Role.DKS, Role.POLICE)),
]


def pack_with_cases() -> Pack:
    """Lilleby's pack and the cases invented for it, read and checked as one. Raises `PackInvalid`."""
    cases = Path(__file__).with_name("lilleby.yaml")
    plan = (PACKS / f"{PACK}.yaml").read_text(encoding="utf-8")
    return parse_pack(f"{plan}\n{cases.read_text(encoding='utf-8')}", file=f"{PACK}.yaml + {cases.name}")
