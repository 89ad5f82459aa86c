"""What is agreed with each person and whether it was kept, the two tracks of follow-up, and contacts that were sought."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone

from forebyg.cases import wording
from forebyg.cases.family import Families, families_of, readable_by
from forebyg.cases.models import Agreement, AgreementKept, Contact, Decision, Meeting
from forebyg.cases.page import CasePage
from forebyg.cases.queries import asked_records, followed_up
from forebyg.cases.states import Step
from forebyg.people.models import Consent, Participant, Relation
from forebyg.store.sealed import open_sealed


@dataclass(frozen=True)
class ShownAgreement:
    """An agreement, and the looks at it, the newest first."""

    agreement: Agreement
    looks: list[AgreementKept]

    @property
    def badge(self) -> tuple[str, str]:
        """Whether it was kept, as last seen."""
        if not self.looks:
            return str(wording.NOT_LOOKED_AT), "quiet"
        last = self.looks[0]
        return str(last.get_answer_display()), wording.AGREEMENT_BADGE[last.answer]


@dataclass(frozen=True)
class Plan:
    """What is agreed with one person, the newest first. `can_be_printed`: whether there is anything that the person may have on
    paper, of this or of a child's plan."""

    person: Participant
    agreements: list[ShownAgreement]
    can_be_printed: bool


@dataclass(frozen=True)
class Track:
    """One of the two tracks of step 8: what was done in it, and what is missing before the case can go on."""

    rows: list[Meeting] | list[Decision]
    is_missing: bool


def plan(page: CasePage) -> HttpResponse:
    """See the module."""
    worker, case = page.worker, page.case
    agreements, looks, contacts, meetings, decisions, relations, consents = page.together(
        asked_records(worker, case, Agreement, order="happened_at DESC, id DESC"),
        asked_records(worker, case, AgreementKept, order="happened_at DESC, recorded_at DESC, id DESC"),
        asked_records(worker, case, Contact, order="happened_at DESC, id DESC"),
        asked_records(worker, case, Meeting, only="kind = 'follow-up'", order="happened_at DESC, id DESC"),
        asked_records(worker, case, Decision, only="kind = 'follow-up'", order="happened_at DESC, id DESC"),
        asked_records(worker, case, Relation),
        asked_records(worker, case, Consent, order="happened_at, recorded_at, id"),
    )
    open_sealed(agreements, looks, contacts, meetings, decisions, consents, page.known.people, page.known.tasks)
    families = families_of(page.people, relations, consents, timezone.localdate(page.now))
    rows = [*agreements, *looks, *contacts, *meetings, *decisions]
    page.know(rows)
    with_citizen, in_unit = _tracks(page, meetings, decisions)
    return page.answer(
        "cases/case/plan.html",
        records=[row.root for row in rows],
        plans=_plans(page, agreements, looks, families),
        with_citizen=with_citizen,
        in_unit=in_unit,
        contacts=contacts,
    )


def _plans(page: CasePage, agreements: list[Agreement], looks: list[AgreementKept], families: Families) -> list[Plan]:
    """One for each person of the case."""
    own = [one for one in agreements if page.is_own(one)]
    seen: dict[uuid.UUID, list[AgreementKept]] = defaultdict(list)
    for look in looks:
        seen[look.agreement].append(look)
    made: dict[uuid.UUID, list[ShownAgreement]] = defaultdict(list)
    for one in agreements:
        made[one.about[0]].append(ShownAgreement(one, seen[one.root]))
    return [
        Plan(person, made[person.root], can_be_printed=not readable_by(person, own, families).is_empty)
        for person in page.people
    ]


def _tracks(page: CasePage, meetings: list[Meeting], decisions: list[Decision]) -> tuple[Track, Track]:
    if page.case.current_step is not Step.FOLLOW_UP:
        return Track(meetings, is_missing=False), Track(decisions, is_missing=False)
    done = followed_up(page.case)
    is_met = {person.root for person in page.subjects} <= done.persons
    return Track(meetings, is_missing=not is_met), Track(decisions, is_missing=not done.in_unit)
