"""Exact search: a case reference or a CPR number, among what the worker may see. Never by likeness, never in an address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases.lists import cases_of
from forebyg.cases.models import Case
from forebyg.cases.paging import PAGE
from forebyg.cases.queries import fetch_case, require
from forebyg.core.cpr import normalised
from forebyg.core.errors import NotVisible
from forebyg.people.models import Participant
from forebyg.store.sealed import key_store
from forebyg.store.together import ask

_LONGEST = 200
_REFERENCE = re.compile(r"^\d{4}-\d{4,7}$", re.ASCII)


@dataclass(frozen=True)
class Found:
    """What a search gave. `term_hash` is keyed: it tells the ledger that the same was searched for, and not what."""

    cases: list[Case]
    term_hash: str
    is_reference: bool = False


def find(worker: Worker, term: str) -> Found:
    """The cases with this reference, or about the person with this CPR number; none looks the same as none to see (B-027).

    Raises `NotPermitted`.
    """
    require(worker, Permission.SEE_CASES)
    term = term.strip()[:_LONGEST]
    is_reference = _REFERENCE.match(term) is not None
    number = None if is_reference else normalised(term)
    term_hash = key_store().blind_index("search", number or term).hex()
    if is_reference:
        return Found(_by_reference(worker, term), term_hash, is_reference=True)
    return Found(_by_number(worker, number) if number else [], term_hash)


def _by_reference(worker: Worker, reference: str) -> list[Case]:
    try:
        return [fetch_case(worker=worker, reference=reference)]
    except NotVisible:
        return []


def _by_number(worker: Worker, number: str) -> list[Case]:
    index = key_store().blind_index("cpr", number)
    people = Participant.objects.visible_to(worker).filter(cpr_index=index)
    cases: list[Case]
    found = cases_of(worker, people.values_list("matter_id", flat=True))
    (cases,) = ask(found.asked(order="moved_at DESC, cases_case.id DESC", limit=PAGE))
    return cases
