"""From what the database knows to the law's question about a measure, and the law's answer."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.utils import timezone

from forebyg.access.models import Agency, Worker
from forebyg.cases.models import Case
from forebyg.cases.rules import NotAChoice, check_members
from forebyg.law import Consent, FactsInvalid, Finding, Measure, load_law
from forebyg.law.schema import MeasureGate, Provision
from forebyg.sharing.facts import People, asked_people, party_of, people_from, take_part_consents
from forebyg.sharing.signed import asked_sign_offs, law_in_force, pack_in_force
from forebyg.store.together import ask

PARENT_COACH = "parent-coach"
"""What is offered to a parent, for the sake of the child that it is about."""


@dataclass(frozen=True)
class Wanted:
    """What an authority wants to decide, in the law's words. `intervention` is the one of the catalogue whose consents count."""

    person: uuid.UUID
    measure: str
    provision: str
    purpose: str
    decided_at: datetime.datetime
    grounds: tuple[str, ...] = ()
    cooperation: str = ""
    intervention: str = ""
    is_weighed: bool = False


@dataclass(frozen=True)
class Tool:
    """A measure that a provision of the pack speaks of; `is_alone` when no other provision does."""

    measure: str
    provision: Provision
    is_alone: bool


def tools_on(day: datetime.date) -> list[Tool]:
    """What authorities may decide, as the pack in force on a day names it, in the order of the pack."""
    pack = load_law(pack_in_force(day)).pack
    named: dict[str, list[Provision]] = {}
    for provision in pack.provisions:
        for measure in dict.fromkeys(measure for gate in provision.measures for measure in gate.when.measures):
            named.setdefault(measure, []).append(provision)
    return [Tool(measure, one, len(provisions) == 1) for measure, provisions in named.items() for one in provisions]


def grounds_asked(wanted: Wanted) -> list[str]:
    """The grounds of which the provision asks for one; none when it asks for no ground."""
    gates: list[MeasureGate] = [
        gate
        for provision in load_law(pack_in_force(timezone.localdate(wanted.decided_at))).pack.provisions
        if provision.id == wanted.provision
        for gate in provision.measures
        if wanted.measure in gate.when.measures
    ]
    return list(dict.fromkeys(ground for gate in gates for ground in gate.asks.grounds or ()))


def finding_on(*, worker: Worker, case: Case, wanted: Wanted) -> Finding:
    """May the worker's own agency decide this? Asked as the law, the person's age and the consents were at the decision.
    Raises `NotInThisCase` for a person whom the worker does not see in the case, `NotAChoice` for what is no word of the law."""
    *asked, signed = ask(*asked_people(worker, case), asked_sign_offs())
    people = people_from(*asked)
    check_members([wanted.person], [one.root for one in people.participants])
    day = timezone.localdate(wanted.decided_at)
    try:
        question = Measure(
            measure=wanted.measure,
            provision=wanted.provision,
            by=party_of(Agency.objects.get(id=worker.agency_id), worker),
            subject=people.subject(wanted.person, wanted.decided_at),
            purpose=wanted.purpose,
            consents=_consents(worker, case, people, wanted),
            grounds=wanted.grounds,
            cooperation=wanted.cooperation or None,
            weighing="written" if wanted.is_weighed else "missing",
            moment=day,
        )
    except FactsInvalid:
        raise NotAChoice from None
    return law_in_force(signed, day).judge(question)


def _consents(worker: Worker, case: Case, people: People, wanted: Wanted) -> tuple[Consent, ...]:
    """The answers to taking part in the intervention that were given by then. A parent coach is for the parents: their own
    answers count."""
    if not wanted.intervention:
        return ()
    asked = [wanted.person, *(people.guardians(wanted.person) if wanted.measure == PARENT_COACH else [])]
    return take_part_consents(
        worker,
        case,
        people,
        asked,
        of=wanted.person,
        intervention=wanted.intervention,
        by=timezone.localdate(wanted.decided_at),
    )
