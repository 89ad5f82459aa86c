"""Two pages to be printed for one person, in plain language: what is agreed (R-103), and what is kept about the person (R-107).
Third persons are left out of both."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.access.records import seen_in_matter
from forebyg.cases import wording
from forebyg.cases.actions.disclosing import record_kinds
from forebyg.cases.family import Families, families_of, readable_by
from forebyg.cases.finding import Terms
from forebyg.cases.models import Agreement, AgreementKept, Answer, Disclosure, Offer
from forebyg.cases.page import CasePage, open_page
from forebyg.cases.queries import asked_records
from forebyg.cases.shareable import NEVER_BY_HAND
from forebyg.cases.tabs import PEOPLE, PLAN, Tab
from forebyg.core.errors import NotVisible
from forebyg.people.models import Consent, Information, Participant, Relation
from forebyg.sharing.gate import decisive, findings_for_letter
from forebyg.sharing.models import Letter
from forebyg.store.sealed import open_sealed
from forebyg.store.together import Question

_NEWEST_FIRST = "happened_at DESC, recorded_at DESC, id DESC"


@require_safe
def agreed(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """What is agreed, for the citizen or a parent: the own plan, what one was with to agree, and of a child's plan what the law
    lets the parent know. Only the own agency's; nothing where the person has no part in any plan. Raises `NotVisible`."""
    page, language = _open(request, reference, PLAN)
    agreements, looks, offers, answers, relations, consents = page.together(
        asked_records(page.worker, page.case, Agreement, order=_NEWEST_FIRST),
        asked_records(page.worker, page.case, AgreementKept),
        asked_records(page.worker, page.case, Offer),
        asked_records(page.worker, page.case, Answer, order="happened_at, recorded_at, id"),
        asked_records(page.worker, page.case, Relation),
        asked_records(page.worker, page.case, Consent, order="happened_at, recorded_at, id"),
    )
    reader = _person(page, root)
    open_sealed(agreements, consents)
    families = families_of(page.people, relations, consents, timezone.localdate(page.now))
    readable = readable_by(reader, [one for one in agreements if page.is_own(one)], families)
    if readable.is_empty:
        raise NotVisible
    children = {one.about[0] for one in readable.if_lawful}
    lawful = {child for child in children if _is_lawful(page, reader, child, readable.if_lawful)}
    allowed = [one for one in readable.if_lawful if one.about[0] in lawful]
    shown = sorted([*readable.own, *allowed], key=lambda one: one.happened_at, reverse=True)
    said_yes_to = _said_yes_to(page, reader, families, offers, answers)
    with override(language):
        return page.answer(
            "sharing/agreed.html",
            records=[row.root for row in [*shown, *said_yes_to]],
            reader=reader,
            plans=_by_person(page, shown),
            kept={look.agreement: look for look in looks},
            left_out=len(readable.if_lawful) - len(allowed),
            said_yes_to=said_yes_to,
        )


def _is_lawful(page: CasePage, reader: Participant, child: uuid.UUID, agreements: Iterable[Agreement]) -> bool:
    """Whether the parent may be told what was agreed about this child, as a letter would tell it."""
    records = [(Agreement._meta.db_table, one.root) for one in agreements if one.about == [child]]
    judged = findings_for_letter(
        worker=page.worker,
        case=page.case,
        records=records,
        to_person=reader.root,
        kind=Letter.To.PARENT,
        terms=Terms(),
        now=page.now,
    )
    return decisive(judged).is_allowed


def _said_yes_to(
    page: CasePage, reader: Participant, families: Families, offers: Iterable[Offer], answers: Iterable[Answer]
) -> list[Offer]:
    """The own agency's offers to which this person last said yes: the own, and those of a child of whom the person is a parent."""
    last = {one.offer: one.kind for one in answers if one.answered_by == reader.root}
    return [
        offer
        for offer in offers
        if page.is_own(offer)
        and last.get(offer.root) == Answer.Kind.ACCEPTED
        and (offer.about == [reader.root] or reader.root in families[offer.about[0]].parents)
    ]


def _by_person(page: CasePage, agreements: Iterable[Agreement]) -> list[tuple[Participant, list[Agreement]]]:
    agreements = list(agreements)
    plans = [(person, [one for one in agreements if one.about == [person.root]]) for person in page.people]
    return [(person, made) for person, made in plans if made]


@dataclass(frozen=True)
class Kept:
    """How many records of a kind there are about somebody, and from when to when."""

    what: str
    number: int
    first: datetime.datetime
    last: datetime.datetime


@dataclass(frozen=True)
class Told:
    """Whom the own agency told something about somebody, on which basis, and when last."""

    recipient: str
    basis: str
    last: datetime.datetime


@require_safe
def about(request: WorkerRequest, reference: str, root: uuid.UUID) -> HttpResponse:
    """What the own agency keeps about a person, who was told of it, and what the person can do: sorts and numbers, never a text.
    Where the person is not to be told yet, it says only that, to the worker (B-004). Raises `NotVisible`."""
    page, language = _open(request, reference, PEOPLE)
    told, letters, information, kept = page.together(
        asked_records(page.worker, page.case, Disclosure, only="withdrawn_at IS NULL", order=_NEWEST_FIRST),
        asked_records(page.worker, page.case, Letter, order=_NEWEST_FIRST),
        asked_records(page.worker, page.case, Information, order=_NEWEST_FIRST),
        _asked_numbers(page, root),
    )
    person = _person(page, root)
    own = [one for one in told if page.is_own(one) and root in one.about]
    written = [one for one in letters if root in one.about]
    stands = next((one for one in information if one.person == root and page.is_own(one)), None)
    with override(language):
        return page.answer(
            "sharing/about.html",
            records=[row.root for row in [*own, *written]],
            person=person,
            is_withheld=stands is not None and stands.state == Information.State.NOT_TOLD,
            stands=stands,
            kept=[Kept(str(wording.RECORD[table]), *counted) for table, *counted in kept],
            told=_told(page, own),
            letters=written,
        )


def _asked_numbers(page: CasePage, root: uuid.UUID) -> Question[list[tuple[str, int, datetime.datetime, datetime.datetime]]]:
    """By table, without those of which there are none."""
    seen, given = seen_in_matter(page.worker, page.case.matter_id)
    parts: list[str] = []
    values: list[object] = []
    for table in sorted(record_kinds().keys() - NEVER_BY_HAND):
        parts.append(
            f"SELECT '{table}', count(*), min(happened_at), max(happened_at) FROM {table} "  # noqa: S608
            f"WHERE {seen} AND owner_id = %s AND about @> ARRAY[%s]::uuid[] HAVING count(*) > 0"
        )
        values += [*given, page.worker.agency_id, root]
    return Question(" UNION ALL ".join(parts), values, list)


def _told(page: CasePage, disclosures: Iterable[Disclosure]) -> list[Told]:
    """One line for each recipient and basis; the disclosures come newest first."""
    lines: dict[tuple[str, str], Told] = {}
    for one in disclosures:
        line = Told(page.agency(one.recipient_id), wording.basis(one.finding, page.pack), one.happened_at)
        lines.setdefault((line.recipient, line.basis), line)
    return list(lines.values())


def _open(request: WorkerRequest, reference: str, tab: Tab) -> tuple[CasePage, str]:
    """The case, for who has it whole, and the language of one's choice."""
    page = open_page(request, reference, tab)
    language = request.GET.get("sprog", get_language() or "da")
    if not page.is_whole or language not in dict(settings.LANGUAGES):
        raise NotVisible
    return page, language


def _person(page: CasePage, root: uuid.UUID) -> Participant:
    one = next((person for person in page.people if person.root == root), None)
    if one is None:
        raise NotVisible
    return one
