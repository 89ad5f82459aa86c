"""The legal gate: from what the database knows to the law's question, and the law's answer.

`finding_for` asks for records of one's own agency, `finding_to_name` for the fact that persons are part of a matter, which is
what a request and an admission tell. Both ask once per person; the finding returned is the one that decides.
"""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from forebyg.access.models import Agency, Worker
from forebyg.access.records import Record
from forebyg.cases.actions.disclosing import NotTheOwner, record_kinds
from forebyg.cases.finding import Terms
from forebyg.cases.models import Case
from forebyg.cases.queries import whole_picture
from forebyg.core.errors import NotVisible
from forebyg.law import Basis, Consent, Exchange, Finding, Law, Party, Trigger
from forebyg.law.sentences import say
from forebyg.law.words import COOPERATIONS, NO_FORUM
from forebyg.sharing.facts import People, asked_people, party_of, people_from, share_consents
from forebyg.sharing.signed import asked_clarifications, asked_sign_offs, law_in_force
from forebyg.store.together import Question, ask

__all__ = ["Judged", "Terms", "decisive", "each_to_name", "finding_for", "finding_to_name", "findings_for"]

Told = tuple[uuid.UUID | None, str]
"""Whom it is about (nobody known: None), and the forum under which one's own agency was told it."""
_GRAVEST_FIRST = ("refused", "blocked", "undecided")


@dataclass(frozen=True)
class Judged:
    """The law's answer for one person, and for what came under one forum."""

    person: uuid.UUID | None
    received_under: str
    finding: Finding


def finding_for(
    *,
    worker: Worker,
    case: Case,
    records: Iterable[tuple[str, uuid.UUID]],
    to_agency: uuid.UUID,
    terms: Terms,
    now: datetime.datetime,
    asked_about: Iterable[uuid.UUID] = (),
) -> Finding:
    """May the worker's agency tell that agency these records (table, root)? One finding for all of them: the gravest, or what
    allows them all. `asked_about`: whom that agency asked about. Raises `NotVisible` for a record that is not seen, and
    `NotTheOwner` for one that another agency owns."""
    return decisive(
        findings_for(
            worker=worker,
            case=case,
            records=records,
            to_agency=to_agency,
            terms=terms,
            now=now,
            asked_about=asked_about,
        )
    )


def findings_for(
    *,
    worker: Worker,
    case: Case,
    records: Iterable[tuple[str, uuid.UUID]],
    to_agency: uuid.UUID,
    terms: Terms,
    now: datetime.datetime,
    asked_about: Iterable[uuid.UUID] = (),
) -> list[Judged]:
    """The same, person by person."""
    facts = _facts(worker, case, now)
    return _judge(facts, _told(facts, records, asked_about), _agency(facts, to_agency), to_agency, terms)


def findings_for_letter(
    *,
    worker: Worker,
    case: Case,
    records: Iterable[tuple[str, uuid.UUID]],
    to_person: uuid.UUID,
    kind: str,
    terms: Terms,
    now: datetime.datetime,
) -> list[Judged]:
    """May the worker's agency tell a participant these records: as `parent`, `close-person` or `citizen` of whom they are about?
    A consent counts that goes for all who are named in its text. Raises as `finding_for`."""
    facts = _facts(worker, case, now)
    return _judge(facts, _told(facts, records), Party(kind=kind, forums=()), to_person, terms)


def findings_for_contact(
    *, worker: Worker, case: Case, about: uuid.UUID, parent: uuid.UUID, kind: str, terms: Terms, now: datetime.datetime
) -> list[Judged]:
    """May the worker's agency tell a `parent` or `close-person` of the signs that it has seen itself in a person?"""
    facts = _facts(worker, case, now)
    return _judge(facts, [(about, NO_FORUM)], Party(kind=kind, forums=()), parent, terms)


def versions_of(*, worker: Worker, case: Case, records: Iterable[tuple[str, uuid.UUID]]) -> list[str]:
    """The versions of these records of one's own agency that stand now. Raises as `finding_for`."""
    return sorted(str(row.id) for row in own_records(worker, case, records))


def finding_to_name(
    *,
    worker: Worker,
    case: Case,
    persons: Iterable[uuid.UUID],
    to_agency: uuid.UUID,
    terms: Terms,
    now: datetime.datetime,
) -> Finding:
    """May the worker's agency let that agency know that these participants are part of the matter? (A request, an admission.)
    Without persons it is asked for the subjects of the case."""
    return decisive(each_to_name(worker=worker, case=case, persons=persons, to_agency=to_agency, terms=terms, now=now))


def each_to_name(
    *,
    worker: Worker,
    case: Case,
    persons: Iterable[uuid.UUID],
    to_agency: uuid.UUID,
    terms: Terms,
    now: datetime.datetime,
) -> list[Judged]:
    """The same, person by person."""
    facts = _facts(worker, case, now)
    named: list[uuid.UUID | None] = [*persons] or [*facts.people.subjects] or [None]
    return _judge(facts, [(person, NO_FORUM) for person in named], _agency(facts, to_agency), to_agency, terms)


def decisive(judged: Iterable[Judged]) -> Finding:
    """The one finding that stands for all: the gravest of those that do not allow it, else what carries them all."""
    findings = [one.finding for one in judged]
    for outcome in _GRAVEST_FIRST:
        for finding in findings:
            if finding.outcome == outcome:
                return finding
    first, *others = findings
    return first if not others else _together(findings)


def _together(findings: list[Finding]) -> Finding:
    bases: dict[str, Basis] = {}
    for basis in (one for finding in findings for one in finding.bases):
        before = bases.get(basis.provision, basis)
        conditions = tuple(dict.fromkeys([*before.conditions, *basis.conditions]))
        bases[basis.provision] = dataclasses.replace(before, conditions=conditions)
    return dataclasses.replace(
        findings[0],
        by=tuple(bases),
        bases=tuple(bases.values()),
        marks=_union(finding.marks for finding in findings),
        unconfirmed=_union(finding.unconfirmed for finding in findings),
    )


def _union(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for part in parts for one in part))


# --- the facts


@dataclass(frozen=True)
class _Facts:
    worker: Worker
    case: Case
    now: datetime.datetime
    people: People
    law: Law
    clarified: tuple[str, ...]
    refused: tuple[str, ...]
    is_in_doubt: bool


def _facts(worker: Worker, case: Case, now: datetime.datetime) -> _Facts:
    *people, signed, (clarified, refused), is_in_doubt = ask(
        *asked_people(worker, case), asked_sign_offs(), asked_clarifications(), _asked_doubt(case)
    )
    return _Facts(
        worker=worker,
        case=case,
        now=now,
        people=people_from(*people),
        law=law_in_force(signed, timezone.localdate(now)),
        clarified=clarified,
        refused=refused,
        is_in_doubt=is_in_doubt,
    )


def _asked_doubt(case: Case) -> Question[bool]:
    return Question("SELECT sharing_is_in_doubt(%s)", [case.matter_id], lambda rows: bool(rows[0][0]))


def _told(facts: _Facts, records: Iterable[tuple[str, uuid.UUID]], asked_about: Iterable[uuid.UUID] = ()) -> list[Told]:
    """Each person that the records are about, with each forum that they came under. What is about nobody in particular tells
    of the subjects of the case; an agency that knows none of them answers about those whom it was asked about."""
    told: dict[Told, None] = {}
    for row in own_records(facts.worker, facts.case, records):
        under = getattr(row, "forum", NO_FORUM)  # items, documents and minutes keep the forum that they came under
        under = under if under in COOPERATIONS else NO_FORUM
        about: list[uuid.UUID | None] = [*row.about] or [*facts.people.subjects] or [*asked_about] or [None]
        told |= dict.fromkeys((person, under) for person in about)
    return list(told)


def own_records(worker: Worker, case: Case, records: Iterable[tuple[str, uuid.UUID]]) -> list[Record]:
    """The current versions of these records (table, root), a query for each kind. Raises `NotVisible`, `NotTheOwner`."""
    kinds = record_kinds()
    wanted: dict[str, set[uuid.UUID]] = {}
    for table, root in records:
        wanted.setdefault(table, set()).add(root)
    rows: list[Record] = []
    for table, roots in wanted.items():
        if table not in kinds:
            raise NotVisible
        found = list(kinds[table].objects.visible_to(worker).filter(matter=case.matter_id, root__in=roots))
        if {row.root for row in found} != roots:
            raise NotVisible
        rows += found
    if any(row.owner_id != worker.agency_id for row in rows):
        raise NotTheOwner
    return rows


# --- the question


def _agency(facts: _Facts, wanted: uuid.UUID) -> Party:
    found = Agency.objects.filter(id=wanted, units=facts.worker.unit_id).first()
    if found is None:
        raise NotVisible
    return party_of(found, facts.worker)


def _judge(facts: _Facts, told: Iterable[Told], recipient: Party, recipient_id: uuid.UUID, terms: Terms) -> list[Judged]:
    sender = party_of(Agency.objects.get(id=facts.worker.agency_id), facts.worker)

    def consents(person: uuid.UUID) -> tuple[Consent, ...]:
        return share_consents(facts.worker, facts.case, facts.people, person, recipient_id, facts.now)

    return [Judged(person, under, _finding(facts, sender, recipient, person, under, terms, consents)) for person, under in told]


def _finding(
    facts: _Facts,
    sender: Party,
    recipient: Party,
    person: uuid.UUID | None,
    received_under: str,
    terms: Terms,
    consents: Callable[[uuid.UUID], tuple[Consent, ...]],
) -> Finding:
    """Consents are read only where nothing else carries it: they never take anything away from what does."""
    exchange = Exchange(
        from_=sender,
        to=recipient,
        forum=terms.forum,
        received_under=received_under,
        subject=facts.people.subject(person, facts.now),
        purpose=terms.purpose,
        categories=terms.categories,
        trigger=Trigger(kind=terms.trigger, weighing="written" if terms.is_weighed else "missing") if terms.trigger else None,
        clarified=facts.clarified,
        refused_clarifications=facts.refused,
        doubt=facts.is_in_doubt,
        moment=timezone.localdate(facts.now),
    )
    finding = facts.law.judge(exchange)
    if person is None:
        return _unless_somebody_is_hidden(finding, facts.case)
    if finding.is_allowed:
        return finding
    return facts.law.judge(dataclasses.replace(exchange, consents=consents(person)))


def _unless_somebody_is_hidden(finding: Finding, case: Case) -> Finding:
    """An agency that was told of none of the subjects can't let the law be asked about them, and would tell of them all the same."""
    if finding.outcome in ("refused", "blocked") or not whole_picture(case).subjects:
        return finding
    return dataclasses.replace(
        finding,
        outcome="undecided",
        by=(),
        bases=(),
        marks=(),
        missing=(),
        remedies=(),
        unconfirmed=(),
        unsigned=(),
        sentence=say("phrase", "subjects-unknown"),
    )
