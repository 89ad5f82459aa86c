"""Where else a person is, as far as the worker sees it, and proposals that two persons are one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from forebyg.cases.models import Case
from forebyg.cases.page import CasePage
from forebyg.people.models import Merge, Participant
from forebyg.store.sealed import open_sealed


@dataclass(frozen=True)
class Elsewhere:
    """The same person in a case that the worker sees, or twice in this one."""

    matter_id: uuid.UUID
    reference: str
    root: uuid.UUID
    label: str


@dataclass(frozen=True)
class ShownMerge:
    """A proposal or a merge that stands, with the other person."""

    merge: Merge
    other: Elsewhere
    by: str
    is_own: bool


def shown_merges(page: CasePage, person: Participant) -> tuple[list[Elsewhere], list[ShownMerge]]:
    """The person elsewhere, and the proposals and merges of the person. The policies let only those through of which the worker
    sees both sides; what the worker's agency was not told of another case is in neither list."""
    merges = list(Merge.objects.filter(Q(person_one=person.root) | Q(person_two=person.root)).order_by("proposed_at", "id"))
    shown = [one for one in merges if one.is_waiting or one.stands]
    others = {_other(one, person.root) for one in shown}
    people = list(
        Participant.objects.visible_to(page.worker)
        .filter(Q(citizen=person.citizen) | Q(root__in=others))
        .exclude(root=person.root)
        .order_by("happened_at", "id")
    )
    open_sealed(people, shown)
    cases = Case.objects.visible_to(page.worker).filter(matter__in={one.matter_id for one in people}).select_related("matter")
    references = {case.matter_id: case.matter.reference for case in cases}
    found = {one.root: _elsewhere(one, references) for one in people if one.matter_id in references}
    page.know([], workers=[one.proposed_by_id for one in shown])
    return (
        [found[one.root] for one in people if one.root in found and one.citizen == person.citizen],
        _in_words(page, person, shown, found),
    )


def _in_words(
    page: CasePage, person: Participant, merges: Iterable[Merge], found: dict[uuid.UUID, Elsewhere]
) -> list[ShownMerge]:
    return [
        ShownMerge(one, found[other], page.name(one.proposed_by_id), one.proposed_by_id == page.worker.id)
        for one in merges
        if (other := _other(one, person.root)) in found
    ]


def _other(merge: Merge, root: uuid.UUID) -> uuid.UUID:
    return merge.person_two if merge.person_one == root else merge.person_one


def _elsewhere(person: Participant, references: dict[uuid.UUID, str]) -> Elsewhere:
    return Elsewhere(person.matter_id, references[person.matter_id], person.root, str(person.label or ""))
